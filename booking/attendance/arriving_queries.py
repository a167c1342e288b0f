"""What must be known to take what a phone tells: the meeting, its closing, and who asked for a place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status
from booking.attendance.door import Reach, may_hand_in, may_see
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.walk_in_models import WalkIn
from booking.errors import NotFound
from booking.signups.models import Signup

_CLOSING, _PERSON = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """The meeting whose door it is, as far as a tick needs to know it."""

    meeting_id: int
    occasion_id: int
    library_id: int
    starts_at: datetime
    ends_at: datetime
    is_called_off: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """Who of those ticked ever asked for a place, and the closing in force, if the register is closed."""

    participant_ids: frozenset[int]
    closing_id: int | None


def hold_threshold(session: Session, meeting_id: int, *, reach: Reach, now: datetime) -> Threshold:
    """Return the meeting, whose register nobody closes while this unit of work lasts, or raise NotFound.

    For who brings ticks: that may be later than one may look.
    """
    # FOR SHARE: many ticks at once, but a closing waits for them and they for it.
    held = _threshold(session, _bare(meeting_id).with_for_update(read=True, of=Meeting), meeting_id)
    return _through(may_hand_in, held, reach, now)


def get_threshold(session: Session, meeting_id: int, *, reach: Reach, now: datetime) -> Threshold:
    """Return the meeting for who may see its register now, or raise NotFound."""
    return _through(may_see, _threshold(session, _bare(meeting_id), meeting_id), reach, now)


def admitted(session: Session, threshold: Threshold, *, participant_ids: Collection[int]) -> Admitted:
    """Return, in one question, who of these stands in the register, and whether it is closed."""
    # Asked after the meeting is held: what was seen before may have been closed since.
    closing = select(literal(_CLOSING).label("what"), Closing.id.label("number")).where(
        Closing.meeting_id == threshold.meeting_id, Closing.reopened_at.is_(None)
    )
    people = (
        select(literal(_PERSON), Signup.participant_id)
        .where(Signup.occasion_id == threshold.occasion_id, Signup.participant_id.in_(participant_ids))
        .distinct()
    )
    just_came = select(literal(_PERSON), WalkIn.participant_id).where(
        WalkIn.meeting_id == threshold.meeting_id, WalkIn.participant_id.in_(participant_ids)
    )
    rows = session.execute(union_all(closing, people, just_came)).all()
    return Admitted(
        participant_ids=frozenset(number for what, number in rows if what == _PERSON),
        closing_id=next((number for what, number in rows if what == _CLOSING), None),
    )


def known_events(session: Session, event_ids: Collection[str]) -> frozenset[str]:
    """Return which of these ticks and counts have arrived before."""
    both = (select(table.event_id).where(table.event_id.in_(event_ids)) for table in (Mark, HeadcountMark))
    return frozenset(session.scalars(union_all(*both)))


def _bare(meeting_id: int) -> Select[Any]:
    columns: list[Any] = [
        Meeting.occasion_id,
        Activity.library_id,
        Meeting.starts_at,
        Meeting.ends_at,
        Meeting.state,
    ]
    return (
        select(*columns)
        .join(Occasion, Occasion.id == Meeting.occasion_id)
        .join(Activity, Activity.id == Occasion.activity_id)
        .where(Meeting.id == meeting_id, Activity.status != Status.DRAFT)
    )


def _threshold(session: Session, found: Select[Any], meeting_id: int) -> Threshold:
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    occasion_id, library_id, starts_at, ends_at, state = row
    return Threshold(
        meeting_id=meeting_id,
        occasion_id=occasion_id,
        library_id=library_id,
        starts_at=starts_at,
        ends_at=ends_at,
        is_called_off=state is MeetingState.CALLED_OFF,
    )


def _through(may: Callable[..., bool], held: Threshold, reach: Reach, now: datetime) -> Threshold:
    if not may(reach, library_id=held.library_id, now=now, starts_at=held.starts_at, ends_at=held.ends_at):
        raise NotFound
    return held
