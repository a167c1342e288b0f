"""All choices of what to hide that fulfil the demands found so far, and what the cheapest of them costs."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np

from booking.publications.attacker import Numbers, add_row, new_model
from booking.publications.audit import Demand
from booking.publications.protection import Counts

_NEARLY: Final = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """What a choice costs at least, in fractions: how much of each cell, and what hiding one more adds."""

    cost: float
    shares: Numbers
    prices: Numbers


class Search:
    """All choices that fulfil the demands found so far."""

    def __init__(
        self, counts: Counts, forced: AbstractSet[int], free: AbstractSet[int], costs: Numbers
    ) -> None:
        """Begin without demands: the forced ones are hidden, and of the others any that are free."""
        self.asked = 0
        self._cells = list(counts.open)
        self._count = len(counts.cells)
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._lower = np.array([float(cell in forced) for cell in self._cells])
        self._upper = np.array([float(cell in forced or cell in free) for cell in self._cells])
        self._every = np.arange(len(self._cells), dtype=np.int32)
        self._model = new_model()
        self._model.setOptionValue("presolve", "off")
        self._model.addVars(len(self._cells), self._lower, self._upper)
        self._model.changeColsCost(len(self._cells), self._every, costs[self._cells])

    def demand(self, demand: Demand) -> None:
        """Leave only choices that fulfil it."""
        shares, needed = demand.shares[self._cells].copy(), 1.0
        place = self._place.get(demand.cell) if demand.cell is not None else None
        if place is not None:
            shares[place] = 0.0
        if shares @ self._lower >= 1 - _NEARLY:
            return
        if place is not None and self._lower[place] < 1:
            shares[place], needed = -1.0, 0.0
        add_row(self._model, shares, needed, highspy.kHighsInf)

    def settle(self, cell: int, *, is_hidden: bool) -> None:
        """Leave only choices that agree on one cell."""
        self._lower[self._place[cell]] = self._upper[self._place[cell]] = float(is_hidden)

    def relaxed(self, settled: Mapping[int, bool]) -> Relaxed | None:
        """Return what a choice costs at least that agrees with what is settled, if there is one."""
        lower, upper = self._lower.copy(), self._upper.copy()
        for cell, is_hidden in settled.items():
            lower[self._place[cell]] = upper[self._place[cell]] = float(is_hidden)
        self._model.changeColsBounds(len(self._cells), self._every, lower, upper)
        self._model.run()
        self.asked += 1
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._model.getSolution()
        shares, prices = np.zeros(self._count), np.zeros(self._count)
        shares[self._cells] = np.clip(solution.col_value, 0, 1)
        prices[self._cells] = solution.col_dual
        return Relaxed(self._model.getInfo().objective_function_value, shares, prices)
