"""Charts of the region, each with the table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Protocol

from flask_babel import gettext

from booking.i18n import isoweek
from booking.libraries.models import Library
from booking.participation.figures import rounded
from booking.publications.tables import ALL, PublishedTable
from booking.publications.tables import Table as Published
from booking.reports.cells import Sign, Table, Value
from booking.reports.charts import BarChart, LineChart, Series, bar_chart, line_chart, stacked_chart
from booking.reports.halves import weeks_of
from booking.reports.held_queries import Held
from booking.reports.messages import MEETINGS, PILOT_COLUMNS
from booking.reports.published_wording import (
    TABLE_WORDS,
    column_words,
    columns_of,
    published_cells,
    row_words,
    value_of,
)
from booking.reports.region_queries import Region
from booking.reports.rules import SafeMeetings
from booking.reports.sign_wording import written_value

_SECONDS_PER_HOUR: Final = 3600


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart, how it is drawn, and the table that says the same."""

    chart: BarChart | LineChart
    table: Table


class Told(Protocol):
    """What was published of these libraries: now, or as it stood on a day."""

    @property
    def libraries(self) -> Sequence[Library]:
        """The libraries, in the order in which they stand."""

    @property
    def tables(self) -> Mapping[Published, PublishedTable]:
        """The tables, as far as there are any."""


def names_of(region: Told) -> Mapping[str, str]:
    """Return what the rows of tables are called: libraries, and the places that they stand in."""
    libraries = {library.slug: library.name for library in region.libraries}
    return libraries | {library.municipality_code: library.municipality_name for library in region.libraries}


def weeks_picture(region: Region, today: date) -> Picture:
    """Return the meetings held in each week, a line for each library."""
    weeks = weeks_of(region.period, today)
    series = [
        Series(
            name=library.name,
            values=tuple(region.by_week.get((library.id, week), Held()).meetings for week in weeks),
        )
        for library in region.libraries
    ]
    labels = [str(isoweek(week)) for week in weeks]
    title = gettext("Meetings held, week by week")
    first = ("week", gettext("Week"))
    table = across(code="weeks", title=title, first=first, labels=labels, series=series)
    chart = line_chart(code="weeks", title=title, labels=labels, series=series, written=written_value)
    return Picture(chart=chart, table=table)


def all_weeks_picture(region: Region, today: date) -> Picture:
    """Return what all libraries did in each week: lines for meetings, and in the table hours and places too.

    Nobody who came is counted in it: persons are told by month (ADR 34).
    """
    weeks = weeks_of(region.period, today)
    labels = [str(isoweek(week)) for week in weeks]
    told = [region.weeks.get(week, SafeMeetings()) for week in weeks]
    lines = [
        Series(name=gettext(name), values=tuple(getattr(each, code) for each in told))
        for code, (name, _meaning) in MEETINGS.items()
    ]
    held = [[each for (_id, monday), each in region.by_week.items() if monday == week] for week in weeks]
    more = [
        Series(
            name=gettext("Hours open"), values=tuple(hours(sum(one.seconds for one in each)) for each in held)
        ),
        Series(name=gettext("Places"), values=tuple(_places(each) for each in held)),
    ]
    title = gettext("All libraries, week by week")
    first = ("week", gettext("Week"))
    table = across(code="all-weeks", title=title, first=first, labels=labels, series=[*lines, *more])
    meanings = tuple(
        (gettext(name), gettext(words)) for name, words in (*MEETINGS.values(), *PILOT_COLUMNS.values())
    )
    chart = line_chart(code="all-weeks", title=title, labels=labels, series=lines, written=written_value)
    return Picture(chart=chart, table=replace(table, meanings=meanings))


def hours(seconds: int) -> Decimal:
    """Return so many seconds in hours, as they are written."""
    return rounded(Fraction(seconds, _SECONDS_PER_HOUR), decimals=1)


def _places(held: Sequence[Held]) -> Value:
    """Return how many places there were; where no meeting had a limit there is no such number."""
    limited = [each.places for each in held if each.with_limit]
    return sum(limited) if limited else Sign.NOTHING


def published_pictures(region: Told) -> Sequence[Picture]:
    """Return each published table with its chart; the sums stand in the table and not in the chart."""
    names = names_of(region)
    return [
        Picture(chart=_chart_of(region, code, names), table=published_cells(region.tables[code], names))
        for code in TABLE_WORDS
        if code in region.tables
    ]


def across(
    *, code: str, title: str, first: tuple[str, str], labels: Sequence[str], series: Sequence[Series]
) -> Table:
    """Return a table with a row for each label and a column for each series."""
    columns = (first, *((f"{code}_{number}", each.name) for number, each in enumerate(series, start=1)))
    rows = [(label, *(each.values[place] for each in series)) for place, label in enumerate(labels)]
    return Table(code=code, title=title, columns=columns, rows=tuple(rows))


def _chart_of(region: Told, code: Published, names: Mapping[str, str]) -> BarChart | LineChart:
    told = region.tables[code]
    rows = [row for row in names if row in told.rows] + [row for row in told.rows if row not in {*names, ALL}]
    columns = [column for column in columns_of(told) if column != ALL] or [ALL]
    title, chart_code = gettext(TABLE_WORDS[code][0]), code.value.replace("_", "-")

    def values(pairs: Sequence[tuple[str, str]]) -> tuple[Value, ...]:
        return tuple(value_of(told.at(row, column)) for row, column in pairs)

    if code is Published.ATTENDANCES_BY_MONTH and len(columns) > 1:
        lines = [
            Series(name=row_words(row, names), values=values([(row, column) for column in columns]))
            for row in rows
        ]
        labels = [column_words(column) for column in columns]
        return line_chart(code=chart_code, title=title, labels=labels, series=lines, written=written_value)
    parts = [
        Series(name=column_words(column), values=values([(row, column) for row in rows]))
        for column in columns
    ]
    draw = stacked_chart if len(columns) > 1 else bar_chart
    labels = [row_words(row, names) for row in rows]
    return draw(code=chart_code, title=title, labels=labels, series=parts, written=written_value)
