"""Half-years: what figures are added up by, and what of a period is left before and after whole ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from booking.participation.figures import Period, half_year_of

_AUTUMN: Final = 8


@dataclass(frozen=True, kw_only=True)
class Cut:
    """A period as whole half-years, by the first number and the last, and the days left on either side."""

    whole: tuple[int, int] | None
    left: Sequence[Period]


def half_year_number(day: date) -> int:
    """Return the number of the half-year that the day is in; the next half-year has the next number."""
    return 2 * day.year + (day.month >= _AUTUMN)


def cut(period: Period) -> Cut:
    """Return the whole half-years of the period, and what is left of it."""
    before, after = half_year_of(period.first), half_year_of(period.last)
    first = half_year_number(period.first) + (before.first < period.first)
    last = half_year_number(period.last) - (after.last > period.last)
    if first > last:
        return Cut(whole=None, left=[period])
    left = []
    if before.first < period.first:
        left.append(Period(first=period.first, last=before.last))
    if after.last > period.last:
        left.append(Period(first=after.first, last=period.last))
    return Cut(whole=(first, last), left=left)


def week_of(day: date) -> str:
    """Return the ISO week as it is sorted: the year of the week and its number."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def days_of(half_year: int) -> Period:
    """Return the days of the half-year with the number."""
    return half_year_of(date(half_year // 2, _AUTUMN if half_year % 2 else 1, 1))
