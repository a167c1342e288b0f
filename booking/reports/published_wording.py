"""The published tables in words: which row and column is which, and what stands where no number is shown."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from flask_babel import gettext

from booking.activities.messages import KIND_NAMES
from booking.attendance.messages import BANDS
from booking.i18n import N_, month_short
from booking.participation.rules import HeadcountBand
from booking.publications.shown import Shown
from booking.publications.tables import ALL, ELSEWHERE, PublishedTable
from booking.publications.tables import Table as Published
from booking.reports.cells import Sign, Table, Value

# The title of each table, and what its numbers mean.
TABLE_WORDS: Final[Mapping[Published, tuple[str, str]]] = {
    Published.ATTENDANCES_BY_MONTH: (
        N_("Attendances by month"),
        N_("How often a child or youth was at a meeting. Who came three times is counted three times."),
    ),
    Published.ATTENDANCES_BY_BAND: (
        N_("Attendances by age"),
        N_("How often children and youth of an age were at a meeting, by the age they reach in the year."),
    ),
    Published.ATTENDANCES_BY_KIND: (
        N_("Attendances by kind of activity"),
        N_("How often children and youth were at pilots, workshops and other meetings."),
    ),
    Published.UNIQUE_BY_BAND: (
        N_("Different children and youth by age"),
        N_(
            "How many different children and youth with a name came at least once. Nobody is matched across "
            "libraries: who goes to two of them is counted in both."
        ),
    ),
    Published.RETURNING: (
        N_("Came back"),
        N_("How many of the different children and youth came on two days or more, and how many on one."),
    ),
    Published.BOOKED_PLACES: (
        N_("What became of booked places"),
        N_("Of the places that were booked when the time for cancelling ran out: how many were used."),
    ),
    Published.RESIDENTS: (
        N_("Where the children and youth live"),
        N_("Different children and youth with a name, by the municipality that the family gave."),
    ),
}
# What columns are called, in the order in which they stand.
_COLUMNS: Final[Mapping[str, str]] = {
    "0_5": BANDS[HeadcountBand.UNDER_6],
    "0_12": N_("under 13"),
    "6_12": BANDS[HeadcountBand.AGE_6_12],
    "13_15": BANDS[HeadcountBand.AGE_13_15],
    "13_18": N_("13–18 years"),
    "16_18": BANDS[HeadcountBand.AGE_16_18],
    "pilot": KIND_NAMES["pilot"],
    "other": N_("Other meetings"),
    "returning": N_("Came back"),
    "once": N_("Came once"),
    "came": N_("Came"),
    "no_show": N_("Stayed away without a word"),
    "late": N_("Cancelled too late"),
    ELSEWHERE: N_("Other municipalities"),
}
_ORDER: Final = {code: place for place, code in enumerate(_COLUMNS)}
_HIDDEN: Final[Value] = Sign.HIDDEN
_MISSING: Final[Value] = Sign.MISSING
_MONTH_LENGTH: Final = len("2026-08")
_ROWS_ARE_PLACES: Final = frozenset({Published.RESIDENTS})


def value_of(shown: Shown) -> Value:
    """Return what a table of ours holds for a published figure: its number, or why there is none."""
    return shown.told(number=_itself, hidden=_HIDDEN, missing=_MISSING)


def published_cells(told: PublishedTable, rows: Mapping[str, str]) -> Table:
    """Return a published table with the rows in this order, by their names; the sum comes last."""
    order = [*(code for code in rows if code in told.rows), *(code for code in told.rows if code not in rows)]
    columns = columns_of(told)
    cells = [[told.at(row, column) for column in columns] for row in order]
    title = gettext(TABLE_WORDS[told.code][0])
    first = gettext("Municipality") if told.code in _ROWS_ARE_PLACES else gettext("Library")
    return Table(
        code=told.code.value.replace("_", "-"),
        title=title,
        columns=(("row", first), *((column, column_words(column)) for column in columns)),
        rows=tuple(
            (row_words(code, rows), *(value_of(cell) for cell in line))
            for code, line in zip(order, cells, strict=True)
        ),
        dated=dict(_older(cells, columns, told.through_on)),
        meanings=((title, gettext(TABLE_WORDS[told.code][1])),),
    )


def columns_of(told: PublishedTable) -> list[str]:
    """Return the columns as people read them: months in time, ages from young to old, the sum last."""
    return sorted(told.columns, key=lambda code: (code == ALL, _ORDER.get(code, -1), code))


def row_words(code: str, rows: Mapping[str, str]) -> str:
    """Return what a row is called."""
    if code == ALL:
        return str(gettext("All together"))
    return rows.get(code) or column_words(code)


def column_words(code: str) -> str:
    """Return what a column is called."""
    if code == ALL:
        return str(gettext("Altogether"))
    if _is_month(code):
        return month_short(date(int(code[:4]), int(code[5:]), 1))
    return str(gettext(_COLUMNS[code])) if code in _COLUMNS else code


def _itself(number: int) -> Value:
    return number


def _older(
    cells: list[list[Shown]], columns: list[str], through_on: date
) -> Iterable[tuple[tuple[int, int], date]]:
    for row, line in enumerate(cells):
        for column, cell in enumerate(line, start=1):
            # A month is told once, and is as old as its name says.
            if cell.through_on not in {None, through_on} and not _is_month(columns[column - 1]):
                yield (row, column), cell.through_on or through_on


def _is_month(code: str) -> bool:
    return len(code) == _MONTH_LENGTH and code[4] == "-" and code[:4].isdigit()
