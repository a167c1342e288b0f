"""The one place that asks what time it is, and the way between instants and Oslo days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import ClassVar
from zoneinfo import ZoneInfo

from booking.errors import Refusal

Clock = Callable[[], datetime]

OSLO = ZoneInfo("Europe/Oslo")


class TimeDoesNotExist(Refusal):
    """The clock jumped over this time: the night when summer time begins."""

    code: ClassVar[str] = "time_does_not_exist"


class TimeHappensTwice(Refusal):
    """The clock showed this time twice: the night when summer time ends."""

    code: ClassVar[str] = "time_happens_twice"


def system_clock() -> datetime:
    """Return the present instant, aware and in UTC."""
    return datetime.now(UTC)


def at_one_instant(clock: Clock) -> Clock:
    """Return a clock that looks at another one when it is first asked, and stands still from then on.

    What is done together happens at one instant: what was said now is told from what was said before.
    """
    seen: list[datetime] = []

    def instant() -> datetime:
        if not seen:
            seen.append(clock())
        return seen[0]

    return instant


def local_time(instant: datetime) -> datetime:
    """Return the instant as a clock on a wall in Oslo shows it."""
    return instant.astimezone(OSLO)


def local_date(instant: datetime) -> date:
    """Return the day that it is in Oslo at this instant."""
    return local_time(instant).date()


def instant_at(day: date, wall_time: time) -> datetime:
    """Return the UTC instant when clocks in Oslo show this day and time.

    Refuses TimeDoesNotExist and TimeHappensTwice on the nights of the clock change, when
    a wall time names no instant or two: guessing would send a family an hour early or late.
    """
    earlier = datetime.combine(day, wall_time, OSLO).replace(fold=0)
    later = earlier.replace(fold=1)
    if earlier.utcoffset() != later.utcoffset():
        # PEP 495: in a gap the offset before the change (fold 0) is the smaller one.
        before, after = earlier.utcoffset(), later.utcoffset()
        gap = before is not None and after is not None and before < after
        raise TimeDoesNotExist if gap else TimeHappensTwice
    return earlier.astimezone(UTC)
