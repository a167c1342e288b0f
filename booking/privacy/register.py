"""What is kept about people: each column with its purpose, its legal basis, and until when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from booking.i18n import N_


class Basis(StrEnum):
    """What the law lets the library keep it on (GDPR article 6)."""

    PUBLIC_TASK = "6(1)(e)"
    CONSENT = "6(1)(a)"
    EXPLICIT_CONSENT = "9(2)(a)"


# What each basis is called, as a sentence of its own.
BASES: Final[Mapping[Basis, str]] = {
    Basis.PUBLIC_TASK: N_("A task in the public interest (GDPR article %(article)s)"),
    Basis.CONSENT: N_("Your consent (GDPR article %(article)s)"),
    Basis.EXPLICIT_CONSENT: N_("Your explicit consent, as it may tell of health (GDPR article %(article)s)"),
}


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """One reason to keep something about people.

    `columns` are those that tell of a person by themselves; `records` are tables that do so only
    through the person they point at.
    """

    code: str
    what: str
    why: str
    basis: Basis
    how_long: str
    columns: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


PURPOSES: Final[tuple[Purpose, ...]] = (
    Purpose(
        code="signup",
        what=N_(
            "The child’s first name, and the last name where the library needs it; the year of birth; the "
            "municipality; what you signed up for; and your answer if the library asked you something."
        ),
        why=N_("To keep a place for the child, and to know who is coming."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("Until 30 days after the last meeting."),
        columns=(
            "participant.first_name",
            "participant.last_name",
            "participant.birth_year",
            "participant.municipality_code",
            "signup.reply",
            "signup_move.note",
        ),
        records=("signup", "signup_move"),
    ),
    Purpose(
        code="contact",
        what=N_("The e-mail address, the name and, if you gave it, the phone number of the family."),
        why=N_("To send the confirmation, and to reach you if a meeting changes or something happens."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("Until 30 days after the last meeting."),
        columns=("family.email", "family.contact_name", "family.phone", "family.new_email"),
    ),
    Purpose(
        code="guardian",
        what=N_("The e-mail address of the guardian that a youth named."),
        why=N_("To ask the guardian for leave, and to know who gave it."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the sign-up."),
        columns=("guardian.email", "guardian.name"),
        records=("guardian",),
    ),
    Purpose(
        code="other_guardian",
        what=N_(
            "The e-mail address of the guardian who shares the responsibility, if you tell it so that we can "
            "ask them about pictures that everybody can see."
        ),
        why=N_("To ask the other guardian too, and to ask again when a year is over."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_(
            "Until they say no or take their yes back, or 14 days if nobody answers; otherwise as long as "
            "the yes stands. Neither of you is shown the other’s address."
        ),
        columns=("other_guardian.email",),
        records=("other_guardian",),
    ),
    Purpose(
        code="shielding",
        what=N_("That a participant is to be shown with a chosen name only. We never ask why."),
        why=N_("To protect those who need it."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the sign-up."),
        columns=("participant.is_shielded",),
    ),
    Purpose(
        code="permission",
        what=N_("That a guardian gave leave to take part: when, in what words, and how we know."),
        why=N_("To be able to show that the child had leave."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the sign-up."),
        records=("permission",),
    ),
    Purpose(
        code="consent",
        what=N_(
            "What you said yes to besides, such as pictures or news: when, in what words, and when you took "
            "it back."
        ),
        why=N_("To do only what you said yes to, and to be able to show it."),
        basis=Basis.CONSENT,
        how_long=N_("Until you take it back, and a year at most; that you gave it, as long as the sign-up."),
        records=("consent", "half_yes"),
    ),
    Purpose(
        code="pictures",
        what=N_("That pictures of the child are to be taken down, and when that was done."),
        why=N_("So that somebody takes them down when your yes has ended."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the sign-up. What is left then holds no name, and goes after a year."),
        records=("picture_task",),
    ),
    Purpose(
        code="picture_uses",
        what=N_("Where pictures from an activity are used: the places, and no names."),
        why=N_("So that pictures are found when a yes has ended."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("A year, or longer while a yes to such pictures may stand or they are to go."),
        columns=("picture_use.place",),
        records=("picture_use",),
    ),
    Purpose(
        code="needs",
        what=N_("What the child needs to take part, if you tell us. It is kept sealed."),
        why=N_("To make room for it on the day."),
        basis=Basis.EXPLICIT_CONSENT,
        how_long=N_("Until 7 days after the last meeting, or until you take it back."),
        columns=("needs_note.sealed",),
        records=("needs_note",),
    ),
    Purpose(
        code="notices",
        what=N_("What the library wrote to all who are signed up for an occasion."),
        why=N_("To tell you of what changes."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("Until 30 days after the last meeting."),
        columns=("notice.words",),
        records=("notice",),
    ),
    Purpose(
        code="attendance",
        what=N_("Whether the child came."),
        why=N_(
            "To know who is in the house, and how many take part. The figures that we keep afterwards hold "
            "no names."
        ),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the sign-up. The figures without names stay."),
        records=("mark",),
    ),
    Purpose(
        code="calendar",
        what=N_(
            "If you made an address for a calendar of your own: what it shows, when it was last fetched, and "
            "roughly by what program. Never from where."
        ),
        why=N_("To keep your calendar up to date, and so that you notice if a stranger has the address."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("Until you take the address away, or 30 days after the last meeting."),
        columns=("link.fetched_at", "link.fetched_by"),
    ),
    Purpose(
        code="walk_in",
        what=N_(
            "Of who just comes: the first name, the year of birth, and whether a guardian gave leave; the "
            "guardian’s name and number, if they are told."
        ),
        why=N_("To know who is in the house, and that the child may take part."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_(
            "Until 30 days after the meeting. Without leave from a guardian the name is erased at the end of "
            "the day."
        ),
        records=("walk_in",),
    ),
    Purpose(
        code="letters",
        what=N_("The address and the content of a message until it has been sent."),
        why=N_("To deliver it. Afterwards we keep only when which kind of message was sent."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("Until it has been sent; that it was sent, 90 days."),
        columns=("letter.address", "letter.facts"),
    ),
    Purpose(
        code="staff",
        what=N_("Names and e-mail addresses of those who work at the libraries, and their keys to sign in."),
        why=N_("To let only the right people in, and to know who did what."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as they work here."),
        columns=("account.email", "account.name", "passkey.name"),
        records=("membership", "kiosk"),
    ),
    Purpose(
        code="record",
        what=N_("Who of the staff looked at or changed what, and when. No names of children."),
        why=N_("To find out if somebody looks at what is none of their business."),
        basis=Basis.PUBLIC_TASK,
        how_long=N_("As long as the service is in use. It holds numbers, and no names of families."),
        records=("audit_entry",),
    ),
)


def registered_columns() -> Iterator[tuple[str, Purpose]]:
    """Return each registered column of a person with the purpose that it serves."""
    for purpose in PURPOSES:
        for column in purpose.columns:
            yield column, purpose
