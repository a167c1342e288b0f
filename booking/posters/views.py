"""Posters and flyers: for everybody to print, and a draft's for its own library to look at."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from booking.activities.queries import get_own_activity, get_public_activity
from booking.doors import current_visitor, public, staff
from booking.limits import limiter
from booking.posters.render import flyers_pdf as render_flyers
from booking.posters.render import poster_pdf as render_poster
from booking.posters.render import qr_svg
from booking.posters.sheet_wording import Sheet, sheet_of
from booking.rights import Right
from booking.work import reading

blueprint = Blueprint("posters", __name__)

# Making one takes a tenth of a second of a core: many at once are no reader.
_OFTEN = "30/minute"


@blueprint.get("/activities/<slug>/poster")
@public
def show_poster(slug: str) -> ResponseReturnValue:
    sheet = _public_sheet(slug)
    qr = Markup(qr_svg(sheet.link))  # noqa: S704 – drawn by the library from an address of ours
    return render_template("posters/poster.html", sheet=sheet, slug=slug, qr=qr)


@blueprint.get("/activities/<slug>/poster.pdf")
@public
@limiter.limit(_OFTEN)
def poster_pdf(slug: str) -> ResponseReturnValue:
    return _pdf(_public_sheet(slug), f"{slug}-plakat", render_poster)


@blueprint.get("/activities/<slug>/flyers.pdf")
@public
@limiter.limit(_OFTEN)
def flyers_pdf(slug: str) -> ResponseReturnValue:
    return _pdf(_public_sheet(slug), f"{slug}-flygeblad", render_flyers)


@blueprint.get("/staff/activities/<int:activity_id>/poster.pdf")
@staff(Right.PLAN_ACTIVITIES)
def draft_pdf(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        own = current_visitor().libraries(Right.PLAN_ACTIVITIES)
        activity = get_own_activity(session, activity_id, library_ids=own)
        sheet = sheet_of(activity, now=clock(), is_draft=activity.published_at is None)
    return _pdf(sheet, f"{activity.slug}-plakat", render_poster)


def _public_sheet(slug: str) -> Sheet:
    with reading() as (session, clock):
        return sheet_of(get_public_activity(session, slug), now=clock())


def _pdf(sheet: Sheet, name: str, render: Callable[[dict[str, Any]], bytes]) -> Response:
    data = sheet.as_data()
    answer = Response(mimetype="application/pdf")
    answer.set_etag(hashlib.sha256(json.dumps([name, data]).encode()).hexdigest()[:32])
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.update(("Cookie", "Accept-Language"))
    # What stands on it says whether it is another one: who has it already waits for nothing.
    if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.status_code = 304
    else:
        answer.data = render(data)
    return answer
