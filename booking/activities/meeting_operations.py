"""Adding, moving and calling off the dates of an occasion, and taking that back."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.activities.dates import (
    DatesCollide,
    EndsBeforeStart,
    MeetingIsOver,
    MeetingNotOn,
    MeetingWasShown,
    NewTimeIsPast,
    Series,
    Slot,
    check_can_move,
    check_in_reach,
    weekly,
)
from booking.activities.models import Meeting, Occasion
from booking.activities.rows import meeting_rows
from booking.activities.rules import MeetingState, Status, changed_after
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.wording import check_plain


def add_meetings(
    session: Session, clock: Clock, *, occasion: Occasion, series: Series, room: str, account_id: int
) -> list[Meeting]:
    """Give the occasion more dates and return them.

    Refuses what `weekly` refuses, DateOutOfReach, TextNotPlain, DatesCollide with a date that it has, and
    MeetingNotOn when the whole occasion is called off.
    """
    check_in_reach(series.first_on, clock())
    check_plain([room])
    session.refresh(occasion, attribute_names=["called_off_at"], with_for_update=True)
    # Read before the turn came, its dates may be what they were before somebody else added the same ones.
    session.refresh(occasion, attribute_names=["meetings"])
    if occasion.called_off_at is not None:
        raise MeetingNotOn
    slots = weekly(series)
    if {slot.starts_at for slot in slots} & {meeting.starts_at for meeting in occasion.meetings}:
        raise DatesCollide
    added = meeting_rows(slots, room=room, now=clock())
    occasion.meetings.extend(added)
    session.flush()
    _record(session, clock, "meetings_added", occasion, account_id, occasion_id=occasion.id)
    return added


def drop_meeting(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Take a date out of a draft, as if it had never been planned. Refuses MeetingWasShown."""
    occasion = meeting.occasion
    if occasion.activity.published_at is not None:
        raise MeetingWasShown
    occasion.meetings.remove(meeting)
    _record(session, clock, "meeting_dropped", occasion, account_id, meeting_id=meeting.id)


def move_meeting(
    session: Session, clock: Clock, *, meeting: Meeting, slot: Slot, room: str, account_id: int
) -> None:
    """Give the meeting new hours or a new room; the same ones again change nothing.

    Refuses MeetingIsOver, MeetingNotOn, NewTimeIsPast, EndsBeforeStart and TextNotPlain.
    """
    _lock(session, meeting)
    if (meeting.starts_at, meeting.ends_at, meeting.room) == (slot.starts_at, slot.ends_at, room):
        return
    check_can_move(meeting, clock())
    check_plain([room])
    if slot.ends_at <= slot.starts_at:
        raise EndsBeforeStart
    if slot.starts_at <= clock():
        raise NewTimeIsPast
    meeting.starts_at, meeting.ends_at, meeting.room = slot.starts_at, slot.ends_at, room
    # Nobody has seen a draft: its dates are planned anew, and never moved from where a family knew them.
    is_draft = meeting.occasion.activity.status is Status.DRAFT
    _change(meeting, MeetingState.SCHEDULED if is_draft else MeetingState.MOVED, clock())
    _record_meeting(session, clock, "meeting_moved", meeting, account_id)


def call_off_meeting(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Call the meeting off; doing it twice does it once. Refuses MeetingIsOver."""
    _lock(session, meeting)
    if meeting.state is not MeetingState.CALLED_OFF:
        _check_not_over(meeting, clock())
        _change(meeting, MeetingState.CALLED_OFF, clock())
        _record_meeting(session, clock, "meeting_called_off", meeting, account_id)


def put_meeting_back_on(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Take back that the meeting is called off; it is on as announced. Refuses MeetingIsOver."""
    _lock(session, meeting)
    if meeting.state is MeetingState.CALLED_OFF:
        _check_not_over(meeting, clock())
        _change(meeting, MeetingState.SCHEDULED, clock())
        _record_meeting(session, clock, "meeting_put_back_on", meeting, account_id)


def mark_called_off(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> None:
    """Call off what is left of the occasion; meetings that are over stay as they were. Twice is once."""
    session.refresh(occasion, attribute_names=["called_off_at"], with_for_update=True)
    if occasion.called_off_at is not None:
        return
    occasion.called_off_at = clock()
    for meeting in _still_to_come(session, occasion, clock()):
        if meeting.state is not MeetingState.CALLED_OFF:
            _change(meeting, MeetingState.CALLED_OFF, clock())
    _record(session, clock, "occasion_called_off", occasion, account_id, occasion_id=occasion.id)


def put_occasion_back_on(session: Session, clock: Clock, *, occasion: Occasion, account_id: int) -> None:
    """Take back that the occasion is called off; meetings called off before it stay so. Twice is once."""
    session.refresh(occasion, attribute_names=["called_off_at"], with_for_update=True)
    since = occasion.called_off_at
    if since is None:
        return
    occasion.called_off_at = None
    for meeting in _still_to_come(session, occasion, clock()):
        if meeting.state is MeetingState.CALLED_OFF and meeting.changed_at >= since:
            _change(meeting, MeetingState.SCHEDULED, clock())
    _record(session, clock, "occasion_put_back_on", occasion, account_id, occasion_id=occasion.id)


def _lock(session: Session, meeting: Meeting) -> None:
    # Two phones call off one meeting: the second must see what the first did, or the sequence stands still.
    session.flush()  # refreshing drops what is not yet written
    columns = ["state", "sequence", "starts_at", "ends_at", "room", "changed_at"]
    session.refresh(meeting, attribute_names=columns, with_for_update=True)


def _check_not_over(meeting: Meeting, now: datetime) -> None:
    if meeting.ends_at <= now:
        raise MeetingIsOver


def _still_to_come(session: Session, occasion: Occasion, now: datetime) -> list[Meeting]:
    for meeting in occasion.meetings:
        _lock(session, meeting)
    return [meeting for meeting in occasion.meetings if meeting.ends_at > now]


def _change(meeting: Meeting, state: MeetingState, now: datetime) -> None:
    # RFC 5546 section 2.1.4: time and status raise the sequence; a calendar ignores what does not grow.
    meeting.state = state
    meeting.sequence += 1
    meeting.changed_at = changed_after(meeting.changed_at, now)


def _record_meeting(session: Session, clock: Clock, action: str, meeting: Meeting, account_id: int) -> None:
    _record(session, clock, action, meeting.occasion, account_id, meeting_id=meeting.id)


def _record(
    session: Session, clock: Clock, action: str, occasion: Occasion, account_id: int, **facts: int
) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="activity",
        subject_id=occasion.activity_id,
        account_id=account_id,
        library_id=occasion.activity.library_id,
        facts=facts,
    )
