"""What somebody can work out who knows every figure shown, all that adds up, and the rule itself."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from booking.publications.protection import Counts

Numbers = NDArray[np.float64]

_NEARLY: Final = 1e-6


@dataclass(frozen=True)
class Extreme:
    """The least or the most that a sum could be, and a world in which it is.

    `slopes` say for each cell by how much hiding it could move that at most. In fractions of persons a
    world may be none; then only whole ones say how it is.
    """

    reached: float
    slopes: Numbers
    world: Numbers

    @property
    def is_whole(self) -> bool:
        """Tell whether the world has whole persons only."""
        return bool(np.abs(self.world - np.round(self.world)).max(initial=0) < _NEARLY)


class Attacker:
    """Finds the range of a sum over all worlds that look the same from outside."""

    def __init__(self, counts: Counts) -> None:
        """Write down what holds in every world."""
        self._counts = counts
        self.values = np.array([counts.value(number) for number in range(len(counts.cells))], dtype=float)
        # Nobody outside knows an upper bound; this one is far enough to make no difference.
        self.room = 2.0 * sum(counts.parts) + 100
        self.sums = _matrix([cell.parts for cell in counts.cells], len(counts.parts))
        self.limits = _limits(counts)
        self._fractions = self._model()
        self._wholes = self._model()
        width = len(counts.parts)
        every = np.arange(width, dtype=np.int32)
        whole = np.full(width, highspy.HighsVarType.kInteger)
        self._wholes.changeColsIntegrality(width, every, whole)

    def learn(self, hidden: AbstractSet[int]) -> None:
        """See all cells but the hidden ones, of which it is known that they are not nought."""
        is_hidden = np.zeros(len(self.values))
        is_hidden[sorted(hidden)] = 1
        lower = np.where(is_hidden, 1.0, self.values)
        upper = self.values + self.room * is_hidden
        rows = np.arange(len(self.values), dtype=np.int32) + len(self.limits)
        for model in (self._fractions, self._wholes):
            model.changeRowsBounds(len(rows), rows, lower, upper)  # type: ignore[attr-defined]

    def extreme(self, parts: Sequence[int], *, most: bool, whole: bool = False) -> Extreme:
        """Return the most, or the least, that the parts could be together."""
        sign = 1.0 if most else -1.0
        model = self._wholes if whole else self._fractions
        reached, world, duals = _solve(model, parts, sign, len(self._counts.parts))
        prices = sign * duals[len(self.limits) :] if not whole else np.zeros(len(self.values))
        slopes = np.where(prices > 0, prices * self.room, -prices * np.maximum(self.values - 1, 0))
        return Extreme(reached=reached, slopes=slopes, world=np.round(world) if whole else world)

    def _model(self) -> highspy.Highs:
        model = new_model()
        model.setOptionValue("presolve", "off")
        width = len(self._counts.parts)
        model.addVars(width, np.zeros(width), np.full(width, self.room))
        for line in self.limits:
            _add_row(model, line, -highspy.kHighsInf, 0.0)
        for line, value in zip(self.sums, self.values, strict=True):
            _add_row(model, line, value, value)
        return model


def new_model() -> highspy.Highs:
    """Return an empty question to the solver, which answers it exactly and says nothing."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    for option, value in (("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        model.setOptionValue(option, value)
    return model


def _solve(
    model: highspy.Highs, parts: Sequence[int], sign: float, width: int
) -> tuple[float, Numbers, Numbers]:
    costs = np.zeros(width)
    np.add.at(costs, list(parts), -sign)
    model.changeColsCost(width, np.arange(width, dtype=np.int32), costs)
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        message = f"the solver found no answer: {model.modelStatusToString(model.getModelStatus())}"
        raise ArithmeticError(message)
    solution = model.getSolution()
    reached = -sign * model.getInfo().objective_function_value
    # The model asks for the least of the negative: its prices have the other sign too.
    return reached, np.array(solution.col_value), -sign * np.array(solution.row_dual)


def _matrix(rows: Sequence[Sequence[int]], width: int) -> Numbers:
    matrix = np.zeros((len(rows), width))
    for number, parts in enumerate(rows):
        matrix[number, list(parts)] = 1
    return matrix


def _limits(counts: Counts) -> Numbers:
    matrix = np.zeros((len(counts.limits), len(counts.parts)))
    for number, limit in enumerate(counts.limits):
        for sign, side in ((1, limit.fewer), (-1, limit.more)):
            for times, part in side:
                matrix[number, part] += sign * times
    return matrix


def _add_row(model: highspy.Highs, line: Numbers, lower: float, upper: float) -> None:
    places = np.flatnonzero(line).astype(np.int32)
    model.addRow(lower, upper, len(places), places, line[places])
