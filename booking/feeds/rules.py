"""What a calendar entry consists of, which meetings a feed holds, and what may stand in its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Protocol, TypeVar

from booking.clock import instant_at, local_date

# More than four libraries put up in fifteen months by far; some calendars take no more than a megabyte.
MOST_EVENTS: Final = 3000

_DAYS_BACK: Final = 90
_DAYS_AHEAD: Final = 365


class Starting(Protocol):
    """A date, as far as these rules ask."""

    @property
    def starts_at(self) -> Any: ...  # noqa: ANN401, D102 – an instant, or a column


Row = TypeVar("Row", bound=Starting)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meeting as a calendar shows it, its words already in the reader's language.

    `uid`, `sequence` and `changed_at` are stored, and never made when the entry is written: `changed_at`
    is the last change that a reader can see, of the meeting, its activity or its library. `url` is a public
    page, never a secret link; empty when there is none. A family's own place makes it busy, and is nobody
    else's business. What lasts whole days begins and ends at midnight in Oslo.
    """

    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_called_off: bool
    title: str
    description: str
    place: str
    geo: tuple[float, float] | None
    url: str
    is_busy: bool = False
    is_private: bool = False
    is_all_day: bool = False


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when until when a feed reaches."""

    starts: datetime
    ends: datetime


def span_at(now: datetime) -> Span:
    """Return what a feed holds: a year on, and three months back, or a calendar would lose its past.

    From midnight to midnight, so that it is the same for a whole day.
    """
    today = local_date(now)
    return Span(starts=_midnight(today, -_DAYS_BACK), ends=_midnight(today, _DAYS_AHEAD))


def same_until(now: datetime) -> datetime:
    """Return when a feed will hold other dates though nobody changed anything."""
    return _midnight(local_date(now), 1)


def nearest(dates: Sequence[Row], now: datetime) -> Sequence[Row]:
    """Return at most as many dates as a feed holds, given in their order: what is long over goes first."""
    if len(dates) <= MOST_EVENTS:
        return dates
    over = sum(each.starts_at < now for each in dates)
    first = min(over, len(dates) - MOST_EVENTS)
    return dates[first : first + MOST_EVENTS]


def _midnight(day: date, by: int) -> datetime:
    return instant_at(day + timedelta(days=by), time(0))
