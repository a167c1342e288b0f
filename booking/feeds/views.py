"""The addresses that calendars fetch: the same for everybody who asks, and without a cookie."""

import hashlib
from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.models import Meeting
from booking.activities.queries import get_library, get_public_activity
from booking.clock import local_date
from booking.doors import public
from booking.errors import NotFound
from booking.feeds.messages import CALLED_OFF, entry_of
from booking.feeds.queries import get_public_meeting, meetings_in
from booking.feeds.render import render_calendar
from booking.feeds.rules import span_at
from booking.i18n import DEFAULT_LANGUAGE, LANGUAGES, in_language
from booking.libraries.rules import best_text
from booking.pages import public_url
from booking.work import reading

blueprint = Blueprint("feeds", __name__, url_prefix="/calendar")

_KEEP: Final = "public, max-age=300, must-revalidate"
_UNDERSTOOD: Final = frozenset({"lang"})


@blueprint.errorhandler(NotFound)
def show_nothing(_refusal: NotFound) -> Response:
    # A page would be read as a calendar: some clients then empty what they had.
    answer = Response("Not found\n", 404, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/all.ics")
@public
def all_meetings() -> ResponseReturnValue:
    with reading() as (session, clock):
        meetings = meetings_in(session, span_at(clock()))
    with in_language(_language()):
        return _calendar(
            meetings, name=gettext("Velkommen inn – at the libraries"), file_name="velkommen-inn"
        )


@blueprint.get("/<slug>.ics")
@public
def of_library(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        library = get_library(session, slug)
        meetings = meetings_in(session, span_at(clock()), library_slug=slug)
    with in_language(_language()):
        return _calendar(meetings, name=library.name, file_name=slug)


@blueprint.get("/activities/<slug>.ics")
@public
def of_activity(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_public_activity(session, slug)
        meetings = meetings_in(session, span_at(clock()), activity_slug=slug)
    with in_language(_language()):
        title = best_text(activity.texts, _language()).title
        return _calendar(meetings, name=f"{title} – {activity.library.name}", file_name=slug)


@blueprint.get("/meetings/<uid>.ics")
@public
def of_meeting(uid: str) -> ResponseReturnValue:
    with reading() as (session, _clock):
        meeting = get_public_meeting(session, uid)
    activity = meeting.occasion.activity
    file_name = f"{activity.slug}-{local_date(meeting.starts_at)}"
    with in_language(_language()):
        title = best_text(activity.texts, _language()).title
        return _calendar([meeting], name=title, file_name=file_name, disposition="attachment")


def _language() -> str:
    """Return the language that the address asks for: caches know addresses, and nothing of who asks."""
    asked = request.args.get("lang", DEFAULT_LANGUAGE)
    if asked not in LANGUAGES or not _UNDERSTOOD.issuperset(request.args):
        # A wish that we do not understand must not be answered with everything.
        raise NotFound
    return asked


def _calendar(
    meetings: Iterable[Meeting], *, name: str, file_name: str, disposition: str = "inline"
) -> Response:
    entries = [entry_of(meeting, _page_of(meeting)) for meeting in meetings]
    body = render_calendar(entries, name=name, called_off=CALLED_OFF[_language()])
    answer = Response(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{file_name}.ics"'
    answer.headers["Cache-Control"] = _KEEP
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.make_conditional(request)
    return answer


def _page_of(meeting: Meeting) -> str:
    return public_url("whats_on.show_activity", slug=meeting.occasion.activity.slug)
