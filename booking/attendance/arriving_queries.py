"""What must be known to take what a phone tells: the meeting, its closing, and who asked for a place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CompoundSelect, Select, String, bindparam, literal_column, select, union_all
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status
from booking.attendance.door import Reach, may_hand_in, may_see
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.walk_in_models import WalkIn
from booking.direct import Direct, as_one_parameter, is_among
from booking.errors import NotFound
from booking.lines import Line, line_of
from booking.signups.models import Signup

_CLOSING, _PERSON = 0, 1
_meeting, _occasion, _activity = Meeting.__table__.c, Occasion.__table__.c, Activity.__table__.c
_mark, _count = Mark.__table__.c, HeadcountMark.__table__.c
_closing, _signup, _walk_in = Closing.__table__.c, Signup.__table__.c, WalkIn.__table__.c


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


def hold_threshold(session: Session | Line, meeting_id: int, *, reach: Reach, now: datetime) -> Threshold:
    """Return the meeting, whose register nobody closes while this unit of work lasts, or raise NotFound.

    For who brings ticks: that may be later than one may look.
    """
    return _through(may_hand_in, _threshold(session, meeting_id, _HELD), reach, now)


def get_threshold(session: Session, meeting_id: int, *, reach: Reach, now: datetime) -> Threshold:
    """Return the meeting for who may see its register now, or raise NotFound."""
    return _through(may_see, _threshold(session, meeting_id, _BARE), reach, now)


def admitted(session: Session | Line, threshold: Threshold, *, participant_ids: Collection[int]) -> Admitted:
    """Return, in one question, who of these stands in the register, and whether it is closed."""
    # Asked after the meeting is held: what was seen before may have been closed since.
    line = line_of(session)
    rows = _ADMITTED.within(
        line,
        meeting_id=threshold.meeting_id,
        occasion_id=threshold.occasion_id,
        people=as_one_parameter(line.dialect.name, participant_ids),
    )
    return Admitted(
        participant_ids=frozenset(number for what, number in rows if what == _PERSON),
        closing_id=next((number for what, number in rows if what == _CLOSING), None),
    )


def known_events(session: Session | Line, event_ids: Collection[str]) -> frozenset[str]:
    """Return which of these ticks and counts have arrived before."""
    line = line_of(session)
    rows = _KNOWN.within(line, names=as_one_parameter(line.dialect.name, event_ids))
    return frozenset(name for (name,) in rows)


def _bare(_database: str) -> Select[Any]:
    columns: list[Any] = [_meeting.occasion_id, _activity.library_id, _meeting.starts_at, _meeting.ends_at]
    return (
        select(*columns, _meeting.state)
        .select_from(Meeting.__table__)
        .join(Occasion.__table__, _occasion.id == _meeting.occasion_id)
        .join(Activity.__table__, _activity.id == _occasion.activity_id)
        .where(_meeting.id == bindparam("meeting_id"), _activity.status != Status.DRAFT)
    )


def _held(database: str) -> Select[Any]:
    # FOR SHARE: many ticks at once, but a closing waits for them and they for it.
    return _bare(database).with_for_update(read=True, of=Meeting.__table__)


def _admitted(database: str) -> CompoundSelect[Any]:
    closing = select(literal_column(str(_CLOSING)).label("what"), _closing.id.label("number")).where(
        _closing.meeting_id == bindparam("meeting_id"), _closing.reopened_at.is_(None)
    )
    people = select(literal_column(str(_PERSON)), _signup.participant_id).where(
        _signup.occasion_id == bindparam("occasion_id"),
        is_among(database, _signup.participant_id, "people"),
    )
    just_came = select(literal_column(str(_PERSON)), _walk_in.participant_id).where(
        _walk_in.meeting_id == bindparam("meeting_id"),
        is_among(database, _walk_in.participant_id, "people"),
    )
    return union_all(closing, people, just_came)


def _known(database: str) -> CompoundSelect[Any]:
    both = (_mark.event_id, _count.event_id)
    return union_all(*(select(each).where(is_among(database, each, "names", String)) for each in both))


# A queue of children makes many ticks: what each of them asks is put into words once.
_BARE: Final = Direct(_bare)
_HELD: Final = Direct(_held)
_ADMITTED: Final = Direct(_admitted)
_KNOWN: Final = Direct(_known)


def _threshold(session: Session | Line, meeting_id: int, question: Direct) -> Threshold:
    rows = question.within(session, meeting_id=meeting_id)
    if not rows:
        raise NotFound
    occasion_id, library_id, starts_at, ends_at, state = rows[0]
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
