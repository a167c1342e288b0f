"""Typing in what stood on paper, and keeping on record who took names along on a sheet."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.arriving import Became, Counted, Event, Parcel, Ticked
from booking.attendance.arriving_operations import Bringer, take_events
from booking.attendance.arriving_queries import Threshold, known_events
from booking.attendance.door import check_takes_ticks
from booking.attendance.models import Mark
from booking.attendance.paper_rules import ON_PAPER, Typed, paper_time
from booking.attendance.queries import closing_in_force, is_called_off
from booking.attendance.walk_in_queries import take_turn_at_door
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock


def type_in(session: Session, clock: Clock, *, meeting: Meeting, typed: Typed, account_id: int) -> int:
    """Keep what a sheet says, and return how many lines were new; the same page sent again is the same.

    Refuses what a tick refuses.
    """
    take_turn_at_door(session, meeting.id)
    names = [*(each.event_id for each in typed.marks), *(each.event_id for each in typed.counts)]
    new = set(names) - known_events(session, names)
    if not new:
        return 0
    _check_open(session, clock, meeting)
    last_typed = select(func.max(Mark.happened_at)).where(
        Mark.meeting_id == meeting.id, Mark.device == ON_PAPER
    )
    at = paper_time(ends_at=meeting.ends_at, last_typed_at=session.scalar(last_typed), now=clock())
    events: list[Event] = [
        *(
            Ticked(
                event_id=each.event_id,
                told_at=at,
                participant_id=each.participant_id,
                standing=each.standing,
            )
            for each in typed.marks
        ),
        *(
            Counted(event_id=each.event_id, told_at=at, band=each.band, delta=each.persons)
            for each in typed.counts
        ),
    ]
    answers = take_events(
        session,
        clock,
        threshold=_threshold(meeting),
        parcel=Parcel(device=ON_PAPER, sent_at=None, events=events, names=names),
        bringer=Bringer(account_id=account_id, only_at_the_door=False),
    )
    note_at_meeting(session, clock, meeting=meeting, action="register_typed_in", account_id=account_id)
    return sum(each.became is Became.TAKEN and each.event_id in new for each in answers)


def note_at_meeting(
    session: Session, clock: Clock, *, meeting: Meeting, action: str, account_id: int
) -> None:
    """Put on record what somebody did with the register of the meeting."""
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="meeting",
        subject_id=meeting.id,
        account_id=account_id,
        library_id=meeting.occasion.activity.library_id,
    )


def _check_open(session: Session, clock: Clock, meeting: Meeting) -> None:
    check_takes_ticks(
        now=clock(),
        starts_at=meeting.starts_at,
        is_called_off=is_called_off(meeting),
        is_closed=closing_in_force(session, meeting.id) is not None,
    )


def _threshold(meeting: Meeting) -> Threshold:
    return Threshold(
        meeting_id=meeting.id,
        occasion_id=meeting.occasion_id,
        library_id=meeting.occasion.activity.library_id,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        is_called_off=is_called_off(meeting),
    )
