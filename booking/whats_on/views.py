"""What is on, for everybody: the first page, the list, a month, an activity, a library.

What these pages show depends on the address, the language, the data and the minute, and on nothing else.
"""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from booking.activities.markdown import as_html
from booking.activities.messages import FULLNESS, say_audience
from booking.activities.queries import get_library, get_public_activity, list_libraries
from booking.activities.showing import shown
from booking.clock import local_date
from booking.consent.queries import age_rule_at
from booking.doors import public
from booking.errors import NotFound
from booking.i18n import LANGUAGES, current_language
from booking.kept import kept
from booking.libraries.rules import best_text
from booking.partners.messages import ROLE_NAMES
from booking.signups.queries import places_of
from booking.whats_on.asked_wording import said_beforehand
from booking.whats_on.choosing import listed, weeks_ahead
from booking.whats_on.messages import STRETCH_NAMES
from booking.whats_on.month import month_page
from booking.whats_on.queries import get_slug_by_code
from booking.whats_on.rules import Asked, Wish, args_of, as_args, read_month, read_wish
from booking.whats_on.subscribe_wording import ways_of_activity, ways_of_library, ways_of_wish
from booking.whats_on.wish_wording import (
    grade_choices,
    grade_ways,
    library_choices,
    mode_choices,
    quick_ways,
    said_wish,
    say_named,
    say_whole_wish,
)
from booking.work import reading

blueprint = Blueprint("whats_on", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for who an activity is for, and how full it is."""
    return {
        "say_audience": say_audience,
        "fullness_words": FULLNESS,
        "as_html": as_html,
        "said_wish": said_wish,
        "say_whole_wish": say_whole_wish,
        "say_named": say_named,
        "quick_ways": quick_ways,
        "wish_args": as_args,
        "args_of": args_of,
        "library_choices": library_choices,
        "grade_choices": grade_choices(),
        "grade_ways": grade_ways(),
        "mode_words": mode_choices(),
        "stretch_names": STRETCH_NAMES,
        "role_names": ROLE_NAMES,
        "ways_of_activity": ways_of_activity,
        "ways_of_library": ways_of_library,
        "ways_of_wish": ways_of_wish,
    }


@blueprint.get("/")
@public
@kept
def show_home() -> ResponseReturnValue:
    with reading() as (session, clock):
        weeks = weeks_ahead(session, now=clock(), language=current_language())
        libraries = list_libraries(session)
    return render_template("whats_on/home.html", weeks=weeks, libraries=libraries, today=local_date(clock()))


@blueprint.get("/activities")
@public
@kept
def list_activities() -> ResponseReturnValue:
    with reading() as (session, clock):
        libraries, today = list_libraries(session), local_date(clock())
        asked = read_wish(_args(), libraries={library.slug for library in libraries})
        page = listed(session, asked, now=clock(), language=current_language())
    choosing = {"asked": asked, "libraries": libraries, "today": today}
    answer = render_template("whats_on/list.html", page=page, **choosing)
    return answer, 404 if asked.wrong else 200


@blueprint.get("/months/<month>")
@public
@kept
def show_month(month: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        now, today = clock(), local_date(clock())
        first = read_month(month, today)
        if first is None:
            raise NotFound
        libraries = list_libraries(session)
        args = {name: values for name, values in _args().items() if name not in {"from", "to"}}
        asked = read_wish(args, libraries={library.slug for library in libraries})
        language = current_language()
        page = month_page(session, asked, first=first, libraries=libraries, now=now, language=language)
    choosing = {"asked": asked, "libraries": libraries, "today": today}
    return render_template("whats_on/month.html", page=page, **choosing), 404 if asked.wrong else 200


@blueprint.get("/activities/<slug>")
@public
@kept
def show_activity(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_public_activity(session, slug)
        with_places = {each.id for each in activity.occasions if each.capacity is not None}
        places = places_of(session, with_places)
        page = shown(activity, language=current_language(), now=clock(), places=places)
        beforehand = said_beforehand(page, age_rule_at(session, now=clock()))
    return render_template("whats_on/activity.html", page=page, beforehand=beforehand)


@blueprint.get("/libraries/<slug>")
@public
@kept
def show_library(slug: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        library = get_library(session, slug)
        asked = Asked(wish=Wish(library=slug))
        page = listed(session, asked, now=clock(), language=current_language())
    note = best_text(library.notes, current_language()) if library.notes else None
    today = local_date(clock())
    return render_template("whats_on/library.html", library=library, note=note, page=page, today=today)


@blueprint.get("/a/<code>")
@public
def follow_short_link(code: str) -> ResponseReturnValue:
    with reading() as (session, _clock):
        slug = get_slug_by_code(session, code)
    lang = request.args.get("lang")
    asked = lang if lang in LANGUAGES else None
    return redirect(url_for(".show_activity", slug=slug, lang=asked), code=302)


def _args() -> Mapping[str, Sequence[str]]:
    return request.args.to_dict(flat=False)
