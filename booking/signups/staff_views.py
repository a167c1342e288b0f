"""The pages of staff: who is signed up, and calling off or moving a date."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.activities.planning import MeetingIsOver
from booking.activities.queries import get_own_meeting, get_own_occasion
from booking.clock import local_time
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.rights import Right
from booking.signups.desk import call_off_meeting, call_off_occasion, move_meeting, note_look
from booking.signups.forms import MoveMeetingForm
from booking.signups.queries import count_families_of, get_signup_of, register_of
from booking.signups.showing import Change, change_of, roll_of
from booking.signups.views import blueprint
from booking.work import reading, unit_of_work


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups")
@staff(Right.SEE_SIGNUPS)
def list_signups(occasion_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.SEE_SIGNUPS))
        signups = register_of(session, occasion_id)
        note_look(session, clock, occasion=occasion, account_id=current_visitor().account_id)
        roll = roll_of(occasion, signups, language=_language(), now=clock())
    return render_template("signups/list.html", roll=roll)


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>")
@staff(Right.SEE_SIGNUPS)
def show_details(occasion_id: int, signup_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.SEE_SIGNUPS))
        signup = get_signup_of(session, signup_id, occasion_id=occasion_id)
        account_id = current_visitor().account_id
        note_look(session, clock, occasion=occasion, account_id=account_id, signup_id=signup_id)
    return render_template("signups/details.html", signup=signup, occasion=occasion)


@blueprint.get("/staff/occasions/<int:occasion_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def show_call_off(occasion_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.PLAN_ACTIVITIES))
        families = count_families_of(session, occasion_id)
        page = change_of(occasion, families=families, language=_language(), now=clock())
    return render_template("signups/call_off.html", page=page)


@blueprint.post("/staff/occasions/<int:occasion_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def call_off(occasion_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            occasion = get_own_occasion(session, occasion_id, library_ids=_own(Right.PLAN_ACTIVITIES))
            account_id = current_visitor().account_id
            told = call_off_occasion(session, clock, occasion=occasion, account_id=account_id)
    except MeetingIsOver as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_call_off", occasion_id=occasion_id), code=303)
    return _done(occasion_id, told)


@blueprint.get("/staff/meetings/<int:meeting_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def show_meeting_call_off(meeting_id: int) -> ResponseReturnValue:
    return render_template("signups/call_off.html", page=_change(meeting_id))


@blueprint.post("/staff/meetings/<int:meeting_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def call_meeting_off(meeting_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, meeting_id, library_ids=_own(Right.PLAN_ACTIVITIES))
            account_id = current_visitor().account_id
            told = call_off_meeting(session, clock, meeting=meeting, account_id=account_id)
    except MeetingIsOver as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_meeting_call_off", meeting_id=meeting_id), code=303)
    return _done(meeting.occasion_id, told)


@blueprint.get("/staff/meetings/<int:meeting_id>/move")
@staff(Right.PLAN_ACTIVITIES)
def show_move(meeting_id: int) -> ResponseReturnValue:
    page = _change(meeting_id)
    meeting = page.meetings[0]
    starts, ends = local_time(meeting.starts_at), local_time(meeting.ends_at)
    form = MoveMeetingForm(
        formdata=None, date_on=starts.date(), starts=starts.time(), ends=ends.time(), room=meeting.room
    )
    return render_template("signups/move.html", page=page, form=form)


@blueprint.post("/staff/meetings/<int:meeting_id>/move")
@staff(Right.PLAN_ACTIVITIES)
def move(meeting_id: int) -> ResponseReturnValue:
    form = MoveMeetingForm()
    if not form.validate():
        return render_template("signups/move.html", page=_change(meeting_id), form=form), 422
    try:
        with unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, meeting_id, library_ids=_own(Right.PLAN_ACTIVITIES))
            change = form.to_change(account_id=current_visitor().account_id)
            told = move_meeting(session, clock, meeting=meeting, **change)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("signups/move.html", page=_change(meeting_id), form=form), 422
    return _done(meeting.occasion_id, told)


def _own(right: Right) -> frozenset[int]:
    return current_visitor().libraries(right)


def _language() -> Language:
    return Language(current_language())


def _change(meeting_id: int) -> Change:
    with reading() as (session, clock):
        meeting = get_own_meeting(session, meeting_id, library_ids=_own(Right.PLAN_ACTIVITIES))
        families = count_families_of(session, meeting.occasion_id)
        return change_of(
            meeting.occasion, meeting=meeting, families=families, language=_language(), now=clock()
        )


def _done(occasion_id: int, told: int) -> ResponseReturnValue:
    words = ngettext(
        "It is done. A letter goes to %(num)s family.", "It is done. A letter goes to %(num)s families.", told
    )
    flash(words, "done")
    return redirect(url_for("signups.list_signups", occasion_id=occasion_id), code=303)
