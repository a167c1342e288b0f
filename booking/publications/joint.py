"""All that was ever let out of a half-year, and all that is to be, as counts that hang together."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Final

from booking.publications.beforehand import Beforehand
from booking.publications.ledger import (
    BANDS,
    CAME,
    GROUPINGS,
    KINDS,
    LATE,
    NO_SHOW,
    ONCE,
    RETURNED,
    HalfYear,
    Key,
    Measure,
    Place,
    keys_of,
)
from booking.publications.protection import Cell, Counts
from booking.publications.shown import CellState
from booking.publications.tables import ALL, SMALL_GROUP, Table

# The figures whose growth from month to month nobody may work out either while it is small.
_GROWING: Final = (Table.ATTENDANCES_BY_BAND, Table.ATTENDANCES_BY_KIND, Table.UNIQUE_BY_BAND)
# How a small group divides is not told: that all did, or none, is told of each one.
_DIVIDED: Final = {Table.RETURNING: (RETURNED, ONCE), Table.BOOKED_PLACES: (CAME, NO_SHOW, LATE)}

Parts = tuple[int, ...]


@dataclass
class Joint:
    """The counts of a half-year, with the places in which each cell stands.

    Of the newest month it is still to be decided what is told, unless something was told of it already.
    """

    half_year: HalfYear
    grouping: Mapping[str, tuple[str, ...]]
    parts: dict[tuple[int, Key], int] = field(init=False, default_factory=dict)
    values: list[int] = field(init=False, default_factory=list)
    cells: dict[tuple[int, Parts], list[Place]] = field(init=False, default_factory=dict)
    withheld: frozenset[Place] = field(init=False)

    def __post_init__(self) -> None:
        """Number the parts, and find the cells: the same sum in two tables is one cell."""
        for month, block in enumerate(self.half_year.blocks):
            for key in self._keys(month):
                self.parts[month, key] = len(self.values)
                self.values.append(block.added.get(key, 0))
        last = len(self.half_year.blocks) - 1
        places = list(self.half_year.blocks[-1].told or self.half_year.places(self.grouping))
        self.withheld = frozenset(place for place in places if self._is_small_group(last, place))
        for month, block in enumerate(self.half_year.blocks):
            for place in block.told if month < last else places:
                if place not in self.withheld:
                    self.cells.setdefault((month, self.parts_at(month, place)), []).append(place)

    def counts(self) -> Counts:
        """Return the counts, with what was told already and what is to be decided."""
        names = list(self.cells)
        last = len(self.half_year.blocks) - 1
        decided = last + 1 if self.half_year.blocks[-1].told else last
        told = {number: self._told(*name) for number, name in enumerate(names) if name[0] < decided}
        beforehand = Beforehand(self.half_year, self.parts, self.values)
        return Counts(
            parts=self.values,
            cells=[self._cell(month, parts) for month, parts in names],
            limits=list(beforehand.limits()),
            rooms=list(beforehand.rooms()),
            watched=list(dict.fromkeys(self._growth())),
            equations=list(self._equations(names)),
            shown=frozenset(number for number, state in told.items() if state is not CellState.HIDDEN),
            hidden=frozenset(number for number, state in told.items() if state is CellState.HIDDEN),
        )

    def value_at(self, place: Place) -> int:
        """Return the exact figure in a place with the newest month."""
        return self._sum_at(len(self.half_year.blocks) - 1, place)

    def parts_at(self, month: int, place: Place) -> Parts:
        """Return the parts of the figure in a place."""
        keys = self.half_year.keys_at(month, place)
        return tuple(sorted(self.parts[key] for key in keys if key in self.parts))

    def _keys(self, month: int) -> Iterator[Key]:
        half_year = self.half_year
        added = half_year.blocks[month].added
        for library in half_year.libraries_in(month):
            # Where nobody was is known: whoever reads the programme sees when a library held no pilot, and
            # for whom its meetings were. So nobody of another place could have been there either.
            yield from (key for key in keys_of(Table.ATTENDANCES_BY_BAND, library, ALL) if added.get(key))
            yield from keys_of(Table.UNIQUE_BY_BAND, library, ALL)
        if half_year.is_over and month == len(half_year.blocks) - 1:
            for library in half_year.libraries:
                yield from ((Measure.RETURNING, library, column) for column in (RETURNED, ONCE))
                yield from keys_of(Table.BOOKED_PLACES, library, ALL)
            yield from ((Measure.RESIDENTS, place, ALL) for place in half_year.municipalities)

    def _is_small_group(self, last: int, place: Place) -> bool:
        table, row, column = place
        if table not in _DIVIDED or column == ALL:
            return False
        if row != ALL:
            return row in self._small_groups(last, table)
        # Whoever takes the large ones off all libraries' has the small ones together: that all of these did,
        # or none, would be told of each as well.
        small = self._small_groups(last, table)
        parts = [sum(self._sum_at(last, (table, each, name)) for each in small) for name in _DIVIDED[table]]
        return 0 < self._sum_at(last, (table, ALL, ALL)) < SMALL_GROUP or (
            bool(small) and (sum(parts) < SMALL_GROUP or 0 in parts)
        )

    def _small_groups(self, last: int, table: Table) -> list[str]:
        libraries = self.half_year.libraries
        return [each for each in libraries if 0 < self._sum_at(last, (table, each, ALL)) < SMALL_GROUP]

    def _sum_at(self, month: int, place: Place) -> int:
        return sum(self.values[part] for part in self.parts_at(month, place))

    def _told(self, month: int, parts: Parts) -> CellState:
        return self.half_year.blocks[month].told[self.cells[month, parts][0]]

    def _cell(self, month: int, parts: Parts) -> Cell:
        """Return the cell; what is newer than the last time its number was told stands apart."""
        place = self.cells[month, parts][0]
        before = [
            earlier
            for earlier in range(month)
            if self.half_year.blocks[earlier].told.get(place) is CellState.NUMBER
        ]
        known = self.parts_at(before[-1], place) if before else ()
        newer = tuple(part for part in parts if part not in set(known))
        return Cell(name=(month, place), parts=parts, newer=newer or parts)

    def _growth(self) -> Iterator[Parts]:
        """Return what came to each growing figure over each row of months."""
        months = range(len(self.half_year.blocks))
        columns = {Table.ATTENDANCES_BY_KIND: (*KINDS, ALL)}
        spans = list(combinations_with_replacement(months, 2))
        for table in _GROWING:
            for column in columns.get(table, (*BANDS, *GROUPINGS[1], ALL)):
                for row in (*self.half_year.libraries, ALL):
                    rows = self.half_year.libraries if row == ALL else (row,)
                    keys = [key for each in rows for key in keys_of(table, each, column)]
                    for first, last in spans:
                        names = [(month, key) for month in range(first, last + 1) for key in keys]
                        yield tuple(self.parts[name] for name in names if name in self.parts)
        yield from ((number,) for number in range(len(self.values)))

    def _equations(self, names: Sequence[tuple[int, Parts]]) -> Iterator[tuple[int, ...]]:
        """Return rows and columns of the newest tables."""
        last = len(self.half_year.blocks) - 1
        number = {place: at for at, name in enumerate(names) if name[0] == last for place in self.cells[name]}
        lines: dict[Hashable, set[int]] = {}
        for (table, row, column), at in number.items():
            if table is not Table.ATTENDANCES_BY_MONTH or column != ALL:
                lines.setdefault((table, "column", column), set()).add(at)
            if table is not Table.ATTENDANCES_BY_MONTH:
                lines.setdefault((table, "row", row), set()).add(at)
        for table, row, column in self.withheld:
            lines.pop((table, "row", row), None)
            lines.pop((table, "column", column), None)
        yield from (tuple(sorted(line)) for line in lines.values() if len(line) > 1)
