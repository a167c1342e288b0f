"""Charts of a library's own figures, each with its table: weeks, activities beside each other, ages."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext

from booking.attendance.messages import BANDS
from booking.clock import local_date
from booking.i18n import current_language, isoweek
from booking.libraries.rules import best_text
from booking.participation.missing_rules import counted_alone
from booking.participation.tallies import Dimension, Measure
from booking.reports.cells import Cell, Sign, Table, Value
from booking.reports.charts import Series, bar_chart, line_chart
from booking.reports.halves import monday_of, weeks_of
from booking.reports.own_queries import OwnReport
from booking.reports.picture_wording import Picture, across
from booking.reports.published_wording import column_words
from booking.reports.sign_wording import written_value

_COUNTED = (Measure.ATTENDANCES, Measure.NAMED_ATTENDANCES, Measure.UNIQUE)


def own_pictures(report: OwnReport, today: date) -> Sequence[Picture]:
    """Return the charts that have something to show."""
    several = (_weeks(report, today), _activities(report), _ages(report))
    return [each for each in several if each.table.rows]


def _weeks(report: OwnReport, today: date) -> Picture:
    weeks = weeks_of(report.scope.period, today)
    values = tuple(_in_week(report, week) for week in weeks)
    title = gettext("Attendances, week by week")
    series = [Series(name=gettext("Attendances"), values=values)]
    labels = [str(isoweek(week)) for week in weeks]
    first = ("week", gettext("Week"))
    table = across(code="weeks", title=title, first=first, labels=labels, series=series)
    chart = line_chart(code="weeks", title=title, labels=labels, series=series, written=written_value)
    return Picture(chart=chart, table=table)


def _in_week(report: OwnReport, week: date) -> Value:
    """Return a week's attendances; where nothing was held there is nothing to tell, or it is missing."""
    code = "{:04}-W{:02}".format(*week.isocalendar()[:2])
    if report.by[Measure.SESSIONS, Dimension.WEEK].get(code):
        return report.by[Measure.ATTENDANCES, Dimension.WEEK].get(code, 0)
    is_open = any(monday_of(local_date(meeting.starts_at)) == week for meeting in report.missing)
    return Sign.MISSING if is_open else Sign.NOTHING


def _activities(report: OwnReport) -> Picture:
    held, visits = (
        report.by[measure, Dimension.ACTIVITY] for measure in (Measure.SESSIONS, Measure.ATTENDANCES)
    )
    codes = sorted(held, key=lambda code: (-visits.get(code, 0), code))
    labels = [_title(report, int(code)) for code in codes]
    series = _visits_and_persons(report, Dimension.ACTIVITY, codes)
    numbers = zip(*(each.values for each in series), strict=True)
    rows: list[tuple[Cell, ...]] = [
        (label, held[code], *each) for code, label, each in zip(codes, labels, numbers, strict=True)
    ]
    title = gettext("Activities side by side")
    columns = (
        ("activity", gettext("Activity")),
        ("sessions", gettext("Meetings held")),
        ("attendances", gettext("Attendances")),
        ("unique", gettext("Different children and youth")),
    )
    chart = bar_chart(code="activities", title=title, labels=labels, series=series, written=written_value)
    table = Table(code="activities", title=title, columns=columns, rows=tuple(rows))
    return Picture(chart=chart, table=table)


def _ages(report: OwnReport) -> Picture:
    visits = report.by[Measure.ATTENDANCES, Dimension.AGE_BAND]
    codes = [band.value for band in BANDS if visits.get(band.value)]
    labels = [column_words(code) for code in codes]
    series = _visits_and_persons(report, Dimension.AGE_BAND, codes)
    title = gettext("By age")
    chart = bar_chart(code="ages", title=title, labels=labels, series=series, written=written_value)
    first = ("age", gettext("Age"))
    return Picture(
        chart=chart, table=across(code="ages", title=title, first=first, labels=labels, series=series)
    )


def _visits_and_persons(report: OwnReport, by: Dimension, codes: Sequence[str]) -> Sequence[Series]:
    """Return attendances and persons; of those counted at the door alone nobody knows how many they were."""
    visits, named, persons = (report.by[measure, by] for measure in _COUNTED)
    known = tuple(
        Sign.MISSING
        if counted_alone(named=named.get(code, 0), all_attendances=visits.get(code, 0))
        else persons.get(code, 0)
        for code in codes
    )
    return (
        Series(name=gettext("Attendances"), values=tuple(visits.get(code, 0) for code in codes)),
        Series(name=gettext("Different children and youth"), values=known),
    )


def _title(report: OwnReport, activity_id: int) -> str:
    # Facts outlive the activity that they came from.
    texts = report.titles.get(activity_id)
    return str(best_text(texts, current_language()).title) if texts else gettext("An activity that is gone")
