"""Going through the choices of what to hide, the most promising first, until none can be cheaper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Final

import numpy as np

from booking.publications.attacker import Numbers
from booking.publications.audit import Audit, Demand
from booking.publications.protection import Counts, Target
from booking.publications.search import Relaxed, Search

_NEARLY: Final = 1e-6
# Costs are whole numbers: what is cheaper is so by one.
_HALF: Final = 0.5

Settled = Mapping[int, bool]


class CannotHide(Exception):  # noqa: N818 – never shown to anyone: the caller hides everything
    """There is no choice that hides what must be hidden, or none was found in time."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Which cells are hidden in any case and which may be, what cannot be helped, and how long to seek."""

    forced: frozenset[int]
    free: frozenset[int]
    hopeless: frozenset[Target]
    patience: int


class Chooser:
    """One search, from the first guess to the last tie."""

    def __init__(self, counts: Counts, audit: Audit, task: Task, found: list[Demand]) -> None:
        """Begin with the demands that were found before, and add to them what is found now."""
        self._counts, self._audit, self._task, self._found = counts, audit, task, found
        self._costs = np.zeros(len(counts.cells))
        for cell in counts.open:
            self._costs[cell] = counts.value(cell) * (len(counts.open) + 1.0) + 1
        self._unsettled = task.free - task.forced
        # No choice costs less than this.
        self._proven = 0.0
        self._search = Search(counts, task.forced, task.free, self._costs)
        self._safe: set[frozenset[int]] = set()
        for demand in found:
            self._search.demand(demand)

    def choose(self) -> frozenset[int]:
        """Return the cheapest safe choice, and of those the one that shows what comes first."""
        self._tighten()
        best = self._first_safe()
        best = self._cheaper(best, {}, self._cost(best) - _HALF) or best
        self._proven = self._cost(best)
        for cell in self._counts.open:
            if cell in self._unsettled:
                if cell in best:
                    best = self._cheaper(best, {cell: False}, self._cost(best) + _HALF) or best
                self._settle(cell, is_hidden=cell in best)
        return best

    @property
    def _is_patient(self) -> bool:
        return self._search.asked + self._audit.asked < self._task.patience

    def _cost(self, hidden: frozenset[int]) -> float:
        return float(sum(self._costs[cell] for cell in hidden))

    def _tighten(self) -> None:
        """Find demands from choices in fractions: they cost little, and leave few choices to look at."""
        hinting: set[Target] | None = None
        while self._is_patient:
            relaxed = self._search.relaxed({})
            if relaxed is None:
                raise CannotHide
            self._audit.glance(relaxed.shares)
            hints = {
                target: self._audit.hints(target)
                for target in self._sought()
                if hinting is None or target in hinting
            }
            hinting = {target for target, demands in hints.items() if demands}
            if not hinting:
                return
            for demands in hints.values():
                self._demand(demands)

    def _first_safe(self) -> frozenset[int]:
        """Return a choice that is safe and not too dear: what is hidden the most in fractions is hidden."""
        settled: dict[int, bool] = {}
        while self._is_patient:
            relaxed = self._search.relaxed(settled)
            if relaxed is None:
                raise CannotHide
            undecided = _undecided(relaxed)
            if undecided.any():
                settled[int(np.argmax(undecided * relaxed.shares))] = True
            else:
                demands = self._lacks(_hidden_in(relaxed))
                if not demands:
                    return _hidden_in(relaxed)
                self._demand(demands)
        raise CannotHide

    def _cheaper(self, best: frozenset[int], settled: Settled, most: float) -> frozenset[int] | None:
        """Return the cheapest safe choice that agrees with what is settled, if one costs no more."""
        self._settle_what_is_dearer(self._cost(best) + _HALF)
        found, number = None, count()
        waiting: list[tuple[float, int, Settled]] = [(0.0, next(number), settled)]
        while waiting and most > self._proven and self._is_patient:
            cost, _number, settled = heappop(waiting)
            relaxed = self._looked_at(settled, most) if cost <= most else None
            if relaxed is None:
                continue
            if _undecided(relaxed).any():
                # What is dear and halfway tells the most, whichever way it goes.
                cell = int(np.argmax(_undecided(relaxed) * np.sqrt(self._costs)))
                for is_hidden in (True, False):
                    heappush(waiting, (relaxed.cost, next(number), {**settled, cell: is_hidden}))
            else:
                found = _hidden_in(relaxed)
                most = self._cost(found) - _HALF
        return found

    def _settle_what_is_dearer(self, most: float) -> None:
        """Settle cells that no choice has that costs so little."""
        relaxed = self._search.relaxed({})
        if relaxed is None:
            return
        for cell in sorted(self._unsettled):
            price = relaxed.prices[cell]
            if relaxed.cost + abs(price) > most:
                self._settle(cell, is_hidden=price < 0)

    def _settle(self, cell: int, *, is_hidden: bool) -> None:
        self._search.settle(cell, is_hidden=is_hidden)
        self._unsettled -= {cell}

    def _looked_at(self, settled: Settled, most: float) -> Relaxed | None:
        """Return the cheapest choice, in fractions or safe; none where all cost more."""
        while self._is_patient:
            relaxed = self._search.relaxed(settled)
            if relaxed is None or relaxed.cost > most:
                return None
            demands = [] if _undecided(relaxed).any() else self._lacks(_hidden_in(relaxed))
            if not demands:
                return relaxed
            self._demand(demands)
        return None

    def _lacks(self, chosen: frozenset[int]) -> list[Demand]:
        """Return what a choice lacks: roughly first, as whole persons take longer to look at."""
        if chosen in self._safe:
            return []
        self._audit.look(self._counts.hidden | chosen)
        for roughly in (True, False):
            sought = list(self._sought())
            demands = [each for target in sought for each in self._audit.demands(target, roughly=roughly)]
            if demands:
                return demands
        self._safe.add(chosen)
        return []

    def _demand(self, demands: Iterable[Demand]) -> None:
        for demand in demands:
            self._search.demand(demand)
            self._found.append(demand)

    def _sought(self) -> Iterator[Target]:
        return (target for target in self._audit.targets() if target not in self._task.hopeless)


def _undecided(relaxed: Relaxed) -> Numbers:
    """Return how far each cell is from being either hidden or shown."""
    distance = np.minimum(relaxed.shares, 1 - relaxed.shares)
    undecided: Numbers = np.where(distance > _NEARLY, distance, 0.0)
    return undecided


def _hidden_in(relaxed: Relaxed) -> frozenset[int]:
    return frozenset(int(cell) for cell in np.flatnonzero(relaxed.shares > _HALF))
