"""What was told of the region through a day, as it stood then: for everybody, on a page and in files."""

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from booking.doors import public
from booking.i18n import day_and_time, long_date
from booking.reports.file_render import file_of
from booking.reports.halves import half_code
from booking.reports.picture_wording import published_pictures
from booking.reports.region_wording import half_words
from booking.reports.sign_wording import shown
from booking.reports.snapshot_queries import Snapshot, snapshot_of
from booking.reports.snapshot_wording import snapshot_book
from booking.reports.views import blueprint
from booking.work import current_clock, reading


@blueprint.get("/participation/as-it-stood/<day>")
@public
def show_snapshot(day: str) -> ResponseReturnValue:
    found = _snapshot(day)
    return render_template(
        "reports/snapshot.html",
        snapshot=found,
        day=day,
        half=half_code(found.period),
        half_name=half_words(found.period),
        through=long_date(found.through_on),
        told_at=day_and_time(found.published_at),
        pictures=published_pictures(found),
        book=snapshot_book(found, made_at=current_clock()()),
        shown=shown,
    )


@blueprint.get("/participation/as-it-stood/<day>/files/<form>")
@public
def download_snapshot(day: str, form: str) -> ResponseReturnValue:
    book = snapshot_book(_snapshot(day), made_at=current_clock()())
    answer = file_of(book, form, current_clock(), table=request.args.get("table")).answer
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _snapshot(day: str) -> Snapshot:
    try:
        through_on = date.fromisoformat(day)
    except ValueError:
        abort(404)
    if through_on.isoformat() != day:
        abort(404)  # one address for each
    with reading() as (session, _clock):
        return snapshot_of(session, through_on=through_on) or abort(404)
