"""What is on, for everybody."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from booking.activities.messages import FULLNESS, say_audience
from booking.activities.models import Meeting, Occasion
from booking.activities.queries import coming_meetings, get_library, get_public_activity, list_libraries
from booking.activities.rules import Places
from booking.activities.showing import (
    Card,
    by_week,
    cards_of,
    end_of_next_week,
    next_of_each,
    shown,
)
from booking.doors import public
from booking.i18n import current_language
from booking.libraries.rules import best_text
from booking.signups.queries import places_of
from booking.work import reading

blueprint = Blueprint("whats_on", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for who an activity is for, and how full it is."""
    return {"say_audience": say_audience, "fullness_words": FULLNESS}


@blueprint.get("/")
@public
def show_home() -> ResponseReturnValue:
    with reading() as (session, clock):
        now = clock()
        cards = _cards(session, now, coming_meetings(session, now=now, until=end_of_next_week(now)))
        libraries = list_libraries(session)
    return render_template("whats_on/home.html", weeks=by_week(cards), libraries=libraries, now=now)


@blueprint.get("/activities")
@public
def list_activities() -> ResponseReturnValue:
    wanted = request.args.get("library") or None
    with reading() as (session, clock):
        libraries = list_libraries(session)
        is_known = wanted is None or wanted in {library.slug for library in libraries}
        meetings = coming_meetings(session, now=clock(), library_slug=wanted) if is_known else ()
        cards = next_of_each(_cards(session, clock(), meetings))
    page = render_template(
        "whats_on/list.html", cards=cards, libraries=libraries, wanted=wanted, is_known=is_known
    )
    return page, 200 if is_known else 404


@blueprint.get("/activities/<slug>")
@public
def show_activity(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_public_activity(session, slug)
        places = _places(session, activity.occasions)
        page = shown(activity, language=current_language(), now=clock(), places=places)
    return render_template("whats_on/activity.html", page=page)


@blueprint.get("/libraries/<slug>")
@public
def show_library(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        library = get_library(session, slug)
        meetings = coming_meetings(session, now=clock(), library_slug=slug)
        cards = next_of_each(_cards(session, clock(), meetings))
    note = best_text(library.notes, current_language()) if library.notes else None
    return render_template("whats_on/library.html", library=library, note=note, cards=cards)


def _cards(session: Session, now: datetime, meetings: Sequence[Meeting]) -> list[Card]:
    places = _places(session, [meeting.occasion for meeting in meetings])
    return cards_of(meetings, language=current_language(), now=now, places=places)


def _places(session: Session, occasions: Iterable[Occasion]) -> Mapping[int, Places]:
    return places_of(session, {occasion.id for occasion in occasions if occasion.capacity is not None})
