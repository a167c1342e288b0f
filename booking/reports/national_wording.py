"""The national statistics of a library in words: the form, the meetings behind it, and what is left out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from flask_babel import gettext

from booking.activities.models import ActivityText
from booking.clock import local_date
from booking.i18n import N_, current_language, day_and_time
from booking.libraries.rules import best_text
from booking.reports.cells import Book, Cell, Sign, Table
from booking.reports.national import CountedMeeting, LeftOut, NationalYear
from booking.reports.national_queries import NationalReport
from booking.reports.sign_wording import meanings_of_signs, missing_word

_Columns = Sequence[tuple[str, str]]

LEFT_OUT_WORDS: Final[Mapping[LeftOut, str]] = {
    LeftOut.INTERNAL: N_("For staff, or internal"),
    LeftOut.NOT_ANNOUNCED: N_("Not announced before"),
    LeftOut.NO_COLUMN: N_("The form has no column for it"),
}
DEFINITIONS: Final = (
    (
        N_("Events"),
        N_(
            "Meetings that were held in the calendar year and announced before. A series of eight dates is "
            "eight events. Meetings for staff are not counted."
        ),
    ),
    (
        N_("Participants"),
        N_("All who were there, adults too, each time they were there, whether by name or counted."),
    ),
    (
        N_("Responsible for the content"),
        N_(
            "The library, when it decides, makes or pays for the content, alone or together with others. "
            "Others alone, when the library only lends the room."
        ),
    ),
    (
        N_("Type and target group"),
        N_("Each meeting stands once in each part of the form, as its activity says, whoever came."),
    ),
)


def form_table(year: NationalYear) -> Table:
    """Return the form with its numbers: the sums first, then each part."""
    language = current_language()
    columns = [("part", gettext("Part of the form")), ("row", gettext("Row"))]
    for column in year.form.columns:
        words = column.words[language]
        columns.append((f"{column.code}_events", gettext("%(column)s: events", column=words)))
        columns.append((f"{column.code}_participants", gettext("%(column)s: participants", column=words)))
    rows = [(gettext("Altogether"), gettext("All"), *_numbers(year))]
    for part in year.form.parts:
        rows += [
            (part.words[language], line.words[language], *_numbers(year, part.code, line.code))
            for line in part.rows
        ]
    return Table(code="form", title=gettext("The form"), columns=tuple(columns), rows=tuple(rows))


def meetings_table(report: NationalReport) -> Table:
    """Return the meetings behind the numbers, one in each row; their sums are those of the form."""
    form, language = report.counted.form, current_language()
    lines = [("responsible", gettext("Responsible for the content"), form.columns)]
    lines += [(part.code, part.words[language], part.rows) for part in form.parts]

    def placed(each: CountedMeeting) -> list[Cell]:
        codes = [each.column, *(each.rows[part.code] for part in form.parts)]
        return [
            next(line.words[language] for line in fitting if line.code == code)
            for code, (_code, _words, fitting) in zip(codes, lines, strict=True)
        ]

    columns = [(code, words) for code, words, _lines in lines]
    named = ("meetings", gettext("Meetings behind the numbers"))
    return _listed(report, report.counted.counted, named=named, columns=columns, cells=placed)


def not_counted_table(report: NationalReport) -> Table:
    """Return what was held and stands in no number, each with the reason."""

    def why(each: CountedMeeting) -> list[Cell]:
        return [gettext(LEFT_OUT_WORDS[each.left_out])] if each.left_out else [""]

    named = ("not-counted", gettext("Held, but not counted"))
    columns = [("why", gettext("Why"))]
    return _listed(report, report.counted.not_counted, named=named, columns=columns, cells=why)


def missing_table(report: NationalReport) -> Table:
    """Return the meetings that are over and whose register nobody has closed: they are in no number."""
    rows = [
        (local_date(each.starts_at), _title(each.occasion.activity.texts), Sign.MISSING)
        for each in report.missing
    ]
    columns = (
        ("day", gettext("Day")),
        ("title", gettext("Title")),
        ("participants", gettext("Participants")),
    )
    return Table(code="missing", title=gettext("Not recorded yet"), columns=columns, rows=tuple(rows))


def national_book(report: NationalReport, *, made_at: datetime) -> Book:
    """Return the file that the library keeps, and fills the form from."""
    definitions = Table(
        code="definitions",
        title=gettext("What the numbers mean"),
        columns=(("word", gettext("Word")), ("meaning", gettext("Meaning"))),
        rows=tuple((gettext(word), gettext(meaning)) for word, meaning in DEFINITIONS),
    )
    return Book(
        name=(gettext("national statistics"), report.library.slug, str(report.year)),
        title=gettext("National library statistics"),
        about=(
            (gettext("Library"), report.library.name),
            (gettext("Year"), str(report.year)),
            (gettext("Made"), day_and_time(made_at)),
            (gettext("For whom"), gettext("The library itself: the numbers are exact.")),
        ),
        tables=(
            form_table(report.counted),
            meetings_table(report),
            not_counted_table(report),
            missing_table(report),
            definitions,
        ),
        missing=missing_word(),
        signs=meanings_of_signs(),
    )


def _numbers(year: NationalYear, part: str | None = None, row: str = "") -> list[int]:
    tallies = [year.tally(column.code, part, row) for column in year.form.columns]
    return [number for tally in tallies for number in (tally.events, tally.participants)]


def _listed(
    report: NationalReport,
    meetings: Iterable[CountedMeeting],
    *,
    named: tuple[str, str],
    columns: _Columns,
    cells: Callable[[CountedMeeting], list[Cell]],
) -> Table:
    rows = [
        (
            each.meeting.held_on,
            _title(report.titles.get(each.meeting.activity_id, ())),
            *cells(each),
            each.meeting.participants,
        )
        for each in meetings
    ]
    around: _Columns = [
        ("day", gettext("Day")),
        ("title", gettext("Title")),
        *columns,
        ("participants", gettext("Participants")),
    ]
    code, title = named
    return Table(code=code, title=title, columns=tuple(around), rows=tuple(rows))


def _title(texts: Sequence[ActivityText]) -> str:
    # Facts outlive the activity that they came from.
    return str(best_text(texts, current_language()).title) if texts else "–"
