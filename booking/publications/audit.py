"""Whether what is hidden stays hidden, and if not, what more would have to be."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np

from booking.publications.attacker import Attacker, Extreme, Numbers, matrix_of
from booking.publications.prices import as_shares, slopes
from booking.publications.protection import Counts, Rule, Target
from booking.publications.worlds import Worlds

_NEARLY: Final = 1e-6
# The lowest that can still be asked for: that it might be one person more, or fewer.
_SOME_DOUBT: Final = 2


@dataclass(frozen=True)
class Demand:
    """What a choice must fulfil: so much of these cells, together, is hidden, if that one is."""

    shares: Numbers
    cell: int | None


class Audit:
    """Asks the attacker about one choice after the other, also in fractions: those get hints only."""

    def __init__(self, counts: Counts, rule: Rule) -> None:
        """Find what must not be worked out, the smallest first."""
        self.counts, self.rule, self.minds_kinds = counts, rule, rule.minds_kinds
        self.told_kinds: set[Target] = set()
        self.asked = 0
        self._lowered: dict[Target, int] = {}
        self._attacker = Attacker(counts)
        self._targets = sorted(self._every_target(), key=self._order)
        self._number = {target: number for number, target in enumerate(self._targets)}
        self._times = matrix_of([target.parts for target in self._targets], len(counts.parts))
        self._worlds = Worlds(self._attacker.sums, self._times, counts.parts)
        self._truth = self._worlds.sought_in(np.array(counts.parts))
        self._is_open = np.isin(np.arange(len(counts.cells)), counts.open)
        self._is_free = self._is_open.copy()
        self._down = np.maximum(self._attacker.values - 1, 0)
        self.look(counts.hidden)

    def force(self, hidden: AbstractSet[int]) -> None:
        """Take for granted that some cells are hidden: what is demanded holds for such choices only."""
        self._is_free = self._is_open.copy()
        self._is_free[sorted(hidden)] = False

    def look(self, hidden: AbstractSet[int]) -> None:
        """Look at one choice of what is hidden."""
        self._shares = np.zeros(len(self.counts.cells))
        self._shares[sorted(hidden)] = 1
        known = self._worlds.fitting(*self._bounds(self._shares, self._attacker.room))
        self._low, self._high = known.min(axis=0).astype(float), known.max(axis=0).astype(float)

    def glance(self, shares: Numbers) -> None:
        """Look at one choice that is made in fractions yet."""
        self._shares = np.where(self._is_open, shares, 0.0)
        self._shares[sorted(self.counts.hidden)] = 1
        self._low, self._high = self._truth.copy(), self._truth.copy()

    def targets(self) -> Iterator[Target]:
        """Return what must not be worked out from the choice that is looked at, the smallest first."""
        for target in self._targets:
            if target.cell is None or self._shares[target.cell] > _NEARLY:
                yield target

    def hopeless(self) -> frozenset[Target]:
        """Return what the attacker works out whatever is hidden now; of some it is only the kind."""
        unsafe = [target for target in self.targets() if self.demands(target)]
        self.told_kinds.update(target for target in unsafe if target.cell is not None)
        unsafe = [target for target in unsafe if self.demands(target)]
        for least_count in range(self.rule.least_count - 1, _SOME_DOUBT - 1, -1):
            # Of few places, or let out under a lower least count: it is guarded as far as that goes.
            self._lowered |= dict.fromkeys(unsafe, least_count)
            unsafe = [target for target in unsafe if self.demands(target)]
        return frozenset(unsafe)

    def demands(self, target: Target, *, roughly: bool = False) -> Sequence[Demand]:
        """Return what any choice must fulfil of which this one does not; none when it is safe.

        Roughly means in fractions of persons: what is not safe then is not safe at all.
        """
        found = self._weigh(target, self._attacker.room)
        if found is None or self._suffices(target, found[0].reached, found[1].reached):
            if found is None or roughly or self._suffices(target, *self._in_whole(target, found)):
                return []
            return [self._more_than_these(target)]
        return list(self._needs(target, *found, self._attacker.room)) or [self._more_than_these(target)]

    def hints(self, target: Target) -> Sequence[Demand]:
        """Return what any choice must fulfil of which this one, that was glanced at, does not."""
        cap = self._least_count(target) - 1.0
        if self._has_kind(target):
            cap = max(cap, self._truth[self._number[target]] - cap)
        found = self._weigh(target, cap)
        return [] if found is None else list(self._needs(target, *found, cap))

    def _every_target(self) -> Iterator[Target]:
        for parts in self.counts.watched:
            if self.rule.is_small(self.counts.sum_of(parts)):
                yield Target(parts)
        yield from (Target(cell.newer, number) for number, cell in enumerate(self.counts.cells))

    def _order(self, target: Target) -> tuple[int, int, tuple[int, ...]]:
        number = -1 if target.cell is None else target.cell
        return self.counts.sum_of(target.parts), number, target.parts

    def _bounds(self, shares: Numbers, room: float) -> tuple[Numbers, Numbers]:
        up, down = self._moves(room)
        return self._attacker.values - down * shares, self._attacker.values + up * shares

    def _moves(self, room: float) -> tuple[Numbers, Numbers]:
        """Return how far each cell could go up and down if hidden; what is hidden anyhow goes all the way."""
        return (
            np.where(self._is_free, room, self._attacker.room),
            np.where(self._is_free, np.minimum(self._down, room), self._down),
        )

    def _least_count(self, target: Target) -> int:
        return self._lowered.get(target, self.rule.least_count)

    def _has_kind(self, target: Target) -> bool:
        return self.minds_kinds and target.cell is not None and target not in self.told_kinds

    def _suffices(self, target: Target, low: float, high: float) -> bool:
        share = 1.0 if target.cell is None else self._shares[target.cell]
        truth, least = self._truth[self._number[target]], self._least_count(target)
        low, high = low - _NEARLY, high + _NEARLY
        is_open = not self._has_kind(target) or truth - low >= (truth - (least - 1)) * share
        return is_open and high - low >= (least - 1) * share and high - truth >= (least - truth) * share

    def _weigh(self, target: Target, room: float) -> tuple[Extreme, Extreme] | None:
        """Ask for the most and the least, unless what is known suffices already."""
        number = self._number[target]
        if self._suffices(target, self._low[number], self._high[number]):
            return None
        shares = self._shares.copy()
        if target.cell is not None:
            shares[target.cell] = 1
        self._attacker.learn(*self._bounds(shares, room))
        high = self._extreme(target, most=True)
        if self._suffices(target, self._low[number], self._high[number]):
            return None
        return self._extreme(target, most=False), high

    def _extreme(self, target: Target, *, most: bool, whole: bool = False) -> Extreme:
        self.asked += 1
        found = self._attacker.extreme(self._times[self._number[target]], most=most, whole=whole)
        if found.is_whole:
            self._worlds.add(found.world)
            reached = self._worlds.sought_in(found.world)
            self._low, self._high = np.minimum(self._low, reached), np.maximum(self._high, reached)
        return found

    def _in_whole(self, target: Target, found: tuple[Extreme, Extreme]) -> tuple[float, float]:
        low, high = (
            each if each.is_whole else self._extreme(target, most=most, whole=True)
            for most, each in zip((False, True), found, strict=True)
        )
        return round(low.reached), round(high.reached)

    def _needs(self, target: Target, low: Extreme, high: Extreme, room: float) -> Iterator[Demand]:
        least = self._least_count(target)
        needs = [(least - 1, (low, high)), (least, (high,))]
        if self._has_kind(target):
            needs.append((1 - least, (low,)))
        for required, extremes in needs:
            gained = sum(-each.reached if each is low else each.reached for each in extremes)
            if gained < required - _NEARLY or room < self._attacker.room:
                yield from self._demand(target, required - gained, extremes, room)

    def _demand(
        self, target: Target, lacking: float, extremes: Sequence[Extreme], room: float
    ) -> Iterator[Demand]:
        """Turn prices into a demand: from nothing hidden, so much has to come together."""
        used = sum(slopes(each, *self._moves(room)) for each in extremes) * self._is_free
        gained = sum(slopes(each, *self._moves(self._attacker.room)) for each in extremes) * self._is_free
        shares = self._shares.copy()
        share = 1.0
        needed = lacking
        if target.cell is not None:
            share, shares[target.cell] = shares[target.cell], 1
            needed -= gained[target.cell]
            gained[target.cell] = 0
        needed += float(used @ shares)
        if needed > _NEARLY:
            for parts in as_shares(gained.astype(float), needed, self._shares):
                if parts @ self._shares < share - _NEARLY:
                    yield Demand(parts, target.cell)

    def _more_than_these(self, target: Target) -> Demand:
        # In fractions of persons it would do, in whole persons it does not: more must hide.
        shares = np.zeros(len(self.counts.cells))
        shares[[cell for cell in self.counts.open if not self._shares[cell]]] = 1
        return Demand(shares, target.cell)
