"""The pages at the door: today, the register, and closing it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.messages import MISSING_NAMES
from booking.activities.queries import unfinished
from booking.attendance.booked import Group
from booking.attendance.door import DoorRefusal
from booking.attendance.forms import CloseForm, CountForm, TickForm
from booking.attendance.guard import closers_reach, opening_of, own_reach
from booking.attendance.messages import BANDS, DOOR_MARKS, OUTCOMES
from booking.attendance.operations import close_meeting, count, mark, note_opening, reopen
from booking.attendance.queries import (
    Register,
    get_meeting_at_door,
    get_meeting_for_ticks,
    is_called_off,
    register_at,
)
from booking.attendance.rows import heading_of, rows_of, takes_ticks, unknown_rows
from booking.attendance.today import today_for
from booking.attendance.wording import hindrance_of, say_choices, say_oddities, title_of
from booking.consent.picture_queries import count_open_tasks
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import say
from booking.rights import Right
from booking.tokens import new_uid
from booking.work import current_clock, reading, unit_of_work

blueprint = Blueprint("attendance", __name__)

# Coming back to the register from one's own tick is no new look at it.
_STILL_AT = "still_at_register"


@blueprint.get("/staff/")
@staff(Right.SEE_TODAY)
def show_today() -> ResponseReturnValue:
    with reading() as (session, clock):
        today = today_for(session, reach=own_reach(), now=clock())
        own = current_visitor().libraries(Right.PLAN_ACTIVITIES)
        pictures = count_open_tasks(session, library_ids=current_visitor().libraries(Right.SEE_SIGNUPS))
        undone = unfinished(session, library_ids=own, now=clock()) if own else []
    return render_template(
        "attendance/today.html",
        today=today,
        title_of=title_of,
        undone=undone,
        pictures=pictures,
        may_close=bool(closers_reach().always),
        missing_names=MISSING_NAMES,
    )


@blueprint.get("/staff/meetings/<int:meeting_id>/register")
@staff(Right.TAKE_ATTENDANCE)
def show_register(meeting_id: int) -> ResponseReturnValue:
    comes_back = cookie.pop(_STILL_AT, None) == meeting_id
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        register = register_at(session, meeting=meeting, now=clock())
        if not comes_back:
            note_opening(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    return _register_page(register)


@blueprint.post("/staff/meetings/<int:meeting_id>/marks")
@staff(Right.TAKE_ATTENDANCE)
def make_mark(meeting_id: int) -> ResponseReturnValue:
    form = TickForm()
    if not form.validate():
        return _refused(meeting_id, "tick_not_understood")
    telling = form.to_telling(device=_device(), account_id=current_visitor().account_id)
    person, standing = form.to_participant_id(), form.to_standing()
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_for_ticks(session, meeting_id, reach=own_reach(), now=clock())
            mark(session, clock, meeting=meeting, participant_id=person, standing=standing, telling=telling)
    except DoorRefusal as refusal:
        return _refused(meeting_id, refusal)
    return _back_to(meeting_id, f"person-{person}")


@blueprint.post("/staff/meetings/<int:meeting_id>/counts")
@staff(Right.TAKE_ATTENDANCE)
def make_count(meeting_id: int) -> ResponseReturnValue:
    form = CountForm()
    if not form.validate():
        return _refused(meeting_id, "tick_not_understood")
    telling = form.to_telling(device=_device(), account_id=current_visitor().account_id)
    band, delta = form.to_band(), form.to_delta()
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_for_ticks(session, meeting_id, reach=own_reach(), now=clock())
            count(session, clock, meeting=meeting, band=band, delta=delta, telling=telling)
    except DoorRefusal as refusal:
        return _refused(meeting_id, refusal)
    return _back_to(meeting_id, "register")


@blueprint.get("/staff/meetings/<int:meeting_id>/close")
@staff(Right.CLOSE_MEETING)
def show_closing(meeting_id: int) -> ResponseReturnValue:
    return _closing_page(CloseForm(), meeting_id)


@blueprint.post("/staff/meetings/<int:meeting_id>/close")
@staff(Right.CLOSE_MEETING)
def close(meeting_id: int) -> ResponseReturnValue:
    form = CloseForm()
    if not form.validate():
        return _closing_page(form, meeting_id), 422
    answers, account_id = form.to_answers(), current_visitor().account_id
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
            close_meeting(session, clock, meeting=meeting, answers=answers, account_id=account_id)
    except DoorRefusal as refusal:
        form.refuse(refusal)
        return _closing_page(form, meeting_id), 422
    flash(gettext("The register is closed. Thank you!"), "done")
    return _back_to(meeting_id, "register")


@blueprint.post("/staff/meetings/<int:meeting_id>/reopen")
@staff(Right.CLOSE_MEETING)
def reopen_register(meeting_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
        reopen(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    flash(gettext("The register is open again. Its figures are missing until you close it."), "notice")
    return _back_to(meeting_id, "register")


def _device() -> str:
    # Which of several phones told it; a phone that keeps ticks for later will tell its own name.
    return str(cookie.setdefault("device", new_uid()))


def _back_to(meeting_id: int, anchor: str) -> ResponseReturnValue:
    cookie[_STILL_AT] = meeting_id
    return redirect(url_for(".show_register", meeting_id=meeting_id, _anchor=anchor), code=303)


def _refused(meeting_id: int, reason: Refusal | str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        register = register_at(session, meeting=meeting, now=clock())
        # Without this a tick made to fail would be a way to look that leaves no trace.
        note_opening(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    flash(say(reason), "problem")
    return _register_page(register), 422


def _register_page(register: Register) -> str:
    return render_template(
        "attendance/register.html",
        meeting=register.meeting,
        title=title_of(register.meeting),
        closing=register.closing,
        outcome=gettext(OUTCOMES[register.closing.outcome]) if register.closing else None,
        counts=heading_of(register),
        groups={group.value: rows_of(register, group) for group in Group},
        bands=[(band.value, gettext(words), register.headcount[band]) for band, words in BANDS.items()],
        takes_ticks=takes_ticks(register, now=current_clock()()),
        is_called_off=is_called_off(register.meeting),
        oddities=say_oddities(register) if is_called_off(register.meeting) else [],
        late=register.late,
        may_close=register.meeting.occasion.activity.library_id in closers_reach().always,
        new_event_id=new_uid,
        opened=opening_of(register.meeting.id),
        mark_words=DOOR_MARKS,
    )


def _closing_page(form: CloseForm, meeting_id: int) -> str:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
        register = register_at(session, meeting=meeting, now=clock())
        hindrance = hindrance_of(meeting, now=clock())
        # It names those who are not ticked: a look at them like the register itself.
        note_opening(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    unknown = unknown_rows(register)
    say_choices(form, unknown)
    return render_template(
        "attendance/close.html",
        form=form,
        meeting=meeting,
        title=title_of(meeting),
        closing=register.closing,
        hindrance=hindrance,
        counts=heading_of(register),
        unknown=unknown,
        oddities=say_oddities(register),
    )
