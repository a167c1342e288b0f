"""The region’s pages: what everybody may know, and the same with a little more for whoever coordinates."""

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.clock import local_date
from booking.doors import current_visitor, public, staff
from booking.participation.figures import Period, half_year_of
from booking.publications.queries import published_periods, words_gone
from booking.reports.cells import Book, Table
from booking.reports.definition_wording import definitions, metric_definitions
from booking.reports.file_render import File, file_of
from booking.reports.halves import half_called, half_code, halves_to_choose
from booking.reports.operations import note_export
from booking.reports.picture_wording import all_weeks_picture, published_pictures, weeks_picture
from booking.reports.region_queries import Region, region
from booking.reports.region_wording import (
    counted_through,
    half_words,
    headline,
    meetings_table,
    pilots_table,
    region_book,
)
from booking.reports.share_wording import comes_later, not_known_table, not_told, reach_table, shares_table
from booking.reports.sign_wording import meanings_of_signs, shown
from booking.reports.target_queries import targets_by_library
from booking.reports.target_wording import targets_table
from booking.reports.views import blueprint
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work


@blueprint.get("/staff/figures/all")
@staff(Right.SEE_ALL_FIGURES)
def show_all_figures() -> ResponseReturnValue:
    return _page("reports/all.html", inside=True)


@blueprint.get("/staff/figures/all/sheet")
@staff(Right.SEE_ALL_FIGURES)
def show_all_sheet() -> ResponseReturnValue:
    return _page("reports/all_sheet.html", inside=True)


@blueprint.get("/staff/figures/all/files/<form>")
@staff(Right.SEE_ALL_FIGURES)
def download_all(form: str) -> ResponseReturnValue:
    found, _halves = _region()
    file = _file(found, form, inside=True)
    with unit_of_work() as (session, clock):
        who = current_visitor().account_id
        note_export(session, clock, account_id=who, what="region", form=file.form, rows=file.rows)
    return file.answer


@blueprint.get("/participation")
@public
def show_participation() -> ResponseReturnValue:
    # Everybody gets the same breakdowns: two of one's own choosing could be held against each other.
    return _page("reports/participation.html", inside=False)


@blueprint.get("/participation/files/<form>")
@public
def download_participation(form: str) -> ResponseReturnValue:
    found, _halves = _region()
    answer = _file(found, form, inside=False).answer
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/participation/definitions")
@public
def show_definitions() -> ResponseReturnValue:
    return render_template(
        "reports/definitions.html",
        definitions=definitions(),
        metrics=metric_definitions(),
        not_known=not_known_table(),
        signs=meanings_of_signs(),
        shown=shown,
    )


def _page(template: str, *, inside: bool) -> str:
    found, halves = _region()
    today = local_date(current_clock()())
    pilots = pilots_table(found)
    targets = _targets(found) if inside else None
    book = _book(found, targets, inside=inside)
    return render_template(
        template,
        region=found,
        half=half_code(found.period),
        half_name=half_words(found.period),
        halves=[(half_code(period), half_words(period)) for period in halves],
        meetings=meetings_table(found, with_oldest=inside),
        weeks=weeks_picture(found, today),
        all_weeks=all_weeks_picture(found, today),
        targets=targets,
        pilots=pilots,
        pictures=published_pictures(found),
        shares=shares_table(found),
        reach=reach_table(found),
        comes_later=comes_later(found),
        not_told=not_told(),
        not_known=not_known_table(),
        through=counted_through(found),
        headline=headline(found),
        gone=_words_gone(found.period) if inside else (),
        book=book,
        shown=shown,
    )


def _book(found: Region, targets: Table | None, *, inside: bool) -> Book:
    now = current_clock()()
    return region_book(found, today=local_date(now), made_at=now, inside=inside, targets=targets)


def _targets(found: Region) -> Table | None:
    with reading() as (session, _clock):
        return targets_table(found, targets_by_library(session, period=found.period))


def _words_gone(period: Period) -> Sequence[str]:
    with reading() as (session, _clock):
        return words_gone(session, period=period)


def _file(found: Region, form: str, *, inside: bool) -> File:
    book = _book(found, _targets(found) if inside else None, inside=inside)
    return file_of(book, form, current_clock(), table=request.args.get("table"))


def _region() -> tuple[Region, list[Period]]:
    """Return the half-year that is asked for, and those that there are; no other ones can be asked for."""
    with reading() as (session, clock):
        now = clock()
        halves = list(halves_to_choose(published_periods(session), local_date(now)))
        asked = request.args.get("half")
        period = half_called(asked) if asked else half_year_of(local_date(now))
        if period not in halves:
            abort(404)
        return region(session, period=period, now=now), halves
