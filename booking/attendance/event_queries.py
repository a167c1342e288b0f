"""All that the phones told of a meeting, as it makes the register."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import HeadcountEvent, MarkEvent


def mark_events(session: Session, meeting_id: int) -> list[MarkEvent]:
    """Return every tick of the meeting but those that came too late for a closing in force."""
    return mark_events_in(session, [meeting_id])[meeting_id]


def mark_events_in(session: Session, meeting_ids: Collection[int]) -> Mapping[int, list[MarkEvent]]:
    """Return the ticks of each of these meetings, without those that came too late, in one question."""
    found: defaultdict[int, list[MarkEvent]] = defaultdict(list)
    for mark in session.scalars(select(Mark).where(Mark.meeting_id.in_(meeting_ids), counts_now(Mark))):
        event = MarkEvent(
            event_id=mark.event_id,
            participant_id=mark.participant_id,
            standing=mark.standing,
            happened_at=mark.happened_at,
            device=mark.device,
        )
        found[mark.meeting_id].append(event)
    return found


def counts_now(table: type[Mark | HeadcountMark]) -> ColumnElement[bool]:
    """Return what holds of ticks that stand in the register; a late one does once it is opened again."""
    reopened = select(Closing.id).where(Closing.reopened_at.is_not(None))
    return or_(table.late_for_id.is_(None), table.late_for_id.in_(reopened))


def headcount_events(session: Session, meeting_id: int) -> list[HeadcountEvent]:
    """Return every count of the meeting, without those that came too late as well."""
    return headcount_events_in(session, [meeting_id])[meeting_id]


def headcount_events_in(session: Session, meeting_ids: Collection[int]) -> Mapping[int, list[HeadcountEvent]]:
    """Return the counts of each of these meetings, without those that came too late, in one question."""
    found: defaultdict[int, list[HeadcountEvent]] = defaultdict(list)
    there = HeadcountMark.meeting_id.in_(meeting_ids)
    for mark in session.scalars(select(HeadcountMark).where(there, counts_now(HeadcountMark))):
        event = HeadcountEvent(event_id=mark.event_id, band=mark.band, delta=mark.delta)
        found[mark.meeting_id].append(event)
    return found
