"""What somebody can work out who knows every figure shown, all that adds up, and the rule itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from booking.publications.protection import Counts

Numbers = NDArray[np.float64]

_NEARLY: Final = 1e-6
# Only what is sought changes from question to question: the last answer is a world for the next one.
_PRIMAL_SIMPLEX: Final = 4


@dataclass(frozen=True)
class Extreme:
    """The least or the most that a sum could be, a world in which it is, and what each cell's range costs.

    A price above nought says how much more the sum could move for each person that a cell's most goes up,
    one below nought for each that its least comes down. In fractions of persons a world may be none; then
    only whole ones say how it is.
    """

    reached: float
    prices: Numbers
    world: Numbers

    @property
    def is_whole(self) -> bool:
        """Tell whether the world has whole persons only."""
        return bool(np.abs(self.world - np.round(self.world)).max(initial=0) < _NEARLY)


class Attacker:
    """Finds the range of a sum over all worlds that look the same from outside."""

    def __init__(self, counts: Counts) -> None:
        """Write down what holds in every world."""
        self._width = len(counts.parts)
        self.values = np.array([counts.value(number) for number in range(len(counts.cells))], dtype=float)
        # Where nobody outside knows an upper bound, this one is far enough to make no difference.
        self.room = 2.0 * sum(counts.parts) + 100
        self.sums = matrix_of([cell.parts for cell in counts.cells], self._width)
        self._limits = _limits(counts)
        self._beyond = [float(limit.beyond) for limit in (*counts.limits, *counts.rooms)]
        self._rows = np.arange(len(self.values), dtype=np.int32) + len(self._limits)
        self._every = np.arange(self._width, dtype=np.int32)
        self._fractions = self._model()
        self._fractions.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        self._wholes = self._model()
        whole = np.full(self._width, highspy.HighsVarType.kInteger)
        self._wholes.changeColsIntegrality(self._width, self._every, whole)

    def learn(self, lower: Numbers, upper: Numbers) -> None:
        """See between which bounds each cell is."""
        for model in (self._fractions, self._wholes):
            model.changeRowsBounds(len(self._rows), self._rows, lower, upper)  # type: ignore[attr-defined]

    def extreme(self, times: Numbers, *, most: bool, whole: bool = False) -> Extreme:
        """Return the most, or the least, that the parts could be together, each so many times."""
        sign = 1.0 if most else -1.0
        model = self._wholes if whole else self._fractions
        model.changeColsCost(self._width, self._every, -sign * times)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            message = f"the solver found no answer: {model.modelStatusToString(model.getModelStatus())}"
            raise ArithmeticError(message)
        solution = model.getSolution()
        world = np.array(solution.col_value)
        # The model asks for the least of the negative: its prices have the other sign too.
        prices = np.zeros(0) if whole else -np.array(solution.row_dual)[len(self._limits) :]
        return Extreme(
            reached=-sign * model.getInfo().objective_function_value,
            prices=prices,
            world=np.round(world) if whole else world,
        )

    def _model(self) -> highspy.Highs:
        model = new_model()
        model.setOptionValue("presolve", "off")
        model.addVars(self._width, np.zeros(self._width), np.full(self._width, self.room))
        for line, limit in zip(self._limits, self._beyond, strict=True):
            add_row(model, line, -highspy.kHighsInf, limit)
        for line, value in zip(self.sums, self.values, strict=True):
            add_row(model, line, value, value)
        return model


def new_model() -> highspy.Highs:
    """Return an empty question to the solver, which answers it exactly and says nothing."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    for option, value in (("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5)):
        model.setOptionValue(option, value)
    return model


def add_row(model: highspy.Highs, line: Numbers, lower: float, upper: float) -> None:
    """Ask that so many times each unknown, together, are between two bounds."""
    places = np.flatnonzero(line).astype(np.int32)
    model.addRow(lower, upper, len(places), places, line[places])


def matrix_of(rows: Sequence[Sequence[int]], width: int) -> Numbers:
    """Return a line of noughts and ones for each sum of parts."""
    matrix = np.zeros((len(rows), width))
    for number, parts in enumerate(rows):
        matrix[number, list(parts)] = 1
    return matrix


def _limits(counts: Counts) -> Numbers:
    limits = (*counts.limits, *counts.rooms)
    matrix = np.zeros((len(limits), len(counts.parts)))
    for number, limit in enumerate(limits):
        for sign, side in ((1, limit.fewer), (-1, limit.more)):
            for times, part in side:
                matrix[number, part] += sign * times
    return matrix
