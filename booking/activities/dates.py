"""The dates of a course: a weekly series, what is to come of it, and what moving it means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, Final, Generic, TypeVar

from booking.activities.rules import Dated, MeetingState
from booking.clock import instant_at, local_date
from booking.errors import Refusal

MOST_WEEKS: Final = 53
_YEARS_AHEAD: Final = 3
_YEARS_BACK: Final = 5
_DAYS_IN_A_WEEK: Final = 7


class DateOutOfReach(Refusal):
    """The date is so far away that it must be a slip of the finger."""

    code: ClassVar[str] = "date_out_of_reach"
    field: ClassVar[str | None] = "first_on"


class EndsBeforeStart(Refusal):
    """The end is not after the start."""

    code: ClassVar[str] = "ends_before_start"
    field: ClassVar[str | None] = "ends"


class SeriesTooLong(Refusal):
    """The last date is more weeks away than a course can last."""

    code: ClassVar[str] = "series_too_long"
    field: ClassVar[str | None] = "until"


class SeriesHasNoDate(Refusal):
    """No date is left: the last one lies before the first, or all were left out."""

    code: ClassVar[str] = "series_has_no_date"
    field: ClassVar[str | None] = "until"


class MeetingIsOver(Refusal):
    """What has happened can be neither moved nor called off."""

    code: ClassVar[str] = "meeting_is_over"


class MeetingNotOn(Refusal):
    """The meeting is called off; that has to be taken back first."""

    code: ClassVar[str] = "meeting_not_on"


class MeetingWasShown(Refusal):
    """Families may have seen the date; it is called off, not taken out as if it had never been."""

    code: ClassVar[str] = "meeting_was_shown"


class NewTimeIsPast(Refusal):
    """A meeting can only be moved to a time that is still to come."""

    code: ClassVar[str] = "new_time_is_past"
    field: ClassVar[str | None] = "date_on"


class DatesCollide(Refusal):
    """Two dates of the same course would begin at the same time."""

    code: ClassVar[str] = "dates_collide"
    field: ClassVar[str | None] = "date_on"


class Reach(StrEnum):
    """How far a change of a course's dates goes."""

    THIS = "this"
    LATER = "later"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """From when until when, as instants."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Slot") -> bool:
        """Tell whether the two have any time in common; one that ends when the other starts has none."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, kw_only=True)
class Series:
    """A weekly course as it is thought of: the first day, the hours, and how long.

    It lasts for a number of weeks, or until a last day. It is on the weekday of the first day, or on
    the weekday given (0 is Monday) from the first day on. Days may be left out.
    """

    first_on: date
    starts: time
    ends: time
    weeks: int = 1
    until: date | None = None
    weekday: int | None = None
    left_out: frozenset[date] = frozenset()


@dataclass(frozen=True, kw_only=True)
class NewHours:
    """What a date becomes: its day, its hours and its room."""

    day: date
    starts: time
    ends: time
    room: str


Meetings = TypeVar("Meetings", bound=Dated)


@dataclass(frozen=True, kw_only=True)
class Dates(Generic[Meetings]):
    """Meetings as a page shows them: the next one, those after it, and those that are over."""

    following: Meetings | None
    coming: Sequence[Meetings]
    over: Sequence[Meetings]


def split_dates(meetings: Iterable[Meetings], now: datetime) -> Dates[Meetings]:
    """Put the meetings in order, and find the next one that is on; called-off ones stay in their place."""
    in_order = sorted(meetings, key=lambda each: each.starts_at)
    coming = [each for each in in_order if each.ends_at > now]
    is_on = (each for each in coming if each.state is not MeetingState.CALLED_OFF)
    over = [each for each in in_order if each.ends_at <= now]
    return Dates(following=next(is_on, None), coming=coming, over=over)


