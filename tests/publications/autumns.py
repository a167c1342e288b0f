"""Autumns by chance, let out month by month, and what an outsider makes of all of it together."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, product
from random import Random
from typing import Any

from booking.publications.gate import Told, decide
from booking.publications.ledger import Block, HalfYear, Key, Measure, Place, made_to_fit
from booking.publications.protection import Rule
from booking.publications.shown import CellState
from booking.publications.tables import ALL, ELSEWHERE, Table
from tests.publications.outsider import Outsider

BANDS = ("0_5", "6_12", "13_15", "16_18")
GROUPS = {**{band: (band,) for band in BANDS}, "0_12": BANDS[:2], "13_18": BANDS[2:], ALL: BANDS}
KINDS = ("pilot", "other")


@dataclass
class Autumn:
    """A half-year of some libraries, some of them with few children."""

    random: Random
    libraries: tuple[str, ...]
    months: int
    rule: Rule = field(default_factory=Rule)
    municipalities: tuple[str, ...] = ("3401", "3416", ELSEWHERE)
    blocks: list[Block] = field(default_factory=list)
    told: list[Mapping[Place, Told]] = field(default_factory=list)

    def pass_by(self) -> None:
        """Let every month be counted and let out."""
        sizes = {library: self.random.choice([2, 6, 20]) for library in self.libraries}
        for month in range(self.months):
            added: dict[Key, int] = dict(self._month(sizes, month))
            if month == self.months - 1:
                added |= self._whole(added)
            self._let_out(Block(month=f"2026-{8 + month:02d}", added=added))

    def _month(self, sizes: Mapping[str, int], month: int) -> Counter[Key]:
        added: Counter[Key] = Counter()
        for library in self.libraries:
            for band in BANDS:
                came = 0
                for kind in KINDS:
                    count = self.random.choice([0, self.random.randint(0, sizes[library])])
                    added[Measure.ATTENDANCES, library, f"{band} {kind}"] = count
                    came += count
                added[Measure.UNIQUE, library, band] = self.random.randint(0, came // (month + 1))
        return added

    def _whole(self, added: Mapping[Key, int]) -> dict[Key, int]:
        once: dict[Key, int] = {}
        for library in self.libraries:
            once[Measure.RETURNING, library, "returning"] = self.random.randint(0, 30)
            for column in ("came", "no_show", "late"):
                once[Measure.BOOKED, library, column] = self.random.randint(0, 20)
        for place in self.municipalities:
            once[Measure.RESIDENTS, place, ALL] = self.random.randint(0, 20)
        return made_to_fit(once, [*self.blocks, Block(month="", added=added)], self.libraries)

    def _let_out(self, block: Block) -> None:
        is_over = len(self.blocks) == self.months - 1
        half_year = HalfYear(
            libraries=self.libraries,
            municipalities=self.municipalities,
            blocks=(*self.blocks, block),
            is_over=is_over,
        )
        everywhere = frozenset(self.libraries)
        told = decide(half_year, self.rule, held={block.month: everywhere, ALL: everywhere})
        states = {place: figure.state for place, figure in told.items()}
        self.blocks.append(Block(month=block.month, added=block.added, told=states))
        self.told.append(told)


class Collector:
    """Somebody who keeps every figure ever let out of an autumn, and knows how they hang together."""

    def __init__(self, autumn: Autumn) -> None:
        self.autumn = autumn
        self.outsider = Outsider()
        self._last = autumn.months - 1
        for month, told in enumerate(autumn.told):
            for place, figure in told.items():
                if not self._is_withheld(place, told):
                    self.outsider.sees(self.sum_of(self.names(month, place)), figure.value)
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
        """Return the attendances of some months, libraries, bands and kinds."""
        return [("a", m, row, band, kind) for m in months for row in rows for band in bands for kind in kinds]

    def unique(self, months: Any, rows: Any, bands: Any) -> list[Any]:
        """Return who came for the first time in some months, to some libraries, of some bands."""
        return [("u", month, row, band) for month in months for row in rows for band in bands]

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
                came = some(*self.attendances([month], [row], [band], KINDS))
                know(some(*self.unique([month], [row], [band])) <= came)
            unique = some(*self.unique(months, [row], BANDS))
            came = some(*self.attendances(months, [row], BANDS, KINDS))
            returned, once = ((Table.RETURNING, row, each) for each in ("returning", "once"))
            know(some(returned) + some(once) == unique)
            know(2 * some(returned) + some(once) <= came)
            know(some((Table.BOOKED_PLACES, row, "came")) <= came)
        lives = [(Table.RESIDENTS, place, ALL) for place in self.autumn.municipalities]
        know(some(*lives) == some(*self.unique(months, self.autumn.libraries, BANDS[1:])))

    def hidden(self) -> Iterator[tuple[str, list[Any]]]:
        """Return every figure that was ever hidden."""
        for month, told in enumerate(self.autumn.told):
            for place, figure in told.items():
                if figure.state is CellState.HIDDEN and self.truth(place, month):
                    yield f"{place} {month}", self.names(month, place)

    def growth(self) -> Iterator[tuple[str, list[Any]]]:
        """Return what came in each row of months to each library and each band, where it is few."""
        libraries = self.autumn.libraries
        spans = combinations_with_replacement(range(self.autumn.months), 2)
        groups = product([*zip(libraries), libraries], [*zip(BANDS), BANDS], spans)
        for rows, bands, (first, last) in groups:
            span = range(first, last + 1)
            for names in (self.attendances(span, rows, bands, KINDS), self.unique(span, rows, bands)):
                if self.autumn.rule.is_small(sum(map(self._true, names))):
                    yield f"{rows} {bands} {first}–{last}", names
