"""What is on, for everybody: the first page, the list, a month, an activity, a library.

What these pages show depends on the address, the language, the data and the minute, and on nothing else.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.activities.markdown import as_html
from booking.activities.messages import FULLNESS, say_audience
from booking.activities.queries import get_library, get_public_activity, list_libraries
from booking.activities.showing import shown
from booking.almanac.messages import say_special
from booking.clock import local_date
from booking.doors import public
from booking.errors import NotFound
from booking.i18n import LANGUAGES, current_language
from booking.libraries.rules import best_text
from booking.signups.queries import places_of
from booking.whats_on.choosing import listed, month_page, weeks_ahead
from booking.whats_on.queries import get_slug_by_code
from booking.whats_on.rules import args_of, as_args, read_month, read_wish
from booking.whats_on.wish_wording import (
    grade_choices,
    library_choices,
    mode_choices,
    quick_ways,
    said_wish,
)
from booking.work import reading

blueprint = Blueprint("whats_on", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for who an activity is for, and how full it is."""
    return {
        "say_audience": say_audience,
        "fullness_words": FULLNESS,
        "say_special": say_special,
        "as_html": as_html,
        "said_wish": said_wish,
        "wish_args": as_args,
        "args_of": args_of,
        "library_choices": library_choices,
        "grade_choices": grade_choices(),
        "mode_words": mode_choices(),
    }


@blueprint.get("/")
@public
def show_home() -> ResponseReturnValue:
    with reading() as (session, clock):
        weeks = weeks_ahead(session, now=clock(), language=current_language())
        libraries = list_libraries(session)
    return render_template("whats_on/home.html", weeks=weeks, libraries=libraries)


@blueprint.get("/activities")
@public
def list_activities() -> ResponseReturnValue:
    with reading() as (session, clock):
        libraries = list_libraries(session)
        asked = read_wish(request.args, libraries={library.slug for library in libraries})
        page = listed(session, asked, now=clock(), language=current_language())
        today = local_date(clock())
    answer = render_template(
        "whats_on/list.html",
        page=page,
        asked=asked,
        libraries=libraries,
        ways=quick_ways(today),
        this_month=f"{today:%Y-%m}",
    )
    return answer, 404 if asked.wrong else 200


@blueprint.get("/months/<month>")
@public
def show_month(month: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        first = read_month(month, local_date(clock()))
        if first is None:
            raise NotFound
        libraries = list_libraries(session)
        asked = read_wish(request.args, libraries={library.slug for library in libraries})
        page = month_page(session, asked, first=first, now=clock(), language=current_language())
    answer = render_template("whats_on/month.html", page=page, asked=asked, libraries=libraries)
    return answer, 404 if asked.wrong else 200


@blueprint.get("/activities/<slug>")
@public
def show_activity(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_public_activity(session, slug)
        with_places = {each.id for each in activity.occasions if each.capacity is not None}
        places = places_of(session, with_places)
        page = shown(activity, language=current_language(), now=clock(), places=places)
    return render_template("whats_on/activity.html", page=page)


@blueprint.get("/libraries/<slug>")
@public
def show_library(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        library = get_library(session, slug)
        asked = read_wish({"library": slug}, libraries={slug})
        page = listed(session, asked, now=clock(), language=current_language())
        month = f"{local_date(clock()):%Y-%m}"
    note = best_text(library.notes, current_language()) if library.notes else None
    return render_template("whats_on/library.html", library=library, note=note, page=page, month=month)


@blueprint.get("/a/<code>")
@public
def follow_short_link(code: str) -> ResponseReturnValue:
    with reading() as (session, _clock):
        slug = get_slug_by_code(session, code)
    lang = request.args.get("lang")
    asked = lang if lang in LANGUAGES else None
    return redirect(url_for(".show_activity", slug=slug, lang=asked), code=302)
