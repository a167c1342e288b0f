"""The tables of figures that leave the house: a fixed list, with their rows and columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from booking.participation.figures import Period, percent
from booking.publications.shown import HIDDEN, MISSING, CellState, Shown, number

# The row, or the column, of all the others together.
ALL: Final = "all"
# All or none of fewer than this would say of each one what is said of the group.
SMALL_GROUP: Final = 10
# So long registers may still be closed and mended before a month is counted.
GRACE: Final = timedelta(days=7)
# Whoever lives in none of the municipalities that have a library here.
ELSEWHERE: Final = "elsewhere"


class Table(StrEnum):
    """Every breakdown that there is outside a library's own pages. There is no free filter there.

    Rows are the libraries' slugs and `all`; those of RESIDENTS are municipality codes, `elsewhere` and `all`.
    The first four grow month by month; the others come once, when the half-year is over.
    """

    ATTENDANCES_BY_MONTH = "attendances_by_month"
    ATTENDANCES_BY_BAND = "attendances_by_band"
    ATTENDANCES_BY_KIND = "attendances_by_kind"
    UNIQUE_BY_BAND = "unique_by_band"
    RETURNING = "returning"
    BOOKED_PLACES = "booked_places"
    RESIDENTS = "residents"


@dataclass(frozen=True, kw_only=True)
class PublishedTable:
    """One table of one half-year as everybody may see it, with its row and column of totals."""

    code: Table
    period: Period
    through_on: date
    published_at: datetime
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Shown]

    def at(self, row: str, column: str = ALL) -> Shown:
        """Return the figure in a place of the table; where nothing was published it is missing."""
        return self.cells.get((row, column), MISSING)

    def percent(self, row: str, column: str) -> Shown:
        """Return how many of a hundred in the row are in the column, if both numbers are told of one day.

        It says no more than those two do. Of a small group it is not told that all are, or none.
        """
        part, whole = self.at(row, column), self.at(row)
        if CellState.MISSING in {part.state, whole.state}:
            return MISSING
        # Of two days one is older, as its number of now is hidden.
        if CellState.HIDDEN in {part.state, whole.state} or part.through_on != whole.through_on:
            return HIDDEN
        return _percent(*(each.told(number=int, hidden=0, missing=0) for each in (part, whole)))


def _percent(part: int, whole: int) -> Shown:
    share = percent(part, whole)
    if share is None:
        return MISSING
    return HIDDEN if part in {0, whole} and whole < SMALL_GROUP else number(share)
