"""The file of a library's own figures, which are exact."""

from datetime import datetime

from flask_babel import gettext

from booking.clock import local_date
from booking.i18n import current_language, day_and_time
from booking.libraries.rules import best_text
from booking.participation.figures import Period, half_year_of
from booking.reports.cells import Book, Sign, Table
from booking.reports.halves import is_autumn
from booking.reports.metric_messages import METRIC_WORDS, NOT_KNOWN_WORDS
from booking.reports.own_picture_wording import own_pictures
from booking.reports.own_queries import OwnReport
from booking.reports.own_wording import days_of, figures_table
from booking.reports.sign_wording import meanings_of_signs, missing_word
from booking.reports.target_queries import Targets


def own_book(report: OwnReport, targets: Targets, *, made_at: datetime) -> Book:
    """Return the file: figures, charts' tables, what is missing, what it all means, what is withheld."""
    return Book(
        name=(gettext("participation"), report.library.slug, *when_of(report.scope.period)),
        title=gettext("Participation"),
        about=(
            (gettext("Library"), report.library.name),
            (gettext("Days"), days_of(report.scope.period)),
            (gettext("Made"), day_and_time(made_at)),
            (gettext("For whom"), gettext("The library itself: the numbers are exact.")),
        ),
        tables=(
            figures_table(report, targets),
            *(picture.table for picture in own_pictures(report, local_date(made_at))),
            _missing_table(report),
            _definitions_table(),
            _withheld_table(),
        ),
        missing=missing_word(),
        signs=meanings_of_signs(),
    )


def when_of(period: Period) -> tuple[str, ...]:
    """Return the time as it stands in the name of a file: a half-year by its season, others by their days."""
    if period == half_year_of(period.first):
        season = gettext("autumn") if is_autumn(period) else gettext("spring")
        return str(period.first.year), season
    return period.first.isoformat(), period.last.isoformat()


def _missing_table(report: OwnReport) -> Table:
    rows = [
        (
            local_date(each.starts_at),
            str(best_text(each.occasion.activity.texts, current_language()).title),
            Sign.MISSING,
        )
        for each in report.missing
    ]
    columns = (("day", gettext("Day")), ("title", gettext("Title")), ("attendances", gettext("Attendances")))
    return Table(code="missing", title=gettext("Not recorded yet"), columns=columns, rows=tuple(rows))


def _definitions_table() -> Table:
    not_known = gettext("The service does not know this.")
    rows = [
        *((gettext(name), gettext(meaning)) for name, meaning in METRIC_WORDS.values()),
        *((gettext(name), not_known) for name in NOT_KNOWN_WORDS.values()),
        *meanings_of_signs(),
    ]
    columns = (("word", gettext("Word")), ("meaning", gettext("Meaning")))
    return Table(
        code="definitions", title=gettext("What the numbers mean"), columns=columns, rows=tuple(rows)
    )


def _withheld_table() -> Table:
    nothing = gettext(
        "Nothing is withheld from the library’s own staff. Do not pass small numbers on to others."
    )
    title = gettext("What is not shown, and why")
    return Table(code="withheld", title=title, columns=(("what", gettext("What")),), rows=((nothing,),))
