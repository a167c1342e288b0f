"""An attacker of the tests' own, who shares no line with the house: all she has is what was let out."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import highspy

# Far more persons than there are in any of the examples.
MANY = 10_000


class Outsider:
    """Writes down what she sees and knows, and asks a solver for the least and the most of a sum."""

    def __init__(self) -> None:
        self._model = highspy.Highs()  # type: ignore[no-untyped-call]
        self._model.silent()
        self._model.setOptionValue("mip_rel_gap", 0.0)
        self._people: dict[Hashable, Any] = {}

    def some(self, *names: Hashable) -> Any:
        """Return the sum of some counts, of which she knows that none is below nought."""
        for name in names:
            if name not in self._people:
                self._people[name] = self._model.addIntegral(lb=0, ub=MANY)
        return self._model.qsum([self._people[name] for name in names])

    def sees(self, total: Any, number: int | None) -> None:
        """See a number, or that it is hidden: then it is not nought."""
        self._model.addConstr(total >= 1 if number is None else total == number)

    def knows(self, fact: Any) -> None:
        """Know something beforehand."""
        self._model.addConstr(fact)

    def range_of(self, total: Any) -> tuple[int, int]:
        """Return the least and the most persons that it could be."""
        found = []
        for ask in (self._model.minimize, self._model.maximize):
            ask(total)
            assert self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(round(self._model.getObjectiveValue()))
        return found[0], found[1]


def of_table(rows: Sequence[Sequence[int]], hidden: frozenset[tuple[object, object]]) -> Mapping[Any, Any]:
    """Return the range of each hidden figure of a table with margins, as an outsider works it out."""
    outsider = Outsider()
    inner = [(row, column) for row in range(len(rows)) for column in range(len(rows[0]))]
    sums = {}
    for row in (*range(len(rows)), "all"):
        for column in (*range(len(rows[0])), "all"):
            names = [name for name in inner if row in (name[0], "all") and column in (name[1], "all")]
            sums[row, column] = outsider.some(*names)
            value = sum(rows[name[0]][name[1]] for name in names)
            outsider.sees(sums[row, column], None if (row, column) in hidden else value)
    return {place: outsider.range_of(sums[place]) for place in hidden}
