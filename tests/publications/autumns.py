"""Half-years by chance, let out month by month."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import ceil
from random import Random

from booking.publications.gate import Told, decide
from booking.publications.ledger import Block, HalfYear, Key, Measure, Place, added_since, made_to_fit
from booking.publications.protection import Rule
from booking.publications.room import Crowd, Gathering, room_of
from booking.publications.tables import ALL, ELSEWHERE

BANDS = ("0_5", "6_12", "13_15", "16_18")
KINDS = ("pilot", "other")


@dataclass
class Autumn:
    """A half-year of some libraries, some of them with few children.

    Libraries that are in `joined` come with that month; `least_counts` are the setting month by month. Where
    `fullness` is given, so much of the places at each meeting is taken; else nobody knows how many there are.
    """

    random: Random
    libraries: tuple[str, ...]
    months: int
    rule: Rule = field(default_factory=Rule)
    municipalities: tuple[str, ...] = ("3401", "3416", ELSEWHERE)
    first_month: int = 8
    joined: Mapping[str, int] = field(default_factory=dict)
    least_counts: tuple[int, ...] = ()
    mends: bool = False
    fullness: float | None = None
    least_places: int = 8
    gatherings: list[Sequence[Gathering]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    told: list[Mapping[Place, Told]] = field(default_factory=list)

    def pass_by(self) -> None:
        """Let every month be counted and let out."""
        sizes = {library: self.random.choice([2, 6, 20]) for library in self.libraries}
        now: Counter[Key] = Counter()
        for month in range(self.months):
            if self.mends:
                self._mend(now, self.here(month))
            now += (added := self._month(sizes, month))
            self.gatherings.append(self.meetings_of(added, month))
            self.let_out(added_since(self.blocks, now))

    def let_out(self, added: Mapping[Key, int], once: Mapping[Key, int] | None = None) -> None:
        """Let the next month out, which added so many; the last one with what is counted once."""
        is_over = len(self.blocks) == self.months - 1
        now = Block(month="", added=added)
        whole = made_to_fit(once or self._once(), [*self.blocks, now], self.libraries) if is_over else {}
        month = f"2026-{self.first_month + len(self.blocks):02d}"
        room = {**room_of(self.gatherings[-1]), **self._bookable()} if self.gatherings else {}
        self._let_out(Block(month=month, added={**added, **whole}, room=room), is_over=is_over)

    def _bookable(self) -> Mapping[Crowd, int]:
        places: Counter[Crowd] = Counter()
        for each in (each for held in self.gatherings for each in held):
            places[each.library, each.kind, ()] += each.places or 0
        return places

    def here(self, month: int) -> tuple[str, ...]:
        """Return the libraries that there are in a month."""
        return tuple(each for each in self.libraries if self.joined.get(each, 0) <= month)

    def rule_of(self, month: int) -> Rule:
        """Return the rule of a month, after those that came before."""
        if not self.least_counts:
            return self.rule
        return Rule(least_count=self.least_counts[month]).after(self.least_counts[:month])

    def _mend(self, now: Counter[Key], libraries: Sequence[str]) -> None:
        """Mend registers to fewer, also of months that were let out; some meetings were another library's."""
        for key in [key for key in now if key[0] is Measure.ATTENDANCES]:
            if self.random.random() < 0.3:
                fewer = self.random.randint(0, now[key])
                now[key] -= fewer
                if self.random.random() < 0.5:
                    now[key[0], self.random.choice(libraries), key[2]] += fewer
        for measure, library, band in list(now):
            if measure is Measure.UNIQUE:
                came = sum(now[Measure.ATTENDANCES, library, f"{band} {kind}"] for kind in KINDS)
                now[measure, library, band] = min(now[measure, library, band], came)

    def _month(self, sizes: Mapping[str, int], month: int) -> Counter[Key]:
        added: Counter[Key] = Counter()
        for library in self.here(month):
            for band in BANDS:
                came = 0
                for kind in KINDS:
                    count = self.random.choice([0, self.random.randint(0, sizes[library])])
                    added[Measure.ATTENDANCES, library, f"{band} {kind}"] = count
                    came += count
                added[Measure.UNIQUE, library, band] = self.random.randint(0, came // (month + 1))
        return added

    def meetings_of(self, added: Mapping[Key, int], month: int) -> Sequence[Gathering]:
        """Return the meetings at which they were: two of each kind, each for some of the ages or for all."""
        if self.fullness is None:
            return []
        seats, found = Random(month), []
        for library, kind in product(self.here(month), KINDS):
            counts = {band: added[Measure.ATTENDANCES, library, f"{band} {kind}"] for band in BANDS}
            first = {band: seats.choice([0, count, count // 2]) for band, count in counts.items()}
            rest = {band: count - first[band] for band, count in counts.items()}
            for came in (first, rest):
                places = max(ceil(sum(came.values()) / self.fullness), self.least_places)
                found.append(Gathering(library=library, kind=kind, places=places, came=came))
        return found

    def _once(self) -> dict[Key, int]:
        once: dict[Key, int] = {}
        for library in self.libraries:
            once[Measure.RETURNING, library, "returning"] = self.random.randint(0, 30)
            for column in ("came", "no_show", "late"):
                once[Measure.BOOKED, library, column] = self.random.randint(0, 20)
        for place in self.municipalities:
            once[Measure.RESIDENTS, place, ALL] = self.random.randint(0, 20)
        return once

    def _let_out(self, block: Block, *, is_over: bool) -> None:
        half_year = HalfYear(
            libraries=self.here(len(self.blocks)),
            municipalities=self.municipalities,
            blocks=(*self.blocks, block),
            is_over=is_over,
        )
        everywhere = frozenset(self.libraries)
        told = decide(
            half_year, self.rule_of(len(self.blocks)), held={block.month: everywhere, ALL: everywhere}
        )
        states = {place: figure.state for place, figure in told.items()}
        self.blocks.append(replace(block, told=states))
        self.told.append(told)
