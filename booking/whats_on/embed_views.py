"""What is on, in a box on another site, and the line of code that puts it there.

A box is the same for everybody. It sets and reads no cookie, runs no script, and shows only what is public.
"""

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from booking.activities.queries import list_libraries
from booking.doors import current_visitor, public, same_for_all, staff
from booking.errors import NotFound
from booking.i18n import DEFAULT_LANGUAGE, speak
from booking.pages import policy
from booking.rights import Right
from booking.whats_on.box_render import SORTS, Box, Sort, code_for, sort_of
from booking.whats_on.embed_forms import BoxForm
from booking.whats_on.machine_rules import OF_A_BOX, read_order
from booking.whats_on.machine_views import kept_answer
from booking.whats_on.queries import briefs_for, cards_for
from booking.whats_on.rules import next_of_each
from booking.whats_on.views import blueprint
from booking.whats_on.wish_wording import library_choices
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
        libraries = {library.slug: library for library in list_libraries(session)}
    mine = next((slug for slug, library in libraries.items() if library.id in own), "")
    form = BoxForm(request.args, library=mine)
    order = read_order(form.to_filters(), understood=OF_A_BOX, libraries=libraries)
    library = libraries.get(order.wish.library or "")
    code = code_for(sort_of(form.sort.data or ""), order=order, library=library)
    choices = library_choices(libraries.values())
    return render_template("whats_on/embed_code.html", form=form, code=code, libraries=choices)


def _boxed(sort: Sort) -> Response:
    speak(DEFAULT_LANGUAGE)
    try:
        box = _filled(sort)
    except NotFound:
        # Not the page for lost visitors: that one may not stand in a frame.
        return _framed(make_response(render_template("whats_on/embed_problem.html"), 404))
    speak(box.order.language)
    page = render_template(sort.template, box=box)
    return _framed(kept_answer(page.encode(), "text/html; charset=utf-8"))


def _filled(sort: Sort) -> Box:
    with reading() as (session, clock):
        libraries, now = {library.slug: library for library in list_libraries(session)}, clock()
        order = read_order(request.args, understood=OF_A_BOX, libraries=libraries)
        briefs = briefs_for(session, order.wish, now=now)
        chosen = next_of_each(briefs) if sort.is_each_once else briefs
        few = chosen[: order.count or sort.usual_count]
        cards = cards_for(session, few, language=order.language, now=now)
    return Box(order=order, library=libraries.get(order.wish.library or ""), cards=cards)


def _framed(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = policy(frame_ancestors="*")
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
