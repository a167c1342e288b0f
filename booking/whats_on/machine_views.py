"""What machines read of what is on: a feed of what is new, a list of pages, and where robots may go.

The same for everybody who asks, and without a cookie.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from booking.activities.queries import list_libraries
from booking.doors import public, same_for_all
from booking.errors import NotFound
from booking.i18n import LANGUAGES
from booking.libraries.models import Library
from booking.pages import public_url
from booking.whats_on.feed_render import feed_of
from booking.whats_on.head_render import events_of, feed_name, head_here, place_of
from booking.whats_on.machine_queries import newest_activities, pages_of_activities
from booking.whats_on.machine_rules import OF_A_FEED, read_order
from booking.whats_on.sitemap import Place, render_sitemap
from booking.whats_on.views import blueprint
from booking.work import reading

KEEP: Final = "public, max-age=300, must-revalidate"
_MOST_NEW: Final = 50
# A sitemap may hold 50 000 addresses, and each page has four.
_MOST_PAGES: Final = 10_000
_LONG_OVER: Final = timedelta(days=30)
_NOTICES: Final = (
    "reports.show_participation",
    "privacy.show_notice",
    "privacy.show_accessibility",
    "privacy.show_about",
)


@blueprint.context_processor
def head_at_hand() -> dict[str, object]:
    """Give the pages of this room what their heads tell machines."""
    return {"head_here": head_here, "feed_name": feed_name, "events_of": events_of, "place_of": place_of}


@blueprint.get("/activities.atom")
@public
@same_for_all
def atom_feed() -> ResponseReturnValue:
    try:
        with reading() as (session, clock):
            libraries = {library.slug: library for library in list_libraries(session)}
            order = read_order(request.args, understood=OF_A_FEED, libraries=libraries)
            activities = newest_activities(session, order.wish, now=clock(), most=_MOST_NEW)
        library = libraries.get(order.wish.library or "")
        body = feed_of(activities, order=order, library=library, now=clock())
    except NotFound:
        return _nothing()
    return kept_answer(body, "application/atom+xml; charset=utf-8")


@blueprint.get("/sitemap.xml")
@public
@same_for_all
def show_sitemap() -> ResponseReturnValue:
    with reading() as (session, clock):
        libraries = list_libraries(session)
        over_before = clock() - _LONG_OVER
        activities = pages_of_activities(session, over_before=over_before, most=_MOST_PAGES)
    return kept_answer(render_sitemap(_places(libraries, activities)), "application/xml; charset=utf-8")


@blueprint.get("/robots.txt")
@public
@same_for_all
def show_robots() -> ResponseReturnValue:
    body = render_template("whats_on/robots.txt", sitemap=public_url("whats_on.show_sitemap"))
    return kept_answer(body.encode(), "text/plain; charset=utf-8")


def kept_answer(body: bytes, content_type: str) -> Response:
    """Return an answer that caches keep for some minutes and may ask about: 304 when it is the same."""
    answer = Response(body, content_type=content_type)
    answer.headers["Cache-Control"] = KEEP
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.make_conditional(request)
    return answer


def _nothing() -> Response:
    # A page would be read as a feed.
    answer = Response("Not found\n", 404, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _places(libraries: Sequence[Library], activities: Sequence[tuple[str, datetime]]) -> Iterable[Place]:
    changes = [changed_at for _slug, changed_at in activities]
    yield _place("whats_on.show_home", max(changes, default=None))
    yield _place("whats_on.list_activities", max(changes, default=None))
    for library in libraries:
        yield _place("whats_on.show_library", library.changed_at, slug=library.slug)
    for slug, changed_at in activities:
        yield _place("whats_on.show_activity", changed_at, slug=slug)
    for notice in _NOTICES:
        yield _place(notice, None)


def _place(endpoint: str, changed_at: datetime | None, **values: str) -> Place:
    alternates = {code: public_url(endpoint, **values, lang=code) for code in LANGUAGES}
    addresses = {"x-default": public_url(endpoint, **values), **alternates}
    return Place(addresses=addresses, changed_at=changed_at)
