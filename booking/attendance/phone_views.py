"""What phones at the door ask and tell by themselves, in JSON."""

from typing import Any

from flask import current_app, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from booking.attendance.arriving import Answer, goes_on_record, parcel_or_none
from booking.attendance.arriving_operations import Bringer, take_events
from booking.attendance.arriving_queries import get_threshold, hold_threshold
from booking.attendance.guard import opening_of, own_reach, tag_of
from booking.attendance.list_queries import state_of_list
from booking.attendance.messages import BANDS, DOOR_MARKS
from booking.attendance.phone_wording import milliseconds, phone_list
from booking.attendance.queries import get_meeting_at_door, register_at
from booking.attendance.views import blueprint
from booking.doors import current_visitor, public, same_for_all, staff, unattended
from booking.rights import Right
from booking.work import line_of_work, reading, unit_of_work


@blueprint.post("/staff/meetings/<int:meeting_id>/events")
@staff(Right.TAKE_ATTENDANCE)
def take(meeting_id: int) -> ResponseReturnValue:
    parcel = parcel_or_none(_json_or_none())
    reach, account_id = own_reach(), current_visitor().account_id
    with (unit_of_work if goes_on_record(parcel) else line_of_work)() as (session, clock):
        threshold = hold_threshold(session, meeting_id, reach=reach, now=clock())
        if parcel is None:
            return {"code": "tick_not_understood"}, 422
        bringer = Bringer(account_id=account_id, only_at_the_door=threshold.library_id not in reach.always)
        answers = take_events(session, clock, threshold=threshold, parcel=parcel, bringer=bringer)
    return {"events": [_told(each) for each in answers]}


@blueprint.get("/staff/meetings/<int:meeting_id>/list")
@staff(Right.TAKE_ATTENDANCE)
@unattended
def show_list(meeting_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        get_threshold(session, meeting_id, reach=own_reach(), now=clock())
        if request.headers.get("X-Opened") != opening_of(meeting_id):
            return {"code": "open_again"}, 409
        tag = tag_of(state_of_list(session, meeting_id=meeting_id), now=clock())
        if request.headers.get("If-None-Match") == tag:
            return "", 304
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        told = phone_list(register_at(session, meeting=meeting, now=clock()), now=clock())
        now = milliseconds(clock())
    return {**told, "now": now, "token": generate_csrf()}, {"ETag": tag}


@blueprint.get("/staff/meetings/token")
@staff(Right.TAKE_ATTENDANCE)
@unattended
def show_token() -> ResponseReturnValue:
    return {"token": generate_csrf()}


@blueprint.get("/staff/meetings/shell")
@public
@same_for_all
def show_shell() -> ResponseReturnValue:
    return render_template("attendance/shell.html", bands=BANDS, mark_words=DOOR_MARKS)


@blueprint.get("/staff/meetings/worker.js")
@public
@same_for_all
def worker() -> ResponseReturnValue:
    # Its address says which pages it stands before, so it cannot lie among the other files.
    script = send_from_directory(str(current_app.static_folder), "js/door/worker.js", max_age=0)
    script.headers["Cache-Control"] = "no-cache"
    return script


def _json_or_none() -> Any:  # noqa: ANN401 – whatever a machine sent
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None  # nested so deep that nobody can read it


def _told(answer: Answer) -> dict[str, str | None]:
    told: dict[str, str | None] = {"id": answer.event_id, "became": answer.became}
    return {**told, "code": answer.code} if answer.code else told
