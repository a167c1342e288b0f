"""Searching a register by name, on record."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.find_queries import named
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock


def find_by_name(
    session: Session, clock: Clock, *, meeting: Meeting, text: str, account_id: int
) -> Sequence[int]:
    """Return whose row it is, and put on record that somebody searched, and how many were found; no name."""
    found = named(session, meeting_id=meeting.id, text=text)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="children_searched",
        subject="meeting",
        subject_id=meeting.id,
        account_id=account_id,
        library_id=meeting.occasion.activity.library_id,
        facts={"found": len(found)},
    )
    return found
