"""What was told of the region through a day, as it stood then, on pages and in files; targets inside."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.doors import current_visitor, public, staff
from booking.i18n import day_and_time, long_date
from booking.reports.file_render import File, file_of
from booking.reports.halves import half_code
from booking.reports.operations import note_export
from booking.reports.picture_wording import published_pictures
from booking.reports.region_wording import half_words
from booking.reports.sign_wording import shown
from booking.reports.snapshot_queries import Snapshot, snapshot_of
from booking.reports.snapshot_wording import beside_of, snapshot_book
from booking.reports.views import blueprint
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work


@blueprint.get("/participation/as-it-stood/<day>")
@public
def show_snapshot(day: str) -> ResponseReturnValue:
    return _page(day, inside=False)


@blueprint.get("/participation/as-it-stood/<day>/files/<form>")
@public
def download_snapshot(day: str, form: str) -> ResponseReturnValue:
    answer = _file(day, form, inside=False).answer
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@blueprint.get("/staff/figures/all/as-it-stood/<day>")
@staff(Right.SEE_ALL_FIGURES)
def show_own_snapshot(day: str) -> ResponseReturnValue:
    return _page(day, inside=True)


@blueprint.get("/staff/figures/all/as-it-stood/<day>/files/<form>")
@staff(Right.SEE_ALL_FIGURES)
def download_own_snapshot(day: str, form: str) -> ResponseReturnValue:
    file = _file(day, form, inside=True)
    with unit_of_work() as (session, clock):
        who = current_visitor().account_id
        note_export(session, clock, account_id=who, what="region", form=file.form, rows=file.rows)
    return file.answer


def _page(day: str, *, inside: bool) -> str:
    found = _snapshot(day)
    return render_template(
        "reports/snapshot.html",
        snapshot=found,
        inside=inside,
        day=day,
        half=half_code(found.period),
        half_name=half_words(found.period),
        through=long_date(found.through_on),
        told_at=day_and_time(found.published_at),
        pictures=published_pictures(found),
        beside=beside_of(found, inside=inside),
        book=snapshot_book(found, made_at=current_clock()(), inside=inside),
        shown=shown,
    )


def _file(day: str, form: str, *, inside: bool) -> File:
    book = snapshot_book(_snapshot(day), made_at=current_clock()(), inside=inside)
    return file_of(book, form, current_clock(), table=request.args.get("table"))


def _snapshot(day: str) -> Snapshot:
    try:
        through_on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    if through_on.isoformat() != day:
        abort(404)  # one address for each
    with reading() as (session, _clock):
        return snapshot_of(session, through_on=through_on) or abort(404)
