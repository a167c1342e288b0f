"""What a family may still say about a child once there is a sign-up: pictures, and what the child needs."""

from dataclasses import dataclass
from typing import ClassVar

from booking.consent.rules import Capacity, WordingPurpose
from booking.consent.standing import PHOTOS
from booking.errors import Refusal


@dataclass(frozen=True, kw_only=True)
class Besides:
    """What is left to be asked: kinds of pictures nobody has said yes to yet, and what the child needs."""

    pictures: frozenset[WordingPurpose]
    asks_needs: bool
    needs_are_known: bool

    @property
    def is_nothing(self) -> bool:
        """Tell whether there is nothing to ask."""
        return not self.pictures and not self.asks_needs


class NothingSaid(Refusal):
    """Nothing was ticked, chosen or written."""

    code: ClassVar[str] = "nothing_said"


class NeedsSaidMeanwhile(Refusal):
    """Somebody has said what the child needs since the page was shown: it would be lost without a word."""

    code: ClassVar[str] = "needs_said_meanwhile"
    field: ClassVar[str | None] = "needs"


def left_to_ask(
    *,
    asked: frozenset[WordingPurpose],
    said: frozenset[WordingPurpose],
    capacity: Capacity | None,
    is_shielded: bool,
) -> Besides:
    """Return what an activity asks and nobody has said yet; needs may change, and are asked each time.

    A youth who signed up alone is asked neither, as its form asks neither; of a child who is shielded
    nobody takes pictures. `said` is what stands, or waits for another's yes.
    """
    if capacity in {None, Capacity.SELF}:
        return Besides(pictures=frozenset(), asks_needs=False, needs_are_known=False)
    pictures = frozenset() if is_shielded else (asked & frozenset(PHOTOS)) - said
    return Besides(
        pictures=pictures,
        asks_needs=WordingPurpose.NEEDS in asked,
        needs_are_known=WordingPurpose.NEEDS in said,
    )
