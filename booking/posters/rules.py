"""Which dates stand on a poster, and how large its title can be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from booking.activities.dates import Slot
from booking.clock import local_time

MOST_DATES: Final = 6
_WEEK: Final = timedelta(days=7)
# From the length of the longest word, and of the whole title, to points; A4 is 595 points wide.
_SIZES: Final = ((84, 7, 14), (70, 10, 22), (60, 12, 36), (48, 16, 55), (38, 20, 80))
_SMALLEST: Final = 29


@dataclass(frozen=True, kw_only=True)
class Weekly:
    """A course on the same weekday at the same hours: from its first day to its last."""

    first_on: date
    last_on: date
    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class PosterDates:
    """What a poster says of when: a weekly course, or the first few dates and whether there are more."""

    weekly: Weekly | None
    slots: Sequence[Slot]
    has_more: bool


def poster_dates(slots: Sequence[Slot]) -> PosterDates:
    """Return what to say of dates to come, in their order; with a week left out they are no course."""
    course = _weekly(slots)
    shown = slots[:1] if course else slots[:MOST_DATES]
    return PosterDates(weekly=course, slots=shown, has_more=not course and len(slots) > MOST_DATES)


def title_points(title: str) -> int:
    """Return how large a title can stand on A4, in points: its longest word must fit on one line."""
    longest = max((len(word) for word in title.replace("-", "- ").split()), default=0)
    fitting = (size for size, word, whole in _SIZES if longest <= word and len(title) <= whole)
    return next(fitting, _SMALLEST)


def _weekly(slots: Sequence[Slot]) -> Weekly | None:
    hours = {(_hour(slot.starts_at), _hour(slot.ends_at)) for slot in slots}
    days = [local_time(slot.starts_at).date() for slot in slots]
    is_steady = all(after - before == _WEEK for before, after in pairwise(days))
    if len(slots) <= 1 or len(hours) != 1 or not is_steady:
        return None
    [(starts, ends)] = hours
    return Weekly(first_on=days[0], last_on=days[-1], starts=starts, ends=ends)


def _hour(instant: datetime) -> time:
    return local_time(instant).time()
