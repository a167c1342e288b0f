"""What a program may ask of the open figures: one half-year, one table, and how many figures at a time."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from booking.api.rules import AT_ONCE, Unreadable, one_of_each, read_limit, read_offset
from booking.participation.figures import Period, half_year_of
from booking.publications.tables import Table

_AUTUMN, _SPRING = "autumn", "spring"
_HALF_YEAR: Final = re.compile(rf"(20[0-9]{{2}})-({_SPRING}|{_AUTUMN})")
_FIRST_DAYS: Final = {_SPRING: (1, 1), _AUTUMN: (8, 1)}


@dataclass(frozen=True, kw_only=True)
class WantedFigures:
    """Of which half-year, of which tables, how many figures, and how many to leave out before them."""

    period: Period | None
    tables: tuple[Table, ...]
    limit: int = AT_ONCE
    after: int = 0


def read_wanted_figures(args: Mapping[str, Sequence[str]]) -> WantedFigures:
    """Return what an address asks for; refuses Unreadable, which names the parameter."""
    said = one_of_each(args, known={"half_year", "table", "limit", "after"})
    return WantedFigures(
        period=_half_year(said["half_year"]) if "half_year" in said else None,
        tables=(_table(said["table"]),) if "table" in said else tuple(Table),
        limit=read_limit(said),
        after=read_offset(said),
    )


def code_of(period: Period) -> str:
    """Return what a half-year is called in addresses: `2026-autumn`, `2027-spring`."""
    begins = (period.first.month, period.first.day)
    return f"{period.first.year}-{next(name for name, first in _FIRST_DAYS.items() if first == begins)}"


def check_published(wanted: WantedFigures, known: Collection[Period]) -> Period | None:
    """Return the half-year that is asked for, by itself the newest of those known; refuses Unreadable."""
    if wanted.period is None:
        return max(known, key=lambda period: period.first, default=None)
    if wanted.period not in known:
        raise Unreadable(parameter="half_year")
    return wanted.period


def _half_year(text: str) -> Period:
    found = _HALF_YEAR.fullmatch(text)
    if found is None:
        raise Unreadable(parameter="half_year")
    return half_year_of(date(int(found.group(1)), *_FIRST_DAYS[found.group(2)]))


def _table(text: str) -> Table:
    try:
        return Table(text)
    except ValueError:
        raise Unreadable(parameter="table") from None
