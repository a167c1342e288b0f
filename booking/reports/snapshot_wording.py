"""The file of figures as they stood on a day, and what stands on its page."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from booking.clock import local_date
from booking.i18n import day_and_time, long_date
from booking.reports.cells import Book, Table
from booking.reports.definition_wording import definitions_table
from booking.reports.picture_wording import Picture, published_pictures, weeks_picture
from booking.reports.region_wording import (
    half_words,
    meetings_table,
    pilots_table,
    region_tables,
    withheld_table,
)
from booking.reports.share_wording import reach_table, shares_table
from booking.reports.sign_wording import meanings_of_signs, missing_word
from booking.reports.snapshot_queries import Snapshot
from booking.reports.standing import Standing
from booking.reports.target_wording import targets_table


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the page told of meetings and targets then; targets are told to who coordinates alone."""

    weeks: Picture
    tables: tuple[Table, ...]


def beside_of(snapshot: Snapshot, *, inside: bool) -> Beside | None:
    """Return what was told of meetings and targets, or nothing where that was not kept."""
    if snapshot.standing is None:
        return None
    region = snapshot.standing.region
    tables = (
        meetings_table(region, with_oldest=inside),
        _targets(snapshot.standing, inside=inside),
        pilots_table(region),
        shares_table(region),
        reach_table(region),
    )
    return Beside(
        weeks=weeks_picture(region, local_date(snapshot.published_at)),
        tables=tuple(table for table in tables if table is not None),
    )


def snapshot_book(snapshot: Snapshot, *, made_at: datetime, inside: bool = False) -> Book:
    """Return the file: the tables that were told, what they mean and what was withheld."""
    figures = list(_tables(snapshot, inside=inside))
    return Book(
        name=(gettext("participation"), gettext("as it stood"), snapshot.through_on.isoformat()),
        title=gettext("Participation"),
        about=(
            (gettext("For"), ", ".join(library.name for library in snapshot.libraries)),
            (gettext("Time"), half_words(snapshot.period)),
            (gettext("Persons are counted through"), long_date(snapshot.through_on)),
            (gettext("Let out"), day_and_time(snapshot.published_at)),
            (gettext("Made"), day_and_time(made_at)),
            (gettext("Licence"), "CC BY 4.0"),
            (gettext("Supported by"), "Nasjonalbiblioteket"),
        ),
        tables=(*figures, definitions_table(), withheld_table(figures)),
        missing=missing_word(),
        signs=meanings_of_signs(),
    )


def _tables(snapshot: Snapshot, *, inside: bool) -> list[Table]:
    if snapshot.standing is None:
        return [picture.table for picture in published_pictures(snapshot)]
    return region_tables(
        snapshot.standing.region,
        today=local_date(snapshot.published_at),
        inside=inside,
        targets=_targets(snapshot.standing, inside=inside),
    )


def _targets(standing: Standing, *, inside: bool) -> Table | None:
    return targets_table(standing.region, standing.targets) if inside else None
