"""Choosing what is hidden: the least that is enough, and always the same."""

from collections.abc import Iterator
from dataclasses import replace
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

    They have the least sum that is enough, also against somebody who knows how many places there were; of
    several such choices the one of fewest cells, and of those the one that shows what comes first. To these
    comes the least that leaves open of each, too, whether it is small itself, to whoever knows the figures
    alone. So it goes on by turns until nothing comes any more. When that takes too many questions it is more
    that is hidden, never less: the best choice that was found safe by then, or else everything.
    """
    hidden = frozenset(cell for cell in counts.open if rule.is_small(counts.value(cell)))
    figures = _Guard(replace(counts, rooms=()), rule, patience)
    places = _Guard(counts, replace(rule, minds_kinds=False), patience) if counts.rooms else figures
    before = None
    try:
        while hidden != before:
            before = hidden
            hidden = places.hide(hidden, minds_kinds=False)
            if rule.minds_kinds:
                hidden = figures.hide(hidden, minds_kinds=True)
            if places is figures:
                break
    except CannotHide:
        return frozenset(counts.open)
    return hidden


class _Guard:
    """Keeps hidden what it must be, from somebody who knows so much beforehand."""

    def __init__(self, counts: Counts, rule: Rule, patience: int) -> None:
        self._counts, self._audit, self._patience = counts, Audit(counts, rule), patience
        self._audit.look(counts.hidden.union(counts.open))
        self._hopeless = self._audit.hopeless()
        self._found = list(_in_each_equation(counts))

    def hide(self, hidden: frozenset[int], *, minds_kinds: bool) -> frozenset[int]:
        """Return these cells and what has to be hidden with them; raise CannotHide."""
        self._audit.minds_kinds = minds_kinds
        self._audit.force(hidden)
        task = Task(
            forced=hidden,
            free=frozenset(self._counts.open) - {target.cell for target in self._hopeless},
            hopeless=self._hopeless,
            patience=self._patience,
        )
        return Chooser(self._counts, self._audit, task, self._found).choose()


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
