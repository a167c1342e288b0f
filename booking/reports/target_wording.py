"""What the project set itself, beside what was reached."""

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import gettext

from booking.i18n import locale_of, spoken_language
from booking.participation.metrics import METRICS
from booking.publications.tables import ALL
from booking.publications.tables import Table as Published
from booking.reports.cells import Cell, Sign, Table, Value
from booking.reports.metric_messages import METRIC_WORDS, UNIT_WORDS
from booking.reports.published_wording import value_of
from booking.reports.region_queries import Region

# Where what was reached stands among the published tables.
_PUBLISHED: Mapping[str, Published] = {
    "attendances": Published.ATTENDANCES_BY_MONTH,
    "unique": Published.UNIQUE_BY_BAND,
}


def written_amount(amount: Decimal) -> str:
    """Write a number as somebody would type it."""
    return str(format_decimal(amount, format="0.##", locale=locale_of(spoken_language())))


def targets_table(region: Region, targets: Mapping[str, Decimal]) -> Table | None:
    """Return what the project set itself for all libraries together, and what was reached."""
    if not targets:
        return None
    rows: list[tuple[Cell, ...]] = [
        (
            gettext(METRIC_WORDS[code][0]),
            _reached(region, code),
            _number(targets[code]),
            gettext(UNIT_WORDS[METRICS[code].unit]),
        )
        for code in METRIC_WORDS
        if code in targets
    ]
    columns = (
        ("figure", gettext("Figure")),
        ("reached", gettext("Reached")),
        ("target", gettext("Target")),
        ("unit", gettext("Unit")),
    )
    return Table(code="targets", title=gettext("Targets"), columns=columns, rows=tuple(rows))


def _reached(region: Region, code: str) -> Value:
    if code == "sessions":
        return sum(counts.held for counts in region.meetings.values())
    table = region.tables.get(_PUBLISHED[code]) if code in _PUBLISHED else None
    return value_of(table.at(ALL, ALL)) if table else Sign.MISSING


def _number(amount: Decimal) -> Value:
    return int(amount) if amount == int(amount) else amount
