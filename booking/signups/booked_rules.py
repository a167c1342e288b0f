"""How a household's place becomes a calendar entry that is known again: its identity and its turns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from booking.signups.rules import SignupState


class Standing(StrEnum):
    """Where a calendar entry stands: it is on, it was called off, or the family gave the place back."""

    ON = "on"
    CALLED_OFF = "called_off"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, order=True)
class Step:
    """One child took its place, or lost it, in the order of what happened."""

    at: datetime
    number: int
    child: int
    to: SignupState


@dataclass(frozen=True, kw_only=True)
class Turns:
    """How often a household's entry began and ended, where it stands, and whose places it is about."""

    count: int
    standing: Standing
    children: tuple[int, ...]


_TAKES: Final = SignupState.CONFIRMED


def turns_until(steps: Iterable[Step], ends_at: datetime) -> Turns:
    """Return how a household stands to a meeting that ends then: what came later does not change it.

    A sibling who comes along or leaves is no turn; the last one who leaves is.
    """
    inside: dict[int, None] = {}
    count = 0
    in_order = sorted(step for step in steps if step.at < ends_at)
    for step in in_order:
        was = bool(inside)
        inside = _after(inside, step)
        count += was is not bool(inside)
    if inside or not in_order:
        return Turns(count=count, standing=Standing.ON, children=tuple(inside))
    last = in_order[-1]
    standing = Standing.CALLED_OFF if last.to is SignupState.CALLED_OFF else Standing.LEFT
    return Turns(
        count=count,
        standing=standing,
        children=tuple(step.child for step in in_order if step.at == last.at and step.to is last.to),
    )


def _after(inside: dict[int, None], step: Step) -> dict[int, None]:
    if step.to is _TAKES:
        return {**inside, step.child: None}
    return {child: None for child in inside if child != step.child}
