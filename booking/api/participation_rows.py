"""One published figure as other programs read it: a number, the one sign for hidden, or nothing."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from booking.publications.shown import HIDDEN_SYMBOL, Shown
from booking.publications.tables import PublishedTable

FIGURE_COLUMNS: Final = ("table", "row", "column", "value", "counted_through")


def figures_of(tables: Iterable[PublishedTable]) -> Iterator[dict[str, Any]]:
    """Return every figure of the tables, in the order in which a page shows them."""
    for table in tables:
        for row in table.rows:
            for column in table.columns:
                yield _figure(table, row, column, table.at(row, column))


def _figure(table: PublishedTable, row: str, column: str, shown: Shown) -> dict[str, Any]:
    through_on = shown.through_on or table.through_on
    hidden: int | str | None = HIDDEN_SYMBOL
    return {
        "table": table.code.value,
        "row": row,
        "column": column,
        "value": shown.told(number=_itself, hidden=hidden, missing=None),
        "counted_through": through_on.isoformat(),
    }


def _itself(value: int) -> int | str | None:
    return value
