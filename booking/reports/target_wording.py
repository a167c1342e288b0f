"""What the project set itself, beside what was reached."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import gettext

from booking.i18n import locale_of, spoken_language
from booking.libraries.models import Library
from booking.participation.metrics import METRICS
from booking.publications.tables import ALL
from booking.publications.tables import Table as Published
from booking.reports.cells import Cell, Sign, Table, Value
from booking.reports.metric_messages import METRIC_WORDS, UNIT_WORDS
from booking.reports.outside_messages import OUTSIDE, Outside
from booking.reports.published_wording import value_of
from booking.reports.region_queries import Region
from booking.reports.share_wording import reach_of_all, share_of, together_share
from booking.reports.target_queries import Targets

# Where what was reached stands among the published tables: as a number, or as a share of a row.
_NUMBERS: Mapping[str, Published] = {
    "attendances": Published.ATTENDANCES_BY_MONTH,
    "unique": Published.UNIQUE_BY_BAND,
}
_SHARES: Mapping[str, tuple[Published, str]] = {
    "return_rate": (Published.RETURNING, "returning"),
    "no_show": (Published.BOOKED_PLACES, "no_show"),
}


def written_amount(amount: Decimal) -> str:
    """Write a number as somebody would type it."""
    return str(format_decimal(amount, format="0.##", locale=locale_of(spoken_language())))


def targets_table(region: Region, targets: Mapping[int | None, Targets]) -> Table | None:
    """Return what the project set itself, for all libraries together and for each, and what was reached."""
    rows = tuple(_rows(region, targets))
    columns = (
        ("library", gettext("Library")),
        ("figure", gettext("Figure")),
        ("reached", gettext("Reached")),
        ("target", gettext("Target")),
        ("unit", gettext("Unit")),
    )
    return Table(code="targets", title=gettext("Targets"), columns=columns, rows=rows) if rows else None


def _rows(region: Region, targets: Mapping[int | None, Targets]) -> Iterator[tuple[Cell, ...]]:
    for library in (None, *region.libraries):
        set_here = targets.get(library.id if library else None, {})
        for code in METRIC_WORDS:
            if code in set_here:
                yield (
                    library.name if library else gettext("All libraries"),
                    gettext(METRIC_WORDS[code][0]),
                    _reached(region, code, library),
                    _number(set_here[code]),
                    gettext(UNIT_WORDS[METRICS[code].unit]),
                )


def _reached(region: Region, code: str, library: Library | None) -> Cell:
    row = library.slug if library else ALL
    if OUTSIDE[code] is Outside.AT_ONCE:
        return _of_meetings(region, code, library)
    if code in _NUMBERS:
        table = region.tables.get(_NUMBERS[code])
        return value_of(table.at(row)) if table else Sign.MISSING
    if code in _SHARES:
        share, column = _SHARES[code]
        told = region.tables.get(share)
        return share_of(told, row, column) if told else _when_over()
    if code == "reach" and library is None:
        is_told = Published.RESIDENTS in region.tables
        return reach_of_all(region) if is_told else _when_over()
    return str(gettext("only the library knows"))


def _when_over() -> str:
    return str(gettext("when the half-year is over"))


def _of_meetings(region: Region, code: str, library: Library | None) -> Value:
    ids = [library.id] if library else [each.id for each in region.libraries]
    if code == "sessions":
        return sum(region.meetings[each].held for each in ids)
    return together_share(region, ids)


def _number(amount: Decimal) -> Value:
    return int(amount) if amount == int(amount) else amount