def days_of(series: Series) -> list[date]:
    """Return the days of the course that are not left out, the first one first.

    Refuses SeriesTooLong, and SeriesHasNoDate when none is left.
    """
    first = _first_day(series)
    weeks = series.weeks if series.until is None else (series.until - first).days // _DAYS_IN_A_WEEK + 1
    if weeks > MOST_WEEKS:
        raise SeriesTooLong(most=MOST_WEEKS)
    days = [first + timedelta(weeks=week) for week in range(weeks)]
    kept = [day for day in days if day not in series.left_out]
    if not kept:
        raise SeriesHasNoDate
    return kept


def weekly(series: Series) -> list[Slot]:
    """Return each week's start and end as instants: 17:00 stays 17:00 when the clock changes.

    Refuses EndsBeforeStart, SeriesTooLong and SeriesHasNoDate, and TimeDoesNotExist or
    TimeHappensTwice for the night of the change.
    """
    if series.ends <= series.starts:
        raise EndsBeforeStart
    return [slot_on(day, series.starts, series.ends) for day in days_of(series)]


def slot_on(day: date, starts: time, ends: time) -> Slot:
    """Return the hours of a day as instants; refuses TimeDoesNotExist and TimeHappensTwice."""
    return Slot(starts_at=instant_at(day, starts), ends_at=instant_at(day, ends))


def check_clock_shows(days: Iterable[date], wall_time: time) -> None:
    """Let times pass that each name one instant; TimeDoesNotExist or TimeHappensTwice otherwise."""
    for day in days:
        instant_at(day, wall_time)


def check_in_reach(first_on: date, now: datetime) -> None:
    """Let a date pass that somebody can have meant; refuse DateOutOfReach for others."""
    years = first_on.year - local_date(now).year
    if not -_YEARS_BACK <= years <= _YEARS_AHEAD:
        raise DateOutOfReach


def within_reach(
    meetings: Iterable[Meetings], *, chosen: Meetings, reach: Reach, now: datetime
) -> list[Meetings]:
    """Return which dates a change goes for: the chosen one, it and those after it, or all that are to come.

    What is over or called off stays as it is, whatever the reach.
    """
    if reach is Reach.THIS:
        return [chosen]
    since = chosen.starts_at if reach is Reach.LATER else now
    return [
        each
        for each in sorted(meetings, key=lambda meeting: meeting.starts_at)
        if each.starts_at >= since and each.starts_at > now and each.state is not MeetingState.CALLED_OFF
    ]


def check_can_move(meeting: Dated, now: datetime) -> None:
    """Let a meeting pass that can be moved; refuse MeetingIsOver or MeetingNotOn."""
    if meeting.ends_at <= now:
        raise MeetingIsOver
    if meeting.state is MeetingState.CALLED_OFF:
        raise MeetingNotOn


def moved(
    meetings: Sequence[Meetings],
    *,
    chosen: Meetings,
    to: NewHours,
    others: Iterable[Meetings],
    now: datetime,
) -> list[Slot]:
    """Return where each of the dates goes when the chosen one gets its new day and hours.

    All move by the same number of days and get the same hours; 17:00 stays 17:00 across the change of
    clock. `others` are the dates that stay. Refuses MeetingIsOver, MeetingNotOn, EndsBeforeStart,
    NewTimeIsPast, DatesCollide, and TimeDoesNotExist or TimeHappensTwice.
    """
    check_can_move(chosen, now)
    if to.ends <= to.starts:
        raise EndsBeforeStart
    by = to.day - local_date(chosen.starts_at)
    slots = [slot_on(local_date(each.starts_at) + by, to.starts, to.ends) for each in meetings]
    if any(slot.starts_at <= now for slot in slots):
        raise NewTimeIsPast
    taken = [each.starts_at for each in others] + [slot.starts_at for slot in slots]
    if len(set(taken)) < len(taken):
        raise DatesCollide
    return slots


def _first_day(series: Series) -> date:
    if series.weekday is None:
        return series.first_on
    return series.first_on + timedelta(days=(series.weekday - series.first_on.weekday()) % _DAYS_IN_A_WEEK)
