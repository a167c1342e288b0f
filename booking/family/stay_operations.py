"""Coming in by a letter, and leaving again."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.errors import NotFound
from booking.family.stay_rules import ENTRY, LONGEST
from booking.libraries.rules import Language
from booking.links.codes import end_codes, issue_code, try_code
from booking.links.operations import issue_link, revoke_links, use_once
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.people.models import Family
from booking.people.operations import verify_family
from booking.people.queries import find_family
from booking.tokens import fingerprint, new_secret

_PAGE = Purpose.FAMILY_PAGE


@dataclass(frozen=True, kw_only=True)
class Entered:
    """The secret of the stay that begins, or how often the code may be tried again."""

    secret: str | None
    tries_left: int


def ask_to_enter(session: Session, clock: Clock, *, email: str, language: Language) -> str:
    """Write to the family of the address how it comes in; return what its browser keeps beside the code.

    What earlier letters held opens nothing any more. For an address that nobody knows as much is written,
    and nothing is sent: neither answer nor time tells who takes part.
    """
    family = find_family(session, email)
    number = family.id if family else _number_of_nobody()
    end_codes(session, purpose=_PAGE, subject_id=number)
    revoke_links(session, clock, purpose=_PAGE, subject_id=number, unused_only=True)
    issued = issue_code(session, clock, purpose=_PAGE, subject_id=family.id if family else None, lasts=ENTRY)
    secret = issue_link(session, clock, purpose=_PAGE, subject_id=number, lasts=ENTRY)
    write_letter(
        session,
        clock,
        key=f"family_enter:{fingerprint(secret)[:32]}",
        template="family_enter",
        address=email,
        language=family.language if family else language,
        facts={"code": issued.code, "secret": secret},
        is_sent=family is not None,
    )
    return issued.handle


def enter_by_code(session: Session, clock: Clock, *, handle: str, typed: str) -> Entered:
    """Return the stay that the digits open, once. Wrong ones are counted, and nothing is refused."""
    tried = try_code(session, clock, purpose=_PAGE, handle=handle, typed=typed)
    family = session.get(Family, tried.subject_id) if tried.subject_id else None
    if family is None:
        return Entered(secret=None, tries_left=tried.tries_left)
    return Entered(secret=_begin(session, clock, family), tries_left=0)


def enter_by_link(session: Session, clock: Clock, *, secret: str) -> str:
    """Return the stay that the link in the letter opens, once; NotFound for any other."""
    link = use_once(session, clock, purpose=_PAGE, secret=secret)
    family = session.get(Family, link.subject_id)
    if family is None:
        raise NotFound
    return _begin(session, clock, family)


def leave(session: Session, clock: Clock, *, family: Family) -> None:
    """End the family's stay wherever its page is open; twice is once."""
    revoke_links(session, clock, purpose=_PAGE, subject_id=family.id)


def _number_of_nobody() -> int:
    # No family has a number below nought, and what is written about it opens nothing. Another one each time:
    # rows that pile up under one number would take ever longer to look through, and time would tell.
    return -1 - int(fingerprint(new_secret())[:7], 16)


def _begin(session: Session, clock: Clock, family: Family) -> str:
    # Whoever comes in anew has perhaps forgotten to leave a machine at the library.
    end_codes(session, purpose=_PAGE, subject_id=family.id)
    leave(session, clock, family=family)
    verify_family(session, clock, family=family)
    secret = issue_link(session, clock, purpose=_PAGE, subject_id=family.id, lasts=LONGEST)
    use_once(session, clock, purpose=_PAGE, secret=secret)
    record(
        session, clock, actor=Actor.FAMILY, action="family_entered", subject="family", subject_id=family.id
    )
    return secret
