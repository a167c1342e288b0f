"""Making a calendar's own address, taking it away, and choosing what a family's shows."""

from typing import Final

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.links.operations import issue_link, revoke_links
from booking.links.rules import Purpose
from booking.people.calendar_rules import CalendarNames, CalendarTitle
from booking.people.models import Family

_SUBJECTS: Final = {
    Purpose.FAMILY_FEED: "family",
    Purpose.STAFF_FEED: "account",
    Purpose.PARTNER_FEED: "partner",
}


def make_address(
    session: Session, clock: Clock, *, purpose: Purpose, subject_id: int, account_id: int | None = None
) -> str:
    """Return the secret of a new address; an earlier one opens nothing from the next request on."""
    revoke_links(session, clock, purpose=purpose, subject_id=subject_id)
    secret = issue_link(session, clock, purpose=purpose, subject_id=subject_id, lasts=None)
    _record(session, clock, "calendar_made", (purpose, subject_id), account_id)
    return secret


def take_address_away(
    session: Session, clock: Clock, *, purpose: Purpose, subject_id: int, account_id: int | None = None
) -> None:
    """Let the address open nothing from the next request on; twice is once."""
    if revoke_links(session, clock, purpose=purpose, subject_id=subject_id):
        _record(session, clock, "calendar_taken_away", (purpose, subject_id), account_id)


def choose_what_it_shows(clock: Clock, *, family: Family, title: CalendarTitle, names: CalendarNames) -> None:
    """Let the family's calendar, and the dates in its letters, say that much from now on. Twice is once."""
    if (family.calendar_title, family.calendar_names) == (title, names):
        return
    family.calendar_title, family.calendar_names = title, names
    family.calendar_changed_at = clock()


def _record(
    session: Session,
    clock: Clock,
    action: str,
    about: tuple[Purpose, int],
    account_id: int | None,
) -> None:
    purpose, subject_id = about
    record(
        session,
        clock,
        actor=Actor.FAMILY if purpose is Purpose.FAMILY_FEED else Actor.STAFF,
        action=action,
        subject=_SUBJECTS[purpose],
        subject_id=subject_id,
        account_id=account_id,
    )
