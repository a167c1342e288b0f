"""The published figures as they stood on a day: what was told then, whatever has been told since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from booking.activities.queries import list_libraries
from booking.libraries.models import Library
from booking.participation.figures import Period, half_year_of
from booking.publications.queries import publications, published_tables
from booking.publications.tables import PublishedTable, Table
from booking.reports.known import as_known
from booking.reports.models import ToldBeside
from booking.reports.region_queries import places_of
from booking.reports.standing import Standing, standing_of


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One time that figures were let out: through which day they count, when that was, and what was told.

    `standing` is what the page told of meetings and targets then; nothing where that was not kept.
    """

    period: Period
    through_on: date
    published_at: datetime
    libraries: Sequence[Library]
    tables: Mapping[Table, PublishedTable]
    standing: Standing | None

    @property
    def is_final(self) -> bool:
        """Tell whether the whole half-year was over."""
        return self.through_on == self.period.last


def snapshot_of(session: Session, *, through_on: date) -> Snapshot | None:
    """Return what was told through this day, or nothing when no figures were let out through it."""
    period = half_year_of(through_on)
    several = publications(session, period=period)
    publication = next((each for each in several if each.through_on == through_on), None)
    if publication is None:
        return None
    libraries = list_libraries(session)
    published = published_tables(session, period=period, through_on=through_on)
    tables = as_known(published, places_of(libraries))
    kept = session.get(ToldBeside, publication.id)
    standing: Standing | None = None
    if kept is not None:
        standing = standing_of(
            kept.told,
            period=period,
            libraries=libraries,
            tables=tables,
            told_through=[each.through_on for each in several if each.through_on <= through_on],
        )
    return Snapshot(
        period=period,
        through_on=through_on,
        published_at=publication.published_at,
        libraries=standing.region.libraries if standing else libraries,
        tables=tables,
        standing=standing,
    )
