"""Reading registers: who stands in one, which are open today, and which were never closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.activities.rules import MeetingState, Status
from booking.attendance.attendees import Attendee, attendees_of
from booking.attendance.booked import Group
from booking.attendance.door import Reach, may_see
from booking.attendance.event_queries import headcount_events, mark_events
from booking.attendance.late_queries import Late, late_for
from booking.attendance.list_queries import marks_at_door
from booking.attendance.marks import DoorMark
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.rules import fold_headcount, fold_marks
from booking.attendance.walk_in_queries import is_in_register, walk_ins_of
from booking.errors import NotFound
from booking.participation.queries import person_entries_of
from booking.participation.rules import HeadcountBand, PersonEntry
from booking.people.models import Participant
from booking.signups.queries import register_of


@dataclass(frozen=True, kw_only=True)
class Register:
    """All that is known at the door of one meeting.

    `erased` are those in the facts of an earlier closing who were erased since: they stay counted.
    """

    meeting: Meeting
    attendees: Sequence[Attendee]
    erased: Sequence[PersonEntry]
    headcount: Mapping[HeadcountBand, int]
    closing: Closing | None
    marks: Mapping[int, tuple[DoorMark, ...]]
    late: Late


def get_meeting_at_door(session: Session, meeting_id: int, *, reach: Reach, now: datetime) -> Meeting:
    """Return the meeting, or raise NotFound if it, or its register at this hour, is none of theirs."""
    meeting = get_own_meeting(session, meeting_id, library_ids=reach.at_the_door | reach.always)
    activity = meeting.occasion.activity
    library_id, starts_at, ends_at = activity.library_id, meeting.starts_at, meeting.ends_at
    if activity.status is Status.DRAFT:
        raise NotFound
    if not may_see(reach, library_id=library_id, now=now, starts_at=starts_at, ends_at=ends_at):
        raise NotFound
    return meeting


def get_meeting_for_ticks(session: Session, meeting_id: int, *, reach: Reach, now: datetime) -> Meeting:
    """Return the bare meeting, which nobody closes while this unit of work lasts, or raise NotFound."""
    # FOR SHARE: many ticks at once, but a closing waits for them and they for it.
    row = session.execute(
        select(Meeting, Activity.library_id)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(Meeting.id == meeting_id, Activity.status != Status.DRAFT)
        .with_for_update(read=True, of=Meeting)
    ).one_or_none()
    if row is None:
        raise NotFound
    meeting, library_id = row
    starts_at, ends_at = meeting.starts_at, meeting.ends_at
    if not may_see(reach, library_id=library_id, now=now, starts_at=starts_at, ends_at=ends_at):
        raise NotFound
    return meeting


def stands_in_register(session: Session, *, meeting_id: int, participant_id: int) -> bool:
    """Tell whether the person ever asked for a place, given back or not, or just came."""
    return bool(session.scalar(select(is_in_register(literal(participant_id), meeting_id=meeting_id))))


def is_known_event(session: Session, *, table: type[Mark | HeadcountMark], event_id: str) -> bool:
    """Tell whether the tick, or the count, has arrived before."""
    return bool(session.scalar(select(exists().where(table.event_id == event_id))))


def closing_in_force(session: Session, meeting_id: int) -> Closing | None:
    """Return the closing of the meeting's register, or nothing while it is open."""
    return session.scalar(
        select(Closing).where(Closing.meeting_id == meeting_id, Closing.reopened_at.is_(None))
    )


def closings_in_force(session: Session, meeting_ids: Collection[int]) -> Mapping[int, Closing]:
    """Return the closings of those of the meetings whose registers are closed."""
    found = session.scalars(
        select(Closing).where(Closing.meeting_id.in_(meeting_ids), Closing.reopened_at.is_(None))
    )
    return {closing.meeting_id: closing for closing in found}


def register_at(session: Session, *, meeting: Meeting, now: datetime) -> Register:
    """Return the register of a meeting with everyone who stands in it."""
    walk_ins = walk_ins_of(session, meeting.id)
    attendees = attendees_of(
        meeting,
        signups=register_of(session, meeting.occasion_id),
        walked_in=[each.participant for each in walk_ins.values()],
        folded=fold_marks(mark_events(session, meeting.id)),
        now=now,
    )
    closing = closing_in_force(session, meeting.id)
    return Register(
        meeting=meeting,
        attendees=attendees,
        erased=_erased_since(session, meeting.uid),
        headcount=fold_headcount(headcount_events(session, meeting.id)),
        closing=closing,
        late=late_for(session, closing),
        marks=marks_at_door(
            session,
            occasion_id=meeting.occasion_id,
            now=now,
            shielded={each.participant.id: each.participant.is_shielded for each in attendees},
            leaves={
                each.participant.id: walk_ins[each.participant.id].leave
                for each in attendees
                if each.group is Group.WALK_IN
            },
        ),
    )


def is_called_off(meeting: Meeting) -> bool:
    """Tell whether the meeting was called off."""
    return meeting.state is MeetingState.CALLED_OFF


def _erased_since(session: Session, meeting_uid: str) -> list[PersonEntry]:
    entries = person_entries_of(session, meeting_uid)
    keys = {entry.person_key for entry in entries}
    living = set(session.scalars(select(Participant.person_key).where(Participant.person_key.in_(keys))))
    return [entry for entry in entries if entry.person_key not in living]
