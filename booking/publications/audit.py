"""Whether what is hidden stays hidden, and if not, what more would have to be."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from booking.publications.attacker import Attacker, Extreme, Numbers
from booking.publications.protection import Counts, Rule

_NEARLY: Final = 1e-6


@dataclass(frozen=True)
class Target:
    """A sum that nobody may work out; with a cell only while that cell is hidden."""

    parts: tuple[int, ...]
    cell: int | None = None


@dataclass(frozen=True)
class Demand:
    """What a choice must fulfil: so much of these cells, together, is hidden, if that one is."""

    shares: Numbers
    cell: int | None


@dataclass
class Audit:
    """Asks the attacker, and remembers worlds that were found: the same ones answer many questions."""

    counts: Counts
    rule: Rule
    minds_kinds: bool = field(init=False)
    told_kinds: set[Target] = field(init=False, default_factory=set)
    attacker: Attacker = field(init=False)
    _worlds: Numbers = field(init=False)
    _hidden: frozenset[int] = field(init=False, default=frozenset())
    _same: Numbers = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the world as it is."""
        self.minds_kinds = self.rule.minds_kinds
        self.attacker = Attacker(self.counts)
        self._worlds = np.array([self.counts.parts], dtype=float)
        self._same = self._worlds

    def look(self, hidden: AbstractSet[int]) -> None:
        """Look at one choice of what is hidden."""
        self._hidden = frozenset(hidden)
        self.attacker.learn(self._hidden)
        sums = self._worlds @ self.attacker.sums.T
        is_hidden = np.zeros(len(self.counts.cells), dtype=bool)
        is_hidden[sorted(hidden)] = True
        fits = np.where(is_hidden, sums >= 1, np.isclose(sums, self.attacker.values))
        self._same = self._worlds[fits.all(axis=1)]

    def targets(self) -> Iterator[Target]:
        """Return what must not be worked out from the choice that is looked at, the smallest first."""
        small = [parts for parts in self.counts.watched if self.rule.is_small(self.counts.sum_of(parts))]
        found = [Target(parts) for parts in small]
        found += [Target(self.counts.cells[cell].newer, cell) for cell in self._hidden]
        yield from sorted(found, key=self._order)

    def _order(self, target: Target) -> tuple[int, int, tuple[int, ...]]:
        number = -1 if target.cell is None else target.cell
        return self.counts.sum_of(target.parts), number, target.parts

    def range_of(self, target: Target) -> tuple[int, int]:
        """Return the least and the most that the attacker finds possible, in whole persons."""
        low, high = (self._in_whole(target, most=most) for most in (False, True))
        return low, high

    def hopeless(self) -> frozenset[Target]:
        """Return what the attacker works out whatever is hidden now; of some it is only the kind."""
        unsafe = [target for target in self.targets() if self.demands(target)]
        self.told_kinds.update(target for target in unsafe if target.cell is not None)
        return frozenset(target for target in unsafe if self.demands(target))

    def demands(self, target: Target, *, roughly: bool = False) -> Sequence[Demand]:
        """Return what any choice must fulfil of which this one does not; none when it is safe.

        Roughly means in fractions of persons: what is not safe then is not safe at all.
        """
        known = self._same[:, list(target.parts)].sum(axis=1)
        if self._suffices(target, known.min(), known.max()):
            return []
        low, high = (self._extreme(target, most=most) for most in (False, True))
        if not self._suffices(target, low.reached, high.reached):
            found = [self._demand(target, *each) for each in self._needs(target, low, high)]
            return [each for each in found if each is not None] or [self._more_than_these(target)]
        if roughly or self._suffices(target, *self.range_of(target)):
            return []
        return [self._more_than_these(target)]

    def _has_kind(self, target: Target) -> bool:
        return self.minds_kinds and target.cell is not None and target not in self.told_kinds

    def _suffices(self, target: Target, low: float, high: float) -> bool:
        low, high = low - _NEARLY, high + _NEARLY
        is_open = not self._has_kind(target) or self.rule.leaves_kind_open(low)
        return is_open and self.rule.is_wide(low, high)

    def _extreme(self, target: Target, *, most: bool, whole: bool = False) -> Extreme:
        found = self.attacker.extreme(target.parts, most=most, whole=whole)
        if found.is_whole:
            self._worlds = np.vstack([self._worlds, np.round(found.world)])
            self._same = np.vstack([self._same, np.round(found.world)])
        return found

    def _in_whole(self, target: Target, *, most: bool) -> int:
        found = self._extreme(target, most=most)
        return round((found if found.is_whole else self._extreme(target, most=most, whole=True)).reached)

    def _needs(self, target: Target, low: Extreme, high: Extreme) -> Iterator[tuple[float, Numbers]]:
        least = self.rule.least_count
        yield least - 1 - (high.reached - low.reached), high.slopes + low.slopes
        yield least - high.reached, high.slopes
        if self._has_kind(target):
            yield low.reached - (least - 1), low.slopes

    def _demand(self, target: Target, lacking: float, slopes: Numbers) -> Demand | None:
        """Turn prices into a demand: from nothing hidden, so much has to come together."""
        is_open = np.zeros(len(slopes), dtype=bool)
        is_open[list(self.counts.open)] = True
        gained = slopes * is_open
        needed = lacking + sum(gained[cell] for cell in self._hidden)
        if target.cell is not None:
            needed -= gained[target.cell]
            gained[target.cell] = 0
        shares = np.minimum(gained, needed) / needed if needed > 0 else gained
        reached = sum(shares[cell] for cell in self._hidden)
        return Demand(shares, target.cell) if needed > 0 and reached < 1 - 1e-6 else None

    def _more_than_these(self, target: Target) -> Demand:
        # In fractions of persons it would do, in whole persons it does not: more must hide.
        shares = np.zeros(len(self.counts.cells))
        shares[[cell for cell in self.counts.open if cell not in self._hidden]] = 1
        return Demand(shares, target.cell)
