"""What was published of persons: missing, and not nought, where all of them were counted at the door."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from booking.publications.shown import MISSING, Shown
from booking.publications.tables import PublishedTable, Table

Tables = Mapping[Table, PublishedTable]

_HIDDEN: Final = -1


def as_known(tables: Tables, places: Mapping[str, str]) -> Tables:
    """Return the tables with what nobody knows as missing; `places` is the municipality of each library.

    Where a library counted everybody at the door, none of them has a name. That nought persons with a name
    came is published then, and says nothing of how many came. Only published numbers are looked at, so
    that this tells no more than they do.
    """
    if not {Table.UNIQUE_BY_BAND, Table.ATTENDANCES_BY_BAND} <= tables.keys():
        return tables
    unique, came = tables[Table.UNIQUE_BY_BAND], tables[Table.ATTENDANCES_BY_BAND]
    nameless = {row for row in unique.rows if _number(unique.at(row)) == 0 < _number(came.at(row))}
    at_home = {places[row] for row in nameless if row in places}
    known = {Table.UNIQUE_BY_BAND: _by_band(unique, came, nameless)}
    for code, rows in ((Table.RETURNING, nameless), (Table.RESIDENTS, at_home)):
        if code in tables:
            known[code] = _without(tables[code], rows)
    return {**tables, **known}


def _by_band(unique: PublishedTable, came: PublishedTable, nameless: Collection[str]) -> PublishedTable:
    return replace(
        unique,
        cells={
            (row, column): MISSING
            if _number(cell) == 0 and _is_open(came.at(row, column), row in nameless)
            else cell
            for (row, column), cell in unique.cells.items()
        },
    )


def _is_open(came: Shown, is_nameless: bool) -> bool:  # noqa: FBT001 – one question of one cell
    number = _number(came)
    return number > 0 or (is_nameless and number == _HIDDEN)


def _without(table: PublishedTable, rows: Collection[str]) -> PublishedTable:
    cells = {
        (row, column): MISSING if row in rows and _number(cell) == 0 else cell
        for (row, column), cell in table.cells.items()
    }
    return replace(table, cells=cells)


def _number(cell: Shown) -> int:
    return cell.told(number=int, hidden=_HIDDEN, missing=_HIDDEN)
