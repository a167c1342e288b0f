"""What is on, for everybody."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from booking.activities.messages import say_audience
from booking.activities.queries import coming_meetings, get_library, get_public_activity, list_libraries
from booking.activities.showing import by_week, cards_of, end_of_next_week, next_of_each, shown
from booking.doors import public
from booking.i18n import current_language
from booking.libraries.rules import best_text
from booking.work import reading

blueprint = Blueprint("activities", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for who an activity is for."""
    return {"say_audience": say_audience}


@blueprint.get("/")
@public
def show_home() -> ResponseReturnValue:
    with reading() as (session, clock):
        now = clock()
        meetings = coming_meetings(session, now=now, until=end_of_next_week(now))
        libraries = list_libraries(session)
    weeks = by_week(cards_of(meetings, current_language()))
    return render_template("activities/home.html", weeks=weeks, libraries=libraries, now=now)


@blueprint.get("/activities")
@public
def list_activities() -> ResponseReturnValue:
    wanted = request.args.get("library") or None
    with reading() as (session, clock):
        libraries = list_libraries(session)
        is_known = wanted is None or wanted in {library.slug for library in libraries}
        meetings = coming_meetings(session, now=clock(), library_slug=wanted) if is_known else ()
    cards = next_of_each(cards_of(meetings, current_language()))
    page = render_template(
        "activities/list.html", cards=cards, libraries=libraries, wanted=wanted, is_known=is_known
    )
    return page, 200 if is_known else 404


@blueprint.get("/activities/<slug>")
@public
def show_activity(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_public_activity(session, slug)
        page = shown(activity, language=current_language(), now=clock())
    return render_template("activities/activity.html", page=page)


@blueprint.get("/libraries/<slug>")
@public
def show_library(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        library = get_library(session, slug)
        meetings = coming_meetings(session, now=clock(), library_slug=slug)
    note = best_text(library.notes, current_language()) if library.notes else None
    cards = next_of_each(cards_of(meetings, current_language()))
    return render_template("activities/library.html", library=library, note=note, cards=cards)
