"""What stands in a table of figures: words, days, numbers, and signs where there is no number to tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Sign(StrEnum):
    """Why there is no number. None of these is nought.

    A number is hidden when it is small itself, and also when it would tell another one: one sign for both.
    """

    HIDDEN = "hidden"
    MISSING = "missing"
    NOTHING = "nothing"


class Unit(StrEnum):
    """What a number counts."""

    COUNT = "count"
    HOURS = "hours"
    RATIO = "ratio"
    PERCENT = "percent"


# One sign for what is withheld, on every page and in every file (domain: D5).
HIDDEN_SIGN: Final = ":"
NOTHING_SIGN: Final = "–"

Value = int | Decimal | Sign
Cell = str | date | Value


@dataclass(frozen=True, kw_only=True)
class Table:
    """A rectangle of cells under named columns. The code names it in addresses and files.

    `dated` tells by its place which cell is older than the table, and through which day it counts; `meanings`
    are the words in it that want one.
    """

    code: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    dated: Mapping[tuple[int, int], date] = field(default_factory=dict)
    meanings: tuple[tuple[str, str], ...] = ()

    @property
    def numeric(self) -> list[int]:
        """Return the places of the columns that hold numbers, or signs instead of them."""
        return sorted(
            {
                place
                for row in self.rows
                for place, cell in enumerate(row)
                if isinstance(cell, int | Decimal | Sign)
            }
        )

    @property
    def hidden(self) -> int:
        """Return how many cells are withheld."""
        return sum(cell is Sign.HIDDEN for row in self.rows for cell in row)


@dataclass(frozen=True, kw_only=True)
class Book:
    """All that a file holds: what it is about, its tables, what the figures mean and what was withheld.

    `missing` is the word that stands where nobody recorded anything, `signs` what each sign means.
    """

    name: tuple[str, ...]
    title: str
    about: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    missing: str
    signs: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Return how many rows there are in all."""
        return sum(len(table.rows) for table in self.tables)


def as_written(cell: Cell, missing: str) -> str | date | int | Decimal:
    """Return what stands in a file: the sign or the word where there is no number, else the cell as it is."""
    if isinstance(cell, Sign):
        return {Sign.HIDDEN: HIDDEN_SIGN, Sign.NOTHING: NOTHING_SIGN, Sign.MISSING: missing}[cell]
    return cell
