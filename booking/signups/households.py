"""Children asked for together: who of them gets a place, who waits, and whose turn it is."""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar

from booking.errors import Refusal
from booking.signups.rules import OccasionFull, SignupState, place_is_free


class IfNotAll(StrEnum):
    """What a parent wants when there are places for some of the children only."""

    WAIT_TOGETHER = "wait_together"
    THOSE_THAT_FIT = "those_that_fit"


class PlacesForSomeOnly(Refusal):
    """There are places for some of the children only, and the parent has not said what to do about it."""

    code: ClassVar[str] = "places_for_some_only"
    field: ClassVar[str | None] = "if_not_all"


class ChildrenRefused(Refusal):
    """Some of the children cannot be signed up, each for a reason of its own."""

    code: ClassVar[str] = "children_refused"

    def __init__(self, refusals: Sequence[tuple[int, Refusal]]) -> None:
        """Keep which child of the form each refusal is about."""
        super().__init__()
        self.refusals = tuple(refusals)


class SameChildTwice(Refusal):
    """One child stands twice in the form."""

    code: ClassVar[str] = "same_child_twice"
    field: ClassVar[str | None] = "first_name"


def places_for(
    asked: int, *, capacity: int, taken: int, waiting: int, has_queue: bool, if_not_all: IfNotAll | None
) -> list[SignupState | None]:
    """Return where each of so many children stands until the address is confirmed, in their order.

    They stand or fall together. Where there are places for some only, the parent chooses; refuses
    PlacesForSomeOnly until then, and OccasionFull where nobody can be taken in. Nothing stands for a child
    that is left out, as there is no waiting list. Places for those who walk in are no part of the capacity.
    """
    is_free = place_is_free(capacity=capacity, taken=taken, waiting=waiting)
    free = min(asked, capacity - taken) if is_free else 0
    if free == asked:
        return [SignupState.AWAITING_EMAIL] * asked
    if free and if_not_all is None:
        raise PlacesForSomeOnly(free=free, asked=asked)
    if not has_queue and (not free or if_not_all is IfNotAll.WAIT_TOGETHER):
        raise OccasionFull
    fitting = free if if_not_all is IfNotAll.THOSE_THAT_FIT else 0
    rest = SignupState.QUEUED if has_queue else None
    return [SignupState.AWAITING_EMAIL] * fitting + [rest] * (asked - fitting)


def whose_turn(*, free: int, sizes: Sequence[int]) -> list[int]:
    """Return which of the households that wait are offered places, in the order in which they asked.

    Children who were asked for together are offered places together. A household that is too large for
    what is free keeps its turn, and the place goes to the next one: an empty chair helps nobody.
    """
    chosen = []
    for number, size in enumerate(sizes):
        if size <= free:
            chosen.append(number)
            free -= size
    return chosen
