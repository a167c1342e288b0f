"""A figure as it may leave the house: a number, hidden, or missing; never one in place of another."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

# One symbol, whether a number is small itself or would give a small one away: two would tell them apart.
HIDDEN_SYMBOL: Final = ":"

Told = TypeVar("Told")


class CellState(StrEnum):
    """What there is to say: how many, that it is not said, or that nobody knows."""

    NUMBER = "number"
    HIDDEN = "hidden"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What anybody may know of a figure, and through which day it counts.

    A hidden one holds no number at all. None of them becomes text, a number or a truth by itself: who
    writes one says with `told` what stands there in each case, so «hidden» is never written as 0.
    """

    state: CellState
    through_on: date | None = None
    _number: int | None = None

    def __post_init__(self) -> None:
        """Refuse a number that is hidden, and a shown one that is none."""
        if (self.state is CellState.NUMBER) != (self._number is not None):
            message = f"a figure that is {self.state} and a number do not go together"
            raise ValueError(message)

    def told(self, *, number: Callable[[int], Told], hidden: Told, missing: Told) -> Told:
        """Return what the writer has for this case; `number` is called with the number when there is one."""
        if self._number is not None:
            return number(self._number)
        return hidden if self.state is CellState.HIDDEN else missing

    def as_of(self, day: date) -> "Shown":
        """Return the same figure as one that counts through the day."""
        return replace(self, through_on=day)

    def _refuse(self, *_: object) -> NoReturn:
        message = "a figure is not written by accident: say with told() what stands there when it is hidden"
        raise TypeError(message)

    __str__ = __format__ = __bool__ = __int__ = __float__ = __index__ = __html__ = _refuse


def number(value: int, *, through_on: date | None = None) -> Shown:
    """Return a figure that everybody may see."""
    return Shown(state=CellState.NUMBER, through_on=through_on, _number=value)


HIDDEN: Final = Shown(state=CellState.HIDDEN)
MISSING: Final = Shown(state=CellState.MISSING)
