"""Choosing what is hidden: the least that is enough, and always the same."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from booking.publications.audit import Audit, Demand
from booking.publications.choosing import CannotHide, Chooser, Task
from booking.publications.protection import Counts, Rule

# So many questions may be put to the solver about one choice. The hardest tables of twelve rows by eight
# take some hundreds, a month of four libraries some thousands.
PATIENCE: Final = 60_000


def choose_hidden(counts: Counts, rule: Rule, *, patience: int = PATIENCE) -> frozenset[int]:
    """Return which of the open cells are hidden.

    They have the least sum that is enough; of several such choices the one of fewest cells, and of
    those the one that shows what comes first. To these comes the least that leaves open of each, too,
    whether it is small itself. When that takes too many questions it is more that is hidden, never less:
    the best choice that was found safe by then, or else everything.
    """
    hidden = frozenset(cell for cell in counts.open if rule.is_small(counts.value(cell)))
    audit = Audit(counts, rule)
    audit.look(counts.hidden.union(counts.open))
    hopeless = audit.hopeless()
    free = frozenset(counts.open) - {target.cell for target in hopeless}
    found: list[Demand] = list(_in_each_equation(counts))
    try:
        for minds_kinds in (False, True) if rule.minds_kinds else (False,):
            audit.minds_kinds = minds_kinds
            audit.force(hidden)
            task = Task(forced=hidden, free=free, hopeless=hopeless, patience=patience)
            hidden = Chooser(counts, audit, task, found).choose()
    except CannotHide:
        return frozenset(counts.open)
    return hidden


def _in_each_equation(counts: Counts) -> Iterator[Demand]:
    """Demand that nothing is hidden alone where the others would give it away."""
    for equation in counts.equations:
        together = [cell for cell in counts.open if cell in set(equation)]
        # Where all the others are nought, one figure is the whole as well: nothing gives it away.
        if counts.hidden.isdisjoint(equation) and len(together) > 1:
            for cell in together:
                shares = np.zeros(len(counts.cells))
                shares[[other for other in together if other != cell]] = 1
                yield Demand(shares, cell)
