"""What a machine or another site orders of what is on, read from an address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from booking.errors import NotFound
from booking.libraries.rules import Language
from booking.whats_on.rules import Wish, read_wish

Value = TypeVar("Value")

MOST_IN_A_BOX: Final = 20
OF_A_FEED: Final = frozenset({"library", "grade", "lang"})
OF_A_BOX: Final = OF_A_FEED | {"mode", "count"}
_COUNTS: Final[Mapping[str, int]] = {str(count): count for count in range(1, MOST_IN_A_BOX + 1)}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is ordered: the wish, how much of it, and in which language.

    Whoever named no language has not chosen one either: links then leave the choice to the reader.
    """

    wish: Wish
    count: int | None
    language: Language
    chosen_language: Language | None


def read_order(args: Mapping[str, str], *, understood: Collection[str], libraries: Collection[str]) -> Order:
    """Return the order, or raise NotFound: one that we do not understand must not get everything."""
    asked = read_wish({name: [value] for name, value in args.items()}, libraries=libraries)
    if asked.wrong or not set(understood).issuperset(args):
        raise NotFound
    language = _one_of({str(each): each for each in Language}, args.get("lang"))
    return Order(
        wish=asked.wish,
        count=_one_of(_COUNTS, args.get("count")),
        language=language or Language.NB,
        chosen_language=language,
    )


def _one_of(known: Mapping[str, Value], said: str | None) -> Value | None:
    if not said:
        return None
    if said not in known:
        raise NotFound
    return known[said]
