"""What may be told of counts of persons: the rule, and counts that hang together."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

LEAST_ALLOWED: Final = 3


@dataclass(frozen=True, kw_only=True)
class Rule:
    """From how many persons on a count may be told. What is hidden can be told only so closely.

    A new version says that something else is decided from the same counts; a test holds it to that.
    """

    version: ClassVar[str] = "3"

    least_count: int = 5
    # Whether nobody may tell of a hidden figure that it is not small itself; it costs some more figures.
    minds_kinds: bool = True

    def __post_init__(self) -> None:
        """Refuse a count below three: of two, each would know the other."""
        if self.least_count < LEAST_ALLOWED:
            message = f"the least count is {LEAST_ALLOWED} or more"
            raise ValueError(message)

    def after(self, earlier: Sequence[int]) -> "Rule":
        """Return the rule of a half-year of which something was let out under other least counts.

        It is never lowered within a half-year: what was hidden under the higher one would be told.
        """
        return replace(self, least_count=max(self.least_count, *earlier, 0))

    def is_small(self, persons: int) -> bool:
        """Tell whether so few persons are never told."""
        return 1 <= persons < self.least_count

    def is_wide(self, low: float, high: float) -> bool:
        """Tell whether such a range leaves open how many there are, and whether they are few."""
        return high - low >= self.least_count - 1 and high >= self.least_count

    def leaves_kind_open(self, low: float) -> bool:
        """Tell whether such a hidden figure could be small, or might be hidden for the sake of another."""
        return low <= self.least_count - 1


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure that is shown or hidden: some parts added up.

    `newer` are the parts that came since its number was last shown; without such a time all of them.
    """

    name: Hashable
    parts: tuple[int, ...]
    newer: tuple[int, ...]


@dataclass(frozen=True)
class Target:
    """A sum that nobody may work out; with a cell only while that cell is hidden."""

    parts: tuple[int, ...]
    cell: int | None = None


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What everybody knows of the parts beforehand: so many times one are never more than the other.

    Or by no more than `beyond`; without another, that is how many they can be.
    """

    fewer: tuple[tuple[int, int], ...]
    more: tuple[tuple[int, int], ...] = ()
    beyond: int = 0


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Counts of persons that hang together, as they are, and what was told of them already.

    `limits` are known to whoever reads the figures, `rooms` to whoever knows how many places there were too.
    `watched` are sums that no cell tells. `equations` name cells of which one is all the others together:
    they only make the search quicker. Cells that are neither in `shown` nor in `hidden` are to be decided.
    """

    parts: Sequence[int]
    cells: Sequence[Cell]
    limits: Sequence[Limit] = ()
    rooms: Sequence[Limit] = ()
    watched: Sequence[tuple[int, ...]] = ()
    equations: Sequence[tuple[int, ...]] = ()
    shown: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    open: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find what is to be decided: what is nought is always shown."""
        decided = self.shown | self.hidden
        undecided = (number for number in range(len(self.cells)) if number not in decided)
        object.__setattr__(self, "open", tuple(number for number in undecided if self.value(number)))

    def value(self, cell: int) -> int:
        """Return how many persons a cell tells of."""
        return self.sum_of(self.cells[cell].parts)

    def sum_of(self, parts: Sequence[int]) -> int:
        """Return how many persons some parts are together."""
        return sum(self.parts[part] for part in parts)


def is_safe_in_one_row(hidden: Sequence[int], rule: Rule) -> bool:
    """Tell whether hidden numbers of a single row with a shown total are safe, without a search."""
    return len(hidden) != 1 and (not hidden or sum(hidden) - len(hidden) >= rule.least_count - 1)
