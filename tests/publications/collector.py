"""Somebody who keeps every figure that was ever let out, of every table and month, and reckons."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from typing import Any

from booking.publications.gate import Told
from booking.publications.ledger import Block, Measure, Place
from booking.publications.room import Gathering
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table
from tests.publications.autumns import BANDS, KINDS, Autumn
from tests.publications.outsider import Outsider

GROUPS = {**{band: (band,) for band in BANDS}, "0_12": BANDS[:2], "13_18": BANDS[2:], ALL: BANDS}


class Collector:
    """Somebody who keeps every figure ever let out of an autumn, and knows how they hang together.

    Without a month, she sees of that one and of later ones only what is nought.
    """

    def __init__(self, autumn: Autumn, without_month: int | None = None) -> None:
        self.autumn = autumn
        self.outsider = Outsider()
        self._last = autumn.months - 1
        for month, told in enumerate(autumn.told):
            is_seen = without_month is None or month < without_month
            for place, figure in told.items():
                if not self._is_withheld(place, told):
                    value = figure.value if is_seen or not figure.value else None
                    self.outsider.sees(self.sum_of(self.names(month, place)), value)
        self._know()

    def sum_of(self, names: Sequence[Any]) -> Any:
        """Return a sum of counts as her model has it."""
        return self.outsider.some(*names)

    def names(self, month: int, place: Place) -> list[Any]:
        """Return of which counts a figure is the sum, by the words of its table alone."""
        table, row, column = place
        rows = self.autumn.libraries if row == ALL else (row,)
        if table is Table.ATTENDANCES_BY_MONTH and column != ALL:
            return self.attendances([month], rows, BANDS, KINDS)
        if table in {Table.ATTENDANCES_BY_MONTH, Table.ATTENDANCES_BY_BAND}:
            return self.attendances(range(month + 1), rows, GROUPS[column], KINDS)
        if table is Table.ATTENDANCES_BY_KIND:
            return self.attendances(range(month + 1), rows, BANDS, KINDS if column == ALL else (column,))
        if table is Table.UNIQUE_BY_BAND or (table is Table.RETURNING and column == ALL):
            return self.unique(range(month + 1), rows, GROUPS[column])
        return list(self._once(table, row, column))

    def attendances(self, months: Any, rows: Any, bands: Any, kinds: Any) -> list[Any]:
        """Return the attendances of some months, libraries, bands and kinds.

        She knows where nobody was: who reads the programme sees when a library held no pilot, and for whom
        its meetings were.
        """
        found = [("a", *each) for each in product(months, rows, bands, kinds)]
        return [each for each in found if self._was_there(each[1], each[2]) and self._true(each)]

    def unique(self, months: Any, rows: Any, bands: Any) -> list[Any]:
        """Return who came for the first time in some months, to some libraries, of some bands."""
        return [("u", *each) for each in product(months, rows, bands) if self._was_there(each[0], each[1])]

    def _was_there(self, month: int, row: str) -> bool:
        return row in self.autumn.here(month)

    def _once(self, table: Table, row: str, column: str) -> Iterator[Any]:
        places = self.autumn.municipalities if table is Table.RESIDENTS else self.autumn.libraries
        columns = {Table.BOOKED_PLACES: ("came", "no_show", "late")}.get(table, (column,))
        for each in places if row == ALL else (row,):
            yield from ((table, each, name) for name in (columns if column == ALL else (column,)))

    def _is_withheld(self, place: Place, told: Mapping[Place, Told]) -> bool:
        # How a group below ten divides is never told, also where a part is nought: nothing is known. The same
        # goes for all libraries together where one of them has so few.
        table, row, column = place
        if table not in {Table.RETURNING, Table.BOOKED_PLACES} or column == ALL:
            return False
        rows = (ALL, *self.autumn.libraries) if row == ALL else (row,)
        is_small = any(0 < self.truth((table, each, ALL)) < 10 for each in rows)
        return is_small and told[place].state is CellState.HIDDEN

    def truth(self, place: Place, month: int | None = None) -> int:
        """Return how many there really are, which she does not know."""
        names = self.names(self._last if month is None else month, place)
        return sum(self._true(name) for name in names)

    def _true(self, name: tuple[Any, ...]) -> int:
        if name[0] == "a":
            block: Block = self.autumn.blocks[name[1]]
            return block.added.get((Measure.ATTENDANCES, name[2], f"{name[3]} {name[4]}"), 0)
        if name[0] == "u":
            block = self.autumn.blocks[name[1]]
            return block.added.get((Measure.UNIQUE, name[2], name[3]), 0)
        measures = {Table.RETURNING: Measure.RETURNING, Table.BOOKED_PLACES: Measure.BOOKED}
        measure = measures.get(name[0], Measure.RESIDENTS)
        return self.autumn.blocks[-1].added.get((measure, name[1], name[2]), 0)

    def _know(self) -> None:
        months = range(self.autumn.months)
        know, some = self.outsider.knows, self.outsider.some
        for row in self.autumn.libraries:
            for month, band in product(months, BANDS):
                if not self._was_there(month, row):
                    continue
                came = some(*self.attendances([month], [row], [band], KINDS))
                know(some(*self.unique([month], [row], [band])) <= came)
            unique = some(*self.unique(months, [row], BANDS))
            came = some(*self.attendances(months, [row], BANDS, KINDS))
            returned, once = ((Table.RETURNING, row, each) for each in ("returning", "once"))
            know(some(returned) + some(once) == unique)
            know(2 * some(returned) + some(once) <= came)
            know(some((Table.BOOKED_PLACES, row, "came")) <= came)
        for month, held in enumerate(self.autumn.gatherings):
            self._know_places(month, held)
        lives = [(Table.RESIDENTS, place, ALL) for place in self.autumn.municipalities]
        know(some(*lives) == some(*self.unique(months, self.autumn.libraries, BANDS[1:])))

    def _know_places(self, month: int, held: Sequence[Gathering]) -> None:
        """Know that nowhere more came than there were places, and for which ages each meeting was."""
        know, some = self.outsider.knows, self.outsider.some
        seats = {
            (number, band): ("seat", month, number, band)
            for number, each in enumerate(held)
            for band in BANDS
            if each.came.get(band)
        }
        for number, each in enumerate(held):
            here = [seat for (its, _band), seat in seats.items() if its == number]
            if each.places is not None and here:
                know(some(*here) <= each.places)
        for row, kind, band in product(self.autumn.here(month), KINDS, BANDS):
            there = [
                seats[number, band]
                for number, each in enumerate(held)
                if (each.library, each.kind) == (row, kind) and (number, band) in seats
            ]
            came = self.attendances([month], [row], [band], (kind,))
            if came and there:
                know(some(*there) == some(*came))

    def least_count_of(self, names: Sequence[Any]) -> int:
        """Return the least count of when the newest of some counts came that are not nought."""
        return self.autumn.rule_of(self.newest_of(names)).least_count

    def newest_of(self, names: Sequence[Any]) -> int:
        """Return the month in which the newest of some counts came that are not nought."""
        newest = [self._last if isinstance(name[0], Table) else name[1] for name in names if self._true(name)]
        return max(newest, default=0)

    def hidden(self, *, by_division: bool = True) -> Iterator[tuple[str, list[Any]]]:
        """Return every figure that was ever hidden; with or without the divisions of groups below ten."""
        for month, told in enumerate(self.autumn.told):
            for place, figure in told.items():
                if not by_division and self._is_withheld(place, told):
                    continue
                names = self.names(month, place)
                if figure.state is CellState.HIDDEN and self.truth(place, month):
                    yield f"{place} {month}", names

    def growth(self) -> Iterator[tuple[str, list[Any]]]:
        """Return what came in each row of months to each library, kind and band, where it is few."""
        libraries = self.autumn.libraries
        spans = combinations_with_replacement(range(self.autumn.months), 2)
        for rows, (first, last) in product([*zip(libraries), libraries], spans):
            span = range(first, last + 1)
            found = [(kind, self.attendances(span, rows, BANDS, (kind,))) for kind in KINDS]
            for bands in (*zip(BANDS), BANDS):
                found.append(("attendances", self.attendances(span, rows, bands, KINDS)))
                found.append(("unique", self.unique(span, rows, bands)))
            for what, names in found:
                if 1 <= sum(map(self._true, names)) < self.least_count_of(names):
                    yield f"{what} {rows} {first}–{last}", names
