"""Worlds that were found once: they answer later questions without being sought again."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from booking.publications.attacker import Numbers

Persons = NDArray[np.int64]


class Worlds:
    """Worlds in whole persons, with what each cell and each sought sum is in them."""

    def __init__(self, cells: Numbers, sought: Numbers, first: Sequence[int]) -> None:
        """Begin with the world as it is."""
        self._width = len(cells)
        self._sums: Persons = np.vstack([cells, sought]).astype(np.int64)
        self._first = np.array(first)
        # Rows are made room for by doubling: there will be thousands.
        self._known: Persons = np.zeros((64, len(self._sums)), dtype=np.int64)
        self._count = 0
        self.add(self._first)

    def sought_in(self, world: Numbers | Persons) -> Numbers:
        """Return what each sought sum is in a world, of fractions too."""
        found: Numbers = np.einsum("ij,j->i", self._sums[self._width :], world).astype(float)
        return found

    def add(self, world: Numbers | Persons) -> None:
        """Remember a world."""
        if self._count == len(self._known):
            self._known = np.vstack([self._known, np.zeros_like(self._known)])
        self._known[self._count] = np.einsum("ij,j->i", self._sums, np.round(world).astype(np.int64))
        self._count += 1

    def fitting(self, lower: Numbers, upper: Numbers) -> Persons:
        """Return what the sought sums are in the worlds in which each cell is between its bounds."""
        cells = self._known[: self._count, : self._width]
        fits = ((cells >= lower) & (cells <= upper)).all(axis=1)
        return self._known[: self._count, self._width :][fits]
