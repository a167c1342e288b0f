"""Choosing what is hidden: the least that is enough, and always the same."""

from collections.abc import Iterator, Sequence
from typing import Final

import highspy
import numpy as np

from booking.publications.attacker import Numbers, new_model
from booking.publications.audit import Audit, Demand, Target
from booking.publications.protection import Counts, Rule

# So many cells are put in order at once: more would be too large a number for the solver to tell apart.
_AT_ONCE: Final = 12


class CannotHide(Exception):  # noqa: N818 – never shown to anyone: the caller hides everything
    """There is no choice that hides what must be hidden."""


class _Search:
    """All choices that fulfil the demands found so far."""

    def __init__(self, counts: Counts, forced: frozenset[int], free: Sequence[int]) -> None:
        self._cells = list(counts.open)
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._model = new_model()
        width = len(self._cells)
        lower = np.array([float(cell in forced) for cell in self._cells])
        upper = np.array([float(cell in forced or cell in free) for cell in self._cells])
        self._model.addVars(width, lower, upper)
        self._every = np.arange(width, dtype=np.int32)
        whole = np.full(width, highspy.HighsVarType.kInteger)
        self._model.changeColsIntegrality(width, self._every, whole)

    def demand(self, demand: Demand) -> None:
        """Leave only choices that fulfil it."""
        shares = demand.shares[self._cells].copy()
        needed = 1.0 if demand.cell is None else 0.0
        if demand.cell in self._place:
            shares[self._place[demand.cell]] = -1.0
        elif demand.cell is not None:
            needed = 1.0
        self._row(shares, needed, highspy.kHighsInf)

    def at_most(self, costs: Numbers, most: float) -> None:
        """Leave only choices that cost no more."""
        self._row(costs, -highspy.kHighsInf, most)

    def settle(self, cell: int, *, is_hidden: bool) -> None:
        """Leave only choices that agree on one cell."""
        self._model.changeColBounds(self._place[cell], float(is_hidden), float(is_hidden))

    def cheapest(self, costs: Numbers) -> frozenset[int]:
        """Return the cheapest choice, or raise CannotHide."""
        self._model.changeColsCost(len(self._cells), self._every, costs)
        self._model.run()
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise CannotHide
        chosen = np.array(self._model.getSolution().col_value) > 0.5  # noqa: PLR2004 – of 0 and 1
        return frozenset(cell for cell, is_hidden in zip(self._cells, chosen, strict=True) if is_hidden)

    def _row(self, shares: Numbers, least: float, most: float) -> None:
        places = np.flatnonzero(shares).astype(np.int32)
        self._model.addRow(least, most, len(places), places, shares[places])


def choose_hidden(counts: Counts, rule: Rule) -> frozenset[int]:
    """Return which of the open cells are hidden.

    They have the least sum that is enough; of several such choices the one of fewest cells, and of
    those the one that shows what comes first. To these comes the least that leaves open of each, too,
    whether it is small itself.
    """
    hidden = frozenset(cell for cell in counts.open if rule.is_small(counts.value(cell)))
    audit = Audit(counts, rule)
    audit.look(counts.hidden.union(counts.open))
    hopeless = audit.hopeless()
    lonely = {target.cell for target in hopeless}
    free = [cell for cell in counts.open if cell not in lonely]
    try:
        for minds_kinds in (False, True) if rule.minds_kinds else (False,):
            audit.minds_kinds = minds_kinds
            hidden = _Chooser(counts, audit, hidden, free, hopeless).choose()
    except CannotHide:
        return frozenset(counts.open)
    return hidden


class _Chooser:
    """One search, from the first guess to the last tie."""

    def __init__(
        self,
        counts: Counts,
        audit: Audit,
        forced: frozenset[int],
        free: Sequence[int],
        hopeless: frozenset[Target],
    ) -> None:
        self._counts, self._audit, self._hopeless = counts, audit, hopeless
        self._search = _Search(counts, forced, free)
        self._safe: set[frozenset[int]] = set()
        for demand in _in_each_equation(counts):
            self._search.demand(demand)

    def choose(self) -> frozenset[int]:
        cells = self._counts.open
        costs = np.array([self._counts.value(cell) * (len(cells) + 1.0) + 1 for cell in cells])
        best = self._cheapest_safe(costs)
        cost = sum(costs[place] for place, cell in enumerate(cells) if cell in best)
        self._search.at_most(costs, cost + 0.5)
        for start in range(0, len(cells), _AT_ONCE):
            chunk = cells[start : start + _AT_ONCE]
            rank = {cell: 2.0 ** (_AT_ONCE - place) for place, cell in enumerate(chunk)}
            order = np.array([rank.get(cell, 0.0) for cell in cells])
            best = self._cheapest_safe(order)
            for cell in chunk:
                self._search.settle(cell, is_hidden=cell in best)
        return best

    def _cheapest_safe(self, costs: Numbers) -> frozenset[int]:
        """Return the cheapest choice that is safe: roughly first, as whole persons take longer to look at."""
        roughly = True
        while True:
            chosen = self._search.cheapest(costs)
            if chosen in self._safe:
                return chosen
            self._audit.look(self._counts.hidden | chosen)
            demands = list(self._demands(roughly=roughly))
            if not demands and not roughly:
                self._safe.add(chosen)
                return chosen
            roughly = roughly and bool(demands)
            for demand in demands:
                self._search.demand(demand)

    def _demands(self, *, roughly: bool = False) -> Iterator[Demand]:
        for target in self._audit.targets():
            if target not in self._hopeless:
                yield from self._audit.demands(target, roughly=roughly)


def _in_each_equation(counts: Counts) -> Iterator[Demand]:
    """Demand that nothing is hidden alone where the others would give it away."""
    for equation in counts.equations:
        if counts.hidden.isdisjoint(equation):
            for cell in counts.open:
                if cell in equation:
                    shares = np.zeros(len(counts.cells))
                    shares[[other for other in equation if other != cell and other in counts.open]] = 1
                    yield Demand(shares, cell)
