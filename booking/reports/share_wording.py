"""Shares and reach for everybody: nothing in them is told that the two published numbers do not tell."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from flask_babel import gettext

from booking.i18n import N_, long_date
from booking.participation.figures import percent, rounded
from booking.publications.shown import CellState
from booking.publications.tables import ALL, ELSEWHERE, GRACE, PublishedTable
from booking.publications.tables import Table as Published
from booking.reports.cells import Cell, Sign, Table, Value
from booking.reports.metric_messages import METRIC_WORDS, NOT_KNOWN_WORDS
from booking.reports.outside_messages import IS_OPEN, OUTSIDE, OUTSIDE_WORDS
from booking.reports.published_wording import value_of
from booking.reports.region_queries import Region

# The shares that are told: from which published table, which column of it, and what they are called.
_SHARES: Final = (
    ("pilots", Published.ATTENDANCES_BY_KIND, "pilot", N_("Attendances that were at pilots")),
    ("return_rate", Published.RETURNING, "returning", METRIC_WORDS["return_rate"][0]),
    ("no_show", Published.BOOKED_PLACES, "no_show", METRIC_WORDS["no_show"][0]),
    ("late_cancellation", Published.BOOKED_PLACES, "late", METRIC_WORDS["late_cancellation"][0]),
)
_NO_NUMBER: Final = -1


def share_of(table: PublishedTable, row: str, column: str) -> Value:
    """Return how many of a hundred in the row are in the column, if everybody can work that out."""
    if table.at(row).told(number=int, hidden=_NO_NUMBER, missing=_NO_NUMBER) == 0:
        return Sign.NOTHING
    return value_of(table.percent(row, column))


def shares_table(region: Region) -> Table:
    """Return shares, in per cent, for each library and all together, as far as they are told."""
    told = [share for share in _SHARES if share[1] in region.tables]
    rows = [
        (
            name,
            together_share(region, ids),
            *(share_of(region.tables[code], row, at) for _, code, at, _ in told),
        )
        for row, name, ids in _rows(region)
    ]
    columns = (
        ("library", gettext("Library")),
        ("other_sector_share", _name("other_sector_share")),
        *((code, gettext(words)) for code, _table, _column, words in told),
    )
    meanings = [(words, gettext(METRIC_WORDS[code][1])) for code, words in columns if code in METRIC_WORDS]
    return Table(
        code="shares",
        title=gettext("Shares, in per cent"),
        columns=columns,
        rows=tuple(rows),
        meanings=tuple(meanings),
    )


def together_share(region: Region, library_ids: Sequence[int]) -> Value:
    """Return of a hundred meetings how many had a partner of another sector; it counts no persons."""
    held = sum(region.meetings[each].held for each in library_ids)
    share = percent(sum(region.with_other_sector.get(each, 0) for each in library_ids), held)
    return Sign.NOTHING if share is None else share


def reach_table(region: Region) -> Table | None:
    """Return how many of each thousand came, by municipality; none before the half-year is over."""
    told = region.tables.get(Published.RESIDENTS)
    if told is None:
        return None
    places = {each.municipality_code: each.municipality_name for each in region.libraries}
    rows: list[tuple[Cell, ...]] = [
        (name, value_of(told.at(code)), *_per_thousand(region, value_of(told.at(code)), [code]))
        for code, name in places.items()
    ]
    together = _of_the_region(told)
    rows.append((gettext("All together"), together, *_per_thousand(region, together, list(places))))
    columns = (
        ("municipality", gettext("Municipality")),
        ("unique", gettext("Different children and youth")),
        ("population", gettext("Live there, 6 to 18 years")),
        ("reach", gettext("For each 1,000")),
    )
    meanings = ((_name("reach"), _meaning("reach")),)
    return Table(code="reach", title=_name("reach"), columns=columns, rows=tuple(rows), meanings=meanings)


def reach_of_all(region: Region) -> Value:
    """Return the reach of all libraries together, as far as it is told."""
    table = reach_table(region)
    cell = table.rows[-1][-1] if table else Sign.MISSING
    return cell if isinstance(cell, int | Decimal | Sign) else Sign.MISSING


def comes_later(region: Region) -> str:
    """Return the day from which what is told of the whole half-year is told, unless it is told already."""
    if Published.RETURNING in region.tables:
        return ""
    return long_date(region.period.last + GRACE + timedelta(days=1))


def not_told() -> Sequence[tuple[str, str]]:
    """Return what only the library itself knows, and why."""
    found: dict[str, list[str]] = {}
    for code, where in OUTSIDE.items():
        if where not in IS_OPEN:
            found.setdefault(OUTSIDE_WORDS[where], []).append(gettext(METRIC_WORDS[code][0]))
    return [(" · ".join(names), gettext(words)) for words, names in found.items()]


def not_known_table() -> Table:
    """Return what the definitions ask for and nobody records: missing, and never nought."""
    rows = tuple((gettext(words), Sign.MISSING) for words in NOT_KNOWN_WORDS.values())
    columns = (("figure", gettext("Figure")), ("value", gettext("Value")))
    return Table(code="not-known", title=gettext("What nobody records yet"), columns=columns, rows=rows)


def _name(code: str) -> str:
    return str(gettext(METRIC_WORDS[code][0]))


def _meaning(code: str) -> str:
    return str(gettext(METRIC_WORDS[code][1]))


def _rows(region: Region) -> Iterator[tuple[str, str, Sequence[int]]]:
    for library in region.libraries:
        yield library.slug, library.name, [library.id]
    yield ALL, gettext("All libraries"), [library.id for library in region.libraries]


def _of_the_region(told: PublishedTable) -> Value:
    """Return how many live where there is a library: all but those from elsewhere, if both are told."""
    both = told.at(ALL), told.at(ELSEWHERE)
    if CellState.HIDDEN in {each.state for each in both} or len({each.through_on for each in both}) > 1:
        return Sign.HIDDEN
    numbers = [each.told(number=int, hidden=_NO_NUMBER, missing=_NO_NUMBER) for each in both]
    return Sign.MISSING if _NO_NUMBER in numbers else numbers[0] - numbers[1]


def _per_thousand(region: Region, persons: Value, codes: Sequence[str]) -> tuple[Value, Value]:
    known = [region.residents[code].persons for code in codes if code in region.residents]
    if len(known) < len(codes) or not sum(known):
        return Sign.MISSING, Sign.MISSING
    if isinstance(persons, Sign):
        return sum(known), persons
    return sum(known), rounded(Fraction(1000 * int(persons), sum(known)), decimals=1)
