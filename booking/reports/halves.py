"""Half-years by their short names, and the weeks in them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from booking.participation.figures import Period, half_year_of

AUTUMN: Final = "autumn"
SPRING: Final = "spring"
_CODE: Final = re.compile(r"(20[0-9]{2})-(autumn|spring)", re.ASCII)
_MONTH_IN: Final = {AUTUMN: 8, SPRING: 1}


def half_code(period: Period) -> str:
    """Return the short name of a half-year: «2026-autumn»."""
    return f"{period.first.year}-{AUTUMN if is_autumn(period) else SPRING}"


def half_called(code: str | None) -> Period | None:
    """Return the half-year of that short name, or nothing for what is none."""
    found = _CODE.fullmatch(code or "")
    return half_year_of(date(int(found[1]), _MONTH_IN[found[2]], 1)) if found else None


def halves_to_choose(published: Iterable[Period], today: date) -> Sequence[Period]:
    """Return this half-year and those that were published, the newest first, each once."""
    several = {(period.first, period.last) for period in (*published, half_year_of(today))}
    return [Period(first=first, last=last) for first, last in sorted(several, reverse=True)]


def halves_to_set(today: date) -> Sequence[Period]:
    """Return the half-years for which something can be set: the last one, this one, and two to come."""
    this = half_year_of(today)
    before = half_year_of(this.first - timedelta(days=1))
    following = half_year_of(this.last + timedelta(days=1))
    return [before, this, following, half_year_of(following.last + timedelta(days=1))]


def weeks_of(period: Period, until: date) -> Sequence[date]:
    """Return the Mondays of the weeks of a period, as far as they have begun."""
    monday = monday_of(period.first)
    last = min(period.last, until)
    return [monday + timedelta(weeks=week) for week in range(max(0, (last - monday).days // 7 + 1))]


def monday_of(day: date) -> date:
    """Return the Monday of the day's week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def is_autumn(period: Period) -> bool:
    """Tell whether a half-year is the second one of its year."""
    return period.first.month == _MONTH_IN[AUTUMN]
