"""The addresses that calendars fetch: the same for everybody who asks, and without a cookie.

Who has an answer already, in which form it travels, and what is kept of it is seen to before these views are
asked (`guard`): here a calendar is only put together.
"""

from collections.abc import Sequence
from typing import Final, cast

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from booking.clock import Clock, local_date
from booking.doors import public, same_for_all
from booking.errors import NotFound
from booking.feeds.guard import keep_until
from booking.feeds.messages import event_of, say_feed, written_events
from booking.feeds.order_rules import FILTERS, Order, read_order
from booking.feeds.queries import (
    dates_in,
    get_followed_activity,
    get_public_meeting,
    library_names,
)
from booking.feeds.render import bind_calendar
from booking.feeds.rules import nearest, same_until, span_at
from booking.feeds.shelf import EventShelf
from booking.i18n import in_language
from booking.libraries.rules import best_text
from booking.work import current_clock, house, mend_identities, reading

blueprint = Blueprint("feeds", __name__, url_prefix="/calendar")

_KEEP: Final = "public, max-age=300, must-revalidate"
_ONLY_LANGUAGE: Final = frozenset({"lang"})
_FILE: Final = "velkommen-inn"


@blueprint.get("/all.ics")
@public
@same_for_all
def all_meetings() -> ResponseReturnValue:
    return _feed(read_order(_asked()))


@blueprint.get("/<slug>.ics")
@public
@same_for_all
def of_library(slug: str) -> ResponseReturnValue:
    return _feed(read_order(_asked(), understood=FILTERS - {"library"}, library=slug))


@blueprint.get("/activities/<slug>.ics")
@public
@same_for_all
def of_activity(slug: str) -> ResponseReturnValue:
    order = read_order(_asked(), understood=_ONLY_LANGUAGE)
    _mend_if_behind()
    with reading() as (session, clock), in_language(order.language):
        activity = get_followed_activity(session, slug)
        events = _events(session, clock, order, activity_slug=slug)
    name = f"{best_text(activity.texts, order.language).title} – {activity.library.name}"
    return _calendar(events, order, name=name, file_name=slug)


@blueprint.get("/meetings/<uid>.ics")
@public
@same_for_all
def of_meeting(uid: str) -> ResponseReturnValue:
    order = read_order(_asked(), understood=_ONLY_LANGUAGE)
    _mend_if_behind()
    with reading() as (session, _clock):
        meeting = get_public_meeting(session, uid)
    activity = meeting.occasion.activity
    with in_language(order.language):
        event = event_of(meeting)
    if event is None:
        raise NotFound
    name = best_text(activity.texts, order.language).title
    file_name = f"{activity.slug}-{local_date(meeting.starts_at)}"
    return _calendar([event], order, name=name, file_name=file_name, disposition="attachment")


def _asked() -> dict[str, list[str]]:
    return request.args.to_dict(flat=False)


def _feed(order: Order) -> Response:
    _mend_if_behind()
    with reading() as (session, clock), in_language(order.language):
        names = library_names(session)
        if order.library is not None and order.library not in names:
            raise NotFound
        events = _events(session, clock, order)
        name = say_feed(order, names.get(order.library or ""))
    told = (order.library or _FILE, order.grade and f"{order.grade}-trinn", order.mode)
    file_name = "-".join(part.replace("_", "-") for part in told if part)
    return _calendar(events, order, name=name, file_name=file_name)


def _events(
    session: Session, clock: Clock, order: Order, *, activity_slug: str | None = None
) -> list[bytes | None]:
    now = clock()
    dates = dates_in(session, span_at(now), order, activity_slug=activity_slug)
    kept = nearest(dates, now)
    if len(kept) < len(dates):
        current_app.logger.warning("a calendar leaves out %s of %s dates", len(dates) - len(kept), len(dates))
    return written_events(session, event_shelf(), kept, order.language)


def event_shelf() -> EventShelf:
    """Return the events that this process has written already."""
    return cast("EventShelf", current_app.extensions.setdefault("booking.feeds", EventShelf()))


def _mend_if_behind() -> None:
    # A copy from before was put back under our feet: nothing of it may be told before it is lifted.
    with reading() as (session, _clock):
        is_behind = house().identities.is_behind(session)
    if is_behind:
        mend_identities()


def _calendar(
    events: Sequence[bytes | None],
    order: Order,
    *,
    name: str,
    file_name: str,
    disposition: str = "inline",
) -> Response:
    answer = Response(bind_calendar(events, name=name), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'{disposition}; filename="{file_name}.ics"'
    answer.headers["Cache-Control"] = _KEEP
    answer.headers["X-Robots-Tag"] = "noindex"
    keep_until(same_until(current_clock()()), order.canonical)
    return answer
