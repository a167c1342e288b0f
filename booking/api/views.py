"""The addresses that other programs ask: attendance for a library's key, and their description."""

from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from booking.api import answer_render as answers
from booking.api.attendance_queries import Listed, attendance_at
from booking.api.attendance_rows import CSV_COLUMNS, as_cells, as_json
from booking.api.description import description
from booking.api.guide import chapters_of
from booking.api.key_operations import note_used
from booking.api.key_queries import get_key
from booking.api.models import AccessKey
from booking.api.rules import Format, NoKey, Unreadable, key_in, read_wanted
from booking.clock import local_date
from booking.doors import link_holder, public, same_for_all
from booking.limits import limiter
from booking.pages import public_url
from booking.work import current_clock, reading, unit_of_work

blueprint = Blueprint("api", __name__)

VERSION: Final = "/api/v1"
# Whoever guesses keys is slowed down; whoever has one may ask as often as is honest.
_WRONG_KEYS: Final = "60/hour"


@blueprint.errorhandler(Unreadable)
def say_unreadable(refusal: Unreadable) -> Response:
    return answers.problem(400, refusal)


@blueprint.errorhandler(NoKey)
def say_no_key(refusal: NoKey) -> Response:
    answer = answers.problem(401, refusal)
    answer.headers["WWW-Authenticate"] = 'Bearer realm="attendance"'
    return answer


@blueprint.get(f"{VERSION}/openapi.json")
@public
@same_for_all
def show_description() -> ResponseReturnValue:
    return answers.as_json(description(public_url("api.show_description")), keep=answers.FOR_ALL)


@blueprint.get(f"{VERSION}/")
@public
def show_guide() -> ResponseReturnValue:
    told = description(public_url("api.show_description"))
    return render_template(
        "api/guide.html",
        about=told["info"]["description"],
        chapters=list(chapters_of(told)),
        base=told["servers"][0]["url"],
    )


@blueprint.get(f"{VERSION}/attendance")
@link_holder
@limiter.limit(_WRONG_KEYS, deduct_when=lambda answer: answer.status_code == 401)  # noqa: PLR2004 – HTTP's
def show_attendance() -> ResponseReturnValue:
    return _attendance(answers.format_wanted())


@blueprint.get(f"{VERSION}/attendance.csv")
@link_holder
@limiter.limit(_WRONG_KEYS, deduct_when=lambda answer: answer.status_code == 401)  # noqa: PLR2004 – HTTP's
def attendance_csv() -> ResponseReturnValue:
    return _attendance(Format.CSV)


def _attendance(form: Format) -> ResponseReturnValue:
    secret = key_in(request.headers.get("Authorization", ""))
    with reading() as (session, clock):
        key = get_key(session, secret)
        wanted = read_wanted({name: request.args.getlist(name) for name in request.args})
        listed = attendance_at(session, library_id=key.library_id, wanted=wanted, now=clock())
    _remember(key)
    if form is Format.JSON:
        return answers.as_json(_told(key, listed), keep=answers.FOR_ONE)
    rows = [as_cells(meeting) for meeting in listed.meetings]
    name = f"attendance-{key.library.slug}-{local_date(current_clock()())}"
    answer = answers.as_csv(CSV_COLUMNS, rows, name=name, keep=answers.FOR_ONE)
    return answers.with_next(answer, _next(listed))


def _told(key: AccessKey, listed: Listed) -> dict[str, Any]:
    return {
        "library": key.library.slug,
        "meetings": [as_json(meeting) for meeting in listed.meetings],
        "next": _next(listed),
    }


def address_after(place: object) -> str:
    """Return this address as it goes on after a place."""
    others = {name: value for name, value in request.args.items() if name != "after"}
    return public_url(request.endpoint or "", **others, after=place)


def _next(listed: Listed) -> str | None:
    return None if listed.next_after is None else address_after(listed.next_after)


def _remember(key: AccessKey) -> None:
    # A day is enough to see that a key is in use, and one write a day is enough for that.
    if key.last_used_on == local_date(current_clock()()):
        return
    with unit_of_work() as (session, clock):
        note_used(session, clock, key_id=key.id)
