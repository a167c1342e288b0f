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


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One time that figures were let out: through which day they count, when that was, and what was told."""

    period: Period
    through_on: date
    published_at: datetime
    libraries: Sequence[Library]
    tables: Mapping[Table, PublishedTable]

    @property
    def is_final(self) -> bool:
        """Tell whether the whole half-year was over."""
        return self.through_on == self.period.last


def snapshot_of(session: Session, *, through_on: date) -> Snapshot | None:
    """Return what was told through this day, or nothing when no figures were let out through it."""
    period = half_year_of(through_on)
    told = (each for each in publications(session, period=period) if each.through_on == through_on)
    publication = next(told, None)
    if publication is None:
        return None
    return Snapshot(
        period=period,
        through_on=through_on,
        published_at=publication.published_at,
        libraries=list_libraries(session),
        tables=published_tables(session, period=period, through_on=through_on),
    )


def snapshot_days(session: Session, *, period: Period) -> Sequence[date]:
    """Return the days through which figures of a half-year were let out, the newest first."""
    return [each.through_on for each in publications(session, period=period)]
