"""Holding what was let out against the promise, and against what it was counted from."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.publications.audit import Audit
from booking.publications.joint import Joint
from booking.publications.ledger import GROUPINGS, HalfYear
from booking.publications.ledger_queries import blocks_of
from booking.publications.models import Publication, PublishedCell
from booking.publications.protection import Rule
from booking.publications.queries import publications, published_periods
from booking.publications.tables import ELSEWHERE, Table


def telling_publications(session: Session) -> Iterator[str | None]:
    """Tell of half-years whose figures, all together, let somebody work out a small count."""
    for half_year, newest in _half_years(session):
        audit = Audit(Joint(half_year, GROUPINGS[0]).counts(), _rule(session, newest))
        audit.look(audit.counts.hidden)
        telling = sum(bool(audit.demands(target)) for target in audit.targets())
        yield f"half-year from {newest.first_on}: {telling} can be worked out" if telling else None


def wrong_publications(session: Session) -> Iterator[str | None]:
    """Tell of numbers that are not what they were counted from."""
    for half_year, newest in _half_years(session):
        joint = Joint(half_year, GROUPINGS[0])
        cells = session.scalars(select(PublishedCell).where(PublishedCell.publication_id == newest.id))
        for cell in cells:
            place = (Table(cell.table_code), cell.row_code, cell.column_code)
            if cell.value is not None and cell.value != joint.value_at(place):
                yield f"publication {newest.id}: {' '.join(place)} was told as {cell.value}"


def _rule(session: Session, newest: Publication) -> Rule:
    """Return what was promised of every month, as the least count may have been raised since the first."""
    period = Period(first=newest.first_on, last=newest.last_on)
    least_count = min(each.least_count for each in publications(session, period=period))
    return Rule(least_count=least_count, minds_kinds=False)


def _half_years(session: Session) -> Iterator[tuple[HalfYear, Publication]]:
    libraries = session.scalars(select(Library).order_by(Library.slug)).all()
    for period in published_periods(session):
        newest = publications(session, period=period)[0]
        yield (
            HalfYear(
                libraries=tuple(each.slug for each in libraries),
                municipalities=(*sorted({each.municipality_code for each in libraries}), ELSEWHERE),
                blocks=tuple(blocks_of(session, period=period)),
                is_over=newest.through_on == newest.last_on,
            ),
            newest,
        )
