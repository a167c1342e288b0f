"""What is let out of a half-year: which figures, from which parts, and what was let out before."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from booking.participation.rules import AgeBand
from booking.publications.room import Crowd
from booking.publications.shown import CellState
from booking.publications.tables import ALL, ELSEWHERE, Table

Place = tuple[Table, str, str]


class Measure(StrEnum):
    """What is counted, exactly, before anything is let out."""

    ATTENDANCES = "attendances"
    UNIQUE = "unique"
    RETURNING = "returning"
    BOOKED = "booked"
    RESIDENTS = "residents"


# What a count is of, and in what row and column: attendances by band and kind («6_12 pilot»).
Key = tuple[Measure, str, str]

PILOT, OTHER = "pilot", "other"
KINDS: Final = (PILOT, OTHER)
RETURNED, ONCE = "returning", "once"
CAME, NO_SHOW, LATE = "came", "no_show", "late"
BANDS: Final = tuple(band.value for band in AgeBand if band is not AgeBand.OVER_18)
# The finest first; where more than a third of a table would be hidden, the next is told instead.
GROUPINGS: Final[Sequence[Mapping[str, tuple[str, ...]]]] = (
    {band: (band,) for band in BANDS},
    {"0_12": ("0_5", "6_12"), "13_18": ("13_15", "16_18")},
    {},
)
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {**GROUPINGS[0], **GROUPINGS[1], ALL: BANDS}

_COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = {
    Table.ATTENDANCES_BY_KIND: (*KINDS, ALL),
    Table.RETURNING: (RETURNED, ONCE, ALL),
    Table.BOOKED_PLACES: (CAME, NO_SHOW, LATE, ALL),
    Table.RESIDENTS: (ALL,),
}
_ONCE_A_HALF_YEAR: Final = (Table.RETURNING, Table.BOOKED_PLACES, Table.RESIDENTS)
_MEASURES: Final[Mapping[Table, Measure]] = {
    Table.UNIQUE_BY_BAND: Measure.UNIQUE,
    Table.RETURNING: Measure.RETURNING,
    Table.BOOKED_PLACES: Measure.BOOKED,
    Table.RESIDENTS: Measure.RESIDENTS,
}


@dataclass(frozen=True, kw_only=True)
class Block:
    """One month of counting: what it added, how many there could have been, and what was let out with it."""

    month: str
    added: Mapping[Key, int]
    room: Mapping[Crowd, int] = field(default_factory=dict)
    told: Mapping[Place, CellState] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HalfYear:
    """The months of a half-year so far, of these libraries; the municipalities are where people live."""

    libraries: tuple[str, ...]
    municipalities: tuple[str, ...]
    blocks: tuple[Block, ...]
    is_over: bool = False

    def places(self, grouping: Mapping[str, tuple[str, ...]]) -> Iterator[Place]:
        """Return every place that is filled with the newest month."""
        for table in Table:
            if table not in _ONCE_A_HALF_YEAR or self.is_over:
                rows = self.municipalities if table is Table.RESIDENTS else self.libraries
                for column in self._columns(table, grouping):
                    yield from ((table, row, column) for row in (*rows, ALL))

    def keys_at(self, block: int, place: Place) -> Iterator[tuple[int, Key]]:
        """Return what adds up to the figure that was let out in a place with a month, each with its month."""
        table, row, column = place
        if table is Table.ATTENDANCES_BY_MONTH and column != ALL:
            yield from self._keys(block, table, row, ALL)
        elif table in _ONCE_A_HALF_YEAR and not (table is Table.RETURNING and column == ALL):
            yield from self._keys(block, table, row, column)
        else:
            for month in range(block + 1):
                yield from self._keys(month, table, row, column)

    def libraries_in(self, block: int) -> tuple[str, ...]:
        """Return the libraries of a month; everybody sees that one that came later has no row before."""
        rows = {row for table, row, _column in self.blocks[block].told if table is Table.ATTENDANCES_BY_MONTH}
        return tuple(sorted(rows - {ALL})) or self.libraries

    def _columns(self, table: Table, grouping: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        if table is Table.ATTENDANCES_BY_MONTH:
            return self.blocks[-1].month, ALL
        return _COLUMNS.get(table, (*grouping, ALL))

    def _keys(self, month: int, table: Table, row: str, column: str) -> Iterator[tuple[int, Key]]:
        here = self.libraries_in(month)
        rows = self.municipalities if table is Table.RESIDENTS else here
        for each in (row,) if row != ALL else rows:
            if each in rows:
                yield from ((month, key) for key in keys_of(table, each, column))


def keys_of(table: Table, row: str, column: str) -> Iterator[Key]:
    """Return what adds up to one row's figure in one month."""
    measure = _MEASURES.get(table, Measure.ATTENDANCES)
    if measure is Measure.ATTENDANCES:
        kinds = (column,) if column in KINDS else KINDS
        bands = GROUPS.get(column, BANDS)
        yield from ((measure, row, f"{band} {kind}") for band in bands for kind in kinds)
    elif measure is Measure.UNIQUE or (measure is Measure.RETURNING and column == ALL):
        yield from ((Measure.UNIQUE, row, band) for band in GROUPS[column])
    elif measure is Measure.RESIDENTS or column != ALL:
        yield measure, row, column
    else:
        yield from ((measure, row, each) for each in _COLUMNS[table] if each != ALL)


