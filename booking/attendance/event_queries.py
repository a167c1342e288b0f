"""All that the phones told of a meeting, as it makes the register."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import HeadcountEvent, MarkEvent


def mark_events(session: Session, meeting_id: int) -> list[MarkEvent]:
    """Return every tick of the meeting but those that came too late for a closing in force."""
    return [
        MarkEvent(
            event_id=mark.event_id,
            participant_id=mark.participant_id,
            standing=mark.standing,
            happened_at=mark.happened_at,
            device=mark.device,
        )
        for mark in session.scalars(select(Mark).where(Mark.meeting_id == meeting_id, counts_now(Mark)))
    ]


def counts_now(table: type[Mark | HeadcountMark]) -> ColumnElement[bool]:
    """Return what holds of ticks that stand in the register; a late one does once it is opened again."""
    reopened = select(Closing.id).where(Closing.reopened_at.is_not(None))
    return or_(table.late_for_id.is_(None), table.late_for_id.in_(reopened))


def headcount_events(session: Session, meeting_id: int) -> list[HeadcountEvent]:
    """Return every count of the meeting, without those that came too late as well."""
    return [
        HeadcountEvent(event_id=mark.event_id, band=mark.band, delta=mark.delta)
        for mark in session.scalars(
            select(HeadcountMark).where(HeadcountMark.meeting_id == meeting_id, counts_now(HeadcountMark))
        )
    ]
