"""The meetings of today and of the next days, and the registers that nobody closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import meetings_between
from booking.attendance.door import AMONG_STAFF, Reach, may_see, opens_at
from booking.attendance.late_queries import meetings_with_late_taps
from booking.attendance.models import Closing
from booking.attendance.queries import closings_in_force, is_called_off
from booking.clock import instant_at, local_date

_DAYS_AHEAD: Final = 7
_DAYS_BACK: Final = 365


@dataclass(frozen=True, kw_only=True)
class Line:
    """One meeting in the list, and what can be done with its register now."""

    meeting: Meeting
    closing: Closing | None
    is_open: bool
    is_called_off: bool


@dataclass(frozen=True, kw_only=True)
class Today:
    """What somebody on duty needs to see first."""

    today: Sequence[Line]
    coming: Sequence[Line]
    overdue: Sequence[Line]
    late: Sequence[Line]


def today_for(session: Session, *, reach: Reach, now: datetime) -> Today:
    """Return today's meetings, and for whom the door is not all, the next days and what is overdue."""
    begins, ends = _day_of(now)
    today = meetings_between(session, library_ids=reach.at_the_door | reach.always, starts=begins, ends=ends)
    coming = meetings_between(
        session, library_ids=reach.always, starts=ends, ends=ends + timedelta(days=_DAYS_AHEAD)
    )
    past = meetings_between(
        session, library_ids=reach.always, starts=begins - timedelta(days=_DAYS_BACK), ends=begins
    )
    lines, before = _lines(session, _seen_by(today, reach, now), now), _lines(session, past, now)
    closable = [line for line in (*before, *lines) if line.closing and _library_of(line) in reach.always]
    waits = meetings_with_late_taps(session, [line.meeting.id for line in closable])
    return Today(
        today=lines,
        coming=_lines(session, coming, now),
        overdue=[line for line in before if _is_overdue(line, now)],
        late=[line for line in closable if line.meeting.id in waits],
    )


def _library_of(line: Line) -> int:
    return line.meeting.occasion.activity.library_id


def _day_of(now: datetime) -> tuple[datetime, datetime]:
    today = local_date(now)
    return instant_at(today, time(0)), instant_at(today + timedelta(days=1), time(0))


def _is_overdue(line: Line, now: datetime) -> bool:
    # Nobody ticks off colleagues: meetings among staff have no register that could be missing.
    is_counted = line.meeting.occasion.activity.kind not in AMONG_STAFF
    return is_counted and line.closing is None and not line.is_called_off and line.meeting.ends_at <= now


def _lines(session: Session, meetings: Sequence[Meeting], now: datetime) -> Sequence[Line]:
    closings = closings_in_force(session, [meeting.id for meeting in meetings])
    return [_line(meeting, closings.get(meeting.id), now) for meeting in meetings]


def _seen_by(meetings: Iterable[Meeting], reach: Reach, now: datetime) -> Sequence[Meeting]:
    return [
        meeting
        for meeting in meetings
        if may_see(
            reach,
            library_id=meeting.occasion.activity.library_id,
            now=now,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
        )
    ]


def _line(meeting: Meeting, closing: Closing | None, now: datetime) -> Line:
    return Line(
        meeting=meeting,
        closing=closing,
        is_open=closing is None and now >= opens_at(meeting.starts_at) and not is_called_off(meeting),
        is_called_off=is_called_off(meeting),
    )