def added_since(past: Sequence[Block], now: Mapping[Key, int]) -> dict[Key, int]:
    """Return what is new since the months that were let out; what became fewer is made up for later.

    A register that is mended late changes no month that was let out: it counts with the next one.
    """
    before: Counter[Key] = Counter()
    for block in past:
        before.update(block.added)
    new = {key: max(persons - before[key], 0) for key, persons in now.items()}
    for (measure, row, column), persons in list(new.items()):
        if measure is Measure.UNIQUE:
            came = sum(new.get((Measure.ATTENDANCES, row, f"{column} {kind}"), 0) for kind in KINDS)
            new[measure, row, column] = min(persons, came)
    return new


def made_to_fit(once: Mapping[Key, int], blocks: Sequence[Block], libraries: Iterable[str]) -> dict[Key, int]:
    """Return what is counted when the half-year is over so that it adds up with what was let out before.

    It does by itself, unless registers of months that were let out were mended to fewer.
    """
    fitting = dict(once)
    all_grown = 0
    for library in libraries:
        came, unique = (_all(blocks, measure, library) for measure in (Measure.ATTENDANCES, Measure.UNIQUE))
        returned = min(once.get((Measure.RETURNING, library, RETURNED), 0), unique, came - unique)
        fitting[Measure.RETURNING, library, RETURNED] = returned
        fitting[Measure.RETURNING, library, ONCE] = unique - returned
        kept = (Measure.BOOKED, library, CAME)
        fitting[kept] = min(once.get(kept, 0), came)
        all_grown += unique - _all(blocks, Measure.UNIQUE, library, BANDS[0])
    _settle(fitting, all_grown)
    return fitting


def _settle(fitting: dict[Key, int], all_grown: int) -> None:
    """Let where people live add up to how many they are; what cannot be placed lives elsewhere."""
    fitting.setdefault((Measure.RESIDENTS, ELSEWHERE, ALL), 0)
    found = (key for key in fitting if key[0] is Measure.RESIDENTS)
    places = sorted(found, key=lambda key: key[1] != ELSEWHERE)
    surplus = sum(fitting[key] for key in places) - all_grown
    for key in places:
        taken = min(surplus, fitting[key])
        fitting[key] -= taken
        surplus -= taken


def _all(blocks: Sequence[Block], measure: Measure, library: str, column: str | None = None) -> int:
    return sum(
        persons
        for block in blocks
        for (its, row, where), persons in block.added.items()
        if its is measure and row == library and column in (None, where)
    )
