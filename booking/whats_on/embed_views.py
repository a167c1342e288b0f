"""What is on, in a box on another site, and the line of code that puts it there.

A box is the same for everybody. It sets and reads no cookie, runs no script, and shows only what is public.
"""

from collections.abc import Iterable

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.messages import MODE_NAMES, grade_name
from booking.activities.queries import list_libraries
from booking.activities.showing import cards_of, next_of_each
from booking.doors import current_visitor, public, same_for_all, staff
from booking.errors import NotFound
from booking.i18n import DEFAULT_LANGUAGE, LANGUAGES, speak
from booking.libraries.models import Library
from booking.pages import policy
from booking.rights import Right
from booking.signups.queries import places_of
from booking.whats_on.box_render import SORTS, Box, Sort, code_for, sort_of
from booking.whats_on.embed_forms import BoxForm
from booking.whats_on.machine_views import kept_answer
from booking.whats_on.views import blueprint
from booking.whats_on.wish_queries import get_wished_library, wished_meetings
from booking.whats_on.wish_rules import GRADES, OF_A_BOX, Wish, read_wish
from booking.work import reading


@blueprint.get("/embed/activities")
@public
@same_for_all
def embed_activities() -> ResponseReturnValue:
    return _boxed(SORTS["list"])


@blueprint.get("/embed/next")
@public
@same_for_all
def embed_next() -> ResponseReturnValue:
    return _boxed(SORTS["next"])


@blueprint.get("/staff/embed")
@staff(Right.PLAN_ACTIVITIES)
def show_embed_code() -> ResponseReturnValue:
    own = current_visitor().libraries(Right.PLAN_ACTIVITIES)
    with reading() as (session, _clock):
        libraries = list_libraries(session)
        mine = next((library.slug for library in libraries if library.id in own), "")
        form = BoxForm(request.args, library=mine)
        filters = form.to_filters()
        wish = read_wish(filters, OF_A_BOX)
        library = get_wished_library(session, wish)
    code = code_for(sort_of(form.sort.data or ""), filters=filters, wish=wish, library=library)
    return render_template("whats_on/embed_code.html", form=form, code=code, **_choices(libraries))


def _choices(libraries: Iterable[Library]) -> dict[str, list[tuple[str, str]]]:
    return {
        "libraries": [(library.slug, library.name) for library in libraries],
        "grades": [(str(grade), grade_name(grade)) for grade in GRADES],
        "modes": [(mode, gettext(words)) for mode, words in MODE_NAMES.items()],
        "languages": list(LANGUAGES.items()),
    }


def _boxed(sort: Sort) -> Response:
    speak(DEFAULT_LANGUAGE)
    try:
        wish = read_wish(request.args, OF_A_BOX)
        speak(wish.language)
        box = _filled(wish, sort)
    except NotFound:
        # Not the page for lost visitors: that one may not stand in a frame.
        return _framed(make_response(render_template("whats_on/embed_problem.html"), 404))
    page = render_template(sort.template, box=box)
    return _framed(kept_answer(page.encode(), "text/html; charset=utf-8"))


def _filled(wish: Wish, sort: Sort) -> Box:
    count = wish.count or sort.usual_count
    with reading() as (session, clock):
        library, now = get_wished_library(session, wish), clock()
        meetings = wished_meetings(session, wish, now=now, most=None if sort.is_each_once else count)
        counted = {meeting.occasion_id for meeting in meetings if meeting.occasion.capacity is not None}
        cards = cards_of(meetings, language=wish.language, now=now, places=places_of(session, counted))
    chosen = next_of_each(cards) if sort.is_each_once else cards
    return Box(wish=wish, library=library, cards=chosen[:count])


def _framed(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = policy(frame_ancestors="*")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
