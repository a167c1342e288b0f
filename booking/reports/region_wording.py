"""The region in words: its meetings, its pilots beside each other, and the file with everything."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext, ngettext

from booking.clock import local_date
from booking.i18n import current_language, day_and_time, long_date
from booking.libraries.models import Library
from booking.libraries.rules import best_text
from booking.participation.figures import Period
from booking.publications.tables import ALL
from booking.publications.tables import Table as Published
from booking.reports.cells import Book, Cell, Sign, Table
from booking.reports.definition_wording import definitions_table
from booking.reports.halves import is_autumn
from booking.reports.messages import MEETINGS, PILOT_COLUMNS
from booking.reports.picture_wording import all_weeks_picture, hours, published_pictures, weeks_picture
from booking.reports.published_wording import value_of
from booking.reports.region_queries import Pilot, Region
from booking.reports.rules import all_together
from booking.reports.share_wording import not_known_table, reach_table, shares_table
from booking.reports.sign_wording import meanings_of_signs, missing_word, written_value


def half_words(period: Period) -> str:
    """Return what a half-year is called: «høsten 2026»."""
    words = gettext("autumn %(year)s") if is_autumn(period) else gettext("spring %(year)s")
    return str(words % {"year": period.first.year})


def meetings_table(region: Region, *, with_oldest: bool = False) -> Table:
    """Return how many meetings each library held, called off and has not recorded; and since when."""
    rows: list[tuple[Cell, ...]] = []
    for library in region.libraries:
        counts = region.meetings[library.id]
        numbers = (counts.held, counts.called_off, counts.not_recorded)
        rows.append((library.name, *numbers, *_oldest(region, library, with_oldest=with_oldest)))
    total = all_together(list(region.meetings.values()))
    end: tuple[Cell, ...] = (Sign.NOTHING,) if with_oldest else ()
    numbers = (total.held, total.called_off, total.not_recorded)
    rows.append((gettext("All libraries"), *numbers, *end))
    columns = [
        ("library", gettext("Library")),
        *((code, gettext(name)) for code, (name, _) in MEETINGS.items()),
    ]
    if with_oldest:
        columns.append(("oldest", gettext("Oldest of these")))
    return Table(
        code="meetings",
        title=gettext("Meetings"),
        columns=tuple(columns),
        rows=tuple(rows),
        meanings=tuple((gettext(name), gettext(meaning)) for name, meaning in MEETINGS.values()),
    )


def headline(region: Region) -> str:
    """Return in a sentence or two what all libraries come to, as far as it is told."""
    held = all_together(list(region.meetings.values())).held
    meetings = ngettext(
        "One meeting was held.", "%(written)s meetings were held.", held, written=written_value(held)
    )
    told = region.tables.get(Published.ATTENDANCES_BY_MONTH)
    came = value_of(told.at(ALL)) if told else Sign.MISSING
    if isinstance(came, Sign):
        return str(meetings)
    times = gettext(
        "Children and youth came %(times)s times through %(day)s.",
        times=written_value(came),
        day=counted_through(region),
    )
    return f"{meetings} {times}"


def pilots_table(region: Region) -> Table | None:
    """Return the pilots beside each other; of persons what was published of all pilots of the library."""
    if not region.pilots:
        return None
    columns = (
        ("library", gettext("Library")),
        ("pilot", gettext("Pilot activity")),
        ("held", gettext("Meetings held")),
        ("not_recorded", gettext("Not recorded yet")),
        ("hours", gettext("Hours open")),
        ("places", gettext("Places")),
        ("attendances", gettext("Attendances at the library’s pilots")),
    )
    rows = tuple(_pilot_row(region, pilot) for pilot in region.pilots)
    return Table(
        code="pilots",
        title=gettext("Pilots side by side"),
        columns=columns,
        rows=rows,
        meanings=tuple((gettext(name), gettext(meaning)) for name, meaning in PILOT_COLUMNS.values()),
    )


def _pilot_row(region: Region, pilot: Pilot) -> tuple[Cell, ...]:
    kinds = region.tables.get(Published.ATTENDANCES_BY_KIND)
    return (
        pilot.library.name,
        str(best_text(pilot.texts, current_language()).title),
        pilot.held.meetings,
        pilot.not_recorded,
        hours(pilot.held.seconds),
        pilot.held.places if pilot.held.with_limit else Sign.NOTHING,
        value_of(kinds.at(pilot.library.slug, "pilot")) if kinds else Sign.MISSING,
    )


def withheld_table(tables: Sequence[Table]) -> Table:
    """Return what was withheld in which table, what is older than the rest, and why."""
    why = gettext("A small number of persons, or a number that would tell a small one.")
    later = gettext("Too few came to it since then to tell a new number; it counts through the day before.")
    hidden = [
        (table.title, table.hidden, gettext("not shown for privacy"), why) for table in tables if table.hidden
    ]
    older = [(table.title, len(table.dated), gettext("older"), later) for table in tables if table.dated]
    columns = (
        ("table", gettext("Table")),
        ("cells", gettext("Numbers")),
        ("what", gettext("What")),
        ("why", gettext("Why")),
    )
    title = gettext("What is not shown, and why")
    return Table(code="withheld", title=title, columns=columns, rows=(*hidden, *older))


def region_book(
    region: Region, *, today: date, made_at: datetime, inside: bool, targets: Table | None = None
) -> Book:
    """Return the file of the region; inside the house it tells too since when registers are open."""
    figures = region_tables(region, today=today, inside=inside, targets=targets)
    return Book(
        name=(gettext("participation"), gettext("all libraries"), *_when(region.period)),
        title=gettext("Participation"),
        about=(
            (gettext("For"), ", ".join(library.name for library in region.libraries)),
            (gettext("Time"), half_words(region.period)),
            (gettext("Persons are counted through"), counted_through(region) or missing_word()),
            (gettext("Made"), day_and_time(made_at)),
            (gettext("Licence"), "CC BY 4.0"),
            (gettext("Supported by"), "Nasjonalbiblioteket"),
        ),
        tables=(*figures, definitions_table(), withheld_table(figures)),
        missing=missing_word(),
        signs=meanings_of_signs(),
    )


def region_tables(region: Region, *, today: date, inside: bool, targets: Table | None) -> list[Table]:
    """Return every table with figures that the page of the region has."""
    some = (targets, pilots_table(region), shares_table(region), reach_table(region))
    return [
        meetings_table(region, with_oldest=inside),
        weeks_picture(region, today).table,
        all_weeks_picture(region, today).table,
        *(table for table in some if table is not None),
        *(picture.table for picture in published_pictures(region)),
        not_known_table(),
    ]


def counted_through(region: Region) -> str:
    """Return the day through which the published figures count, if there are any."""
    days = [table.through_on for table in region.tables.values()]
    return long_date(max(days)) if days else ""


def _when(period: Period) -> tuple[str, str]:
    return str(period.first.year), gettext("autumn") if is_autumn(period) else gettext("spring")


def _oldest(region: Region, library: Library, *, with_oldest: bool) -> tuple[Cell, ...]:
    if not with_oldest:
        return ()
    oldest = region.oldest.get(library.id)
    return (local_date(oldest) if oldest else Sign.NOTHING,)
