"""Asking families kindly whether what they said yes to shall stand for another year. Silence lets it end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.half_queries import half_yeses_of
from booking.consent.models import Consent, RenewalAsk
from booking.consent.renewing_operations import renew_consent
from booking.consent.rules import Way
from booking.consent.shared_models import Accord
from booking.family.renewal_queries import endings_of, families_to_ask, get_consent_of_family, titles_of
from booking.family.shared_operations import ask_beside
from booking.family.shared_queries import signup_about
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.outbox.rules import Policy
from booking.people.models import Family, OtherGuardian, Participant
from booking.people.reaching import address_of
from booking.signups.models import Signup

_Ending = tuple[Consent, Participant]

# Others wait for the turn to write: what is left over comes with the next minute.
_MOST_AT_ONCE: Final = 20
# What a letter's link opens still tells for some days how it went.
_LINK_LASTS_LONGER: Final = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """One press of a button: which yes, to which words, read in which language, and where."""

    consent_id: int
    digest: str
    language: Language
    way: Way


@dataclass(frozen=True, kw_only=True)
class Renewed:
    """Whether a yes said again waits for another's, and at which sign-up it is asked who decides."""

    waits: bool
    asks_at: Signup | None = None


def ask_about_endings(session: Session, clock: Clock) -> int:
    """Ask each family of each yes that ends within a month; return how many letters. Twice is once."""
    families = families_to_ask(session, now=clock(), most=_MOST_AT_ONCE)
    return sum(_ask(session, clock, session.get_one(Family, number)) for number in families)


def renew(session: Session, clock: Clock, *, family_id: int, answer: Renewal) -> Renewed:
    """Let one of the family's yeses stand for another year; twice is once.

    What takes both guardians is asked of the other one too, whom we wrote to before; where nobody said who
    decides, that is asked first. Refuses what `renew_consent` refuses, and NotFound for another family's.
    """
    before = renew_consent(
        session,
        clock,
        consent=get_consent_of_family(session, answer.consent_id, family_id=family_id),
        digest=answer.digest,
        language=answer.language,
        way=answer.way,
    )
    return _ask_other_too(session, clock, before)


def _ask_other_too(session: Session, clock: Clock, before: Consent) -> Renewed:
    waiting = [
        half
        for half in half_yeses_of(
            session, participant_ids=[before.participant_id], occasion_id=before.occasion_id
        )
        if half.purpose is before.purpose
    ]
    if not waiting or waiting[0].asked_at is not None:
        return Renewed(waits=bool(waiting))
    accord = session.get(Accord, before.id)
    other = session.get(OtherGuardian, accord.other_guardian_id or 0) if accord else None
    if other is None:
        about = {"participant_id": before.participant_id, "occasion_id": waiting[0].occasion_id}
        return Renewed(waits=True, asks_at=signup_about(session, **about))
    ask_beside(session, clock, other=other, half=waiting[0])
    return Renewed(waits=True)


def _ask(session: Session, clock: Clock, family: Family) -> int:
    endings = endings_of(session, family_id=family.id, now=clock())
    by_library: dict[int, list[_Ending]] = {}
    for consent, child in endings:
        session.add(RenewalAsk(consent_id=consent.id, asked_at=clock()))
        by_library.setdefault(consent.library_id, []).append((consent, child))
    for library_id, theirs in by_library.items():
        _write(session, clock, family, session.get_one(Library, library_id), theirs)
    session.flush()
    return len(by_library)


def _write(
    session: Session, clock: Clock, family: Family, library: Library, endings: Sequence[_Ending]
) -> None:
    numbers = {consent.occasion_id for consent, _child in endings if consent.occasion_id}
    titles = titles_of(session, occasion_ids=numbers, language=family.language)
    last = max((consent.expires_at for consent, _child in endings if consent.expires_at), default=clock())
    write_letter(
        session,
        clock,
        key=f"renewal:{family.id}:{library.id}:{max(consent.id for consent, _child in endings)}",
        template="family_consents_end",
        address=address_of(family),
        language=family.language,
        facts={
            "library_name": library.name,
            "library_email": library.email,
            "library_phone": library.phone,
            "yeses": [_told(consent, child, titles) for consent, child in endings],
            "secret": _link(session, clock, family, last),
        },
        policy=Policy.ONCE,
        library_id=library.id,
    )


def _told(consent: Consent, child: Participant, titles: dict[int, str]) -> dict[str, str | None]:
    return {
        "child": child.first_name,
        "purpose": consent.purpose.value,
        "title": titles.get(consent.occasion_id or 0),
        "ends_at": consent.expires_at.isoformat() if consent.expires_at else None,
    }


def _link(session: Session, clock: Clock, family: Family, last: datetime) -> str:
    lasts = last - clock() + _LINK_LASTS_LONGER
    return issue_link(session, clock, purpose=Purpose.RENEWAL, subject_id=family.id, lasts=lasts)
