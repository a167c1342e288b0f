"""Shares and reach as pages and files tell them, month by month, and what an attacker makes of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.publications.models import Publication, PublishedCell
from booking.publications.protection import Rule
from booking.publications.queries import published_tables
from booking.publications.shown import Shown
from booking.publications.tables import ALL, ELSEWHERE, Table
from booking.reports.cells import Sign
from booking.reports.share_wording import share_of
from tests.factories import NOON
from tests.publications.autumns import Autumn
from tests.publications.collector import Collector

SHARES: Final = (
    (Table.ATTENDANCES_BY_KIND, "pilot"),
    (Table.RETURNING, "returning"),
    (Table.BOOKED_PLACES, "no_show"),
    (Table.BOOKED_PLACES, "late"),
)
# So many of 6 to 18 years live in a municipality; few, so that reach tells as much as it can.
LIVE_THERE: Final = 600


@dataclass(frozen=True)
class Share:
    """So many of a hundred in a row are in a column: whole per cents, half of one rounded up."""

    month: int
    table: Table
    row: str
    column: str
    percent: int


@dataclass(frozen=True)
class Reach:
    """So many tenths of a person of each thousand came, of those that live in some places."""

    places: tuple[str, ...]
    tenths: int


def days_of(autumn: Autumn) -> list[date]:
    """Return the last day of each month of a half-year."""
    starts = [date(2026, autumn.first_month + month, 1) for month in range(autumn.months)]
    return [(start + timedelta(days=31)).replace(day=1) - timedelta(days=1) for start in starts]


def let_out(session: Session, autumn: Autumn, month: int) -> None:
    """Keep what was told with a month as the job that publishes keeps it."""
    days = days_of(autumn)
    publication = Publication(
        first_on=days[0].replace(day=1),
        last_on=days[-1],
        through_on=days[month],
        published_at=NOON,
        least_count=autumn.rule_of(month).least_count,
        rule_version=Rule.version,
    )
    session.add(publication)
    session.flush()
    for (table, row, column), figure in autumn.told[month].items():
        place = {"table_code": table, "row_code": row, "column_code": column}
        cell = PublishedCell(publication_id=publication.id, **place, state=figure.state, value=figure.value)
        session.add(cell)
    session.flush()


def shares_told(session: Session, autumn: Autumn, month: int) -> Iterator[Share]:
    """Return every share that is told once a month is let out; of an older number it is an older one."""
    days = days_of(autumn)
    tables = published_tables(session, period=_period(autumn), through_on=days[month])
    for code, column in SHARES:
        for row in tables[code].rows if code in tables else ():
            share = share_of(tables[code], row, column)
            if not isinstance(share, Sign):
                told_on = tables[code].at(row).through_on or days[month]
                yield Share(days.index(told_on), code, row, column, int(share))


def reach_told(session: Session, autumn: Autumn) -> Iterator[Reach]:
    """Return the reach of each municipality, and of all of them, as far as it is told."""
    residents = published_tables(session, period=_period(autumn)).get(Table.RESIDENTS)
    if residents is None:
        return
    places = tuple(place for place in autumn.municipalities if place != ELSEWHERE)
    for place in places:
        yield from _reach((place,), _count(residents.at(place)), LIVE_THERE)
    both = [_count(residents.at(place)) for place in (ALL, ELSEWHERE)]
    if both[0] is not None and both[1] is not None:
        yield from _reach(places, both[0] - both[1], LIVE_THERE * len(places))


def reads_all(session: Session, autumn: Autumn, collector: Collector) -> int:
    """Let the collector read every share of every month, and reach; return how many there were."""
    found: list[Share | Reach] = []
    for month in range(autumn.months):
        let_out(session, autumn, month)
        found += shares_told(session, autumn, month)
    found += reach_told(session, autumn)
    for each in found:
        _know(collector, each)
    return len(found)


def _know(collector: Collector, told: Share | Reach) -> None:
    know = collector.outsider.knows
    if isinstance(told, Share):
        part = collector.sum_of(collector.names(told.month, (told.table, told.row, told.column)))
        whole = collector.sum_of(collector.names(told.month, (told.table, told.row, ALL)))
        know(200 * part - (2 * told.percent - 1) * whole >= 0)
        know(200 * part - (2 * told.percent + 1) * whole <= -1)
    else:
        came = collector.sum_of([(Table.RESIDENTS, place, ALL) for place in told.places])
        live = LIVE_THERE * len(told.places)
        know(20_000 * came >= (2 * told.tenths - 1) * live)
        know(20_000 * came <= (2 * told.tenths + 1) * live - 1)


def _reach(places: tuple[str, ...], came: int | None, live: int) -> Iterator[Reach]:
    if came is not None:
        yield Reach(places, (20_000 * came + live) // (2 * live))


def _count(shown: Shown) -> int | None:
    nothing: int | None = None
    return shown.told(number=_itself, hidden=nothing, missing=nothing)


def _itself(number: int) -> int | None:
    return number


def _period(autumn: Autumn) -> Period:
    days = days_of(autumn)
    return Period(first=days[0].replace(day=1), last=days[-1])
