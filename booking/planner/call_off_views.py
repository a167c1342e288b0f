"""Calling off a date or a whole course, and taking that back – with who will be told beforehand."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.activities.dates import MeetingIsOver
from booking.activities.queries import get_own_meeting, get_own_occasion
from booking.activities.rules import OccasionCalledOff
from booking.doors import current_visitor, staff
from booking.i18n import say
from booking.planner.dates_views import change_page, done, get_meeting, get_occasion
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.signups.changes import (
    call_off_meeting,
    call_off_occasion,
    put_meeting_back_on,
    put_occasion_back_on,
)
from booking.work import unit_of_work


@blueprint.get("/staff/meetings/<int:meeting_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def show_meeting_call_off(meeting_id: int) -> ResponseReturnValue:
    meeting = get_meeting(meeting_id)
    return render_template("planner/call_off.html", page=change_page(meeting.occasion, meeting))


@blueprint.post("/staff/meetings/<int:meeting_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def call_meeting_off(meeting_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, meeting_id, library_ids=own_libraries())
            who = current_visitor().account_id
            told = call_off_meeting(session, clock, meeting=meeting, account_id=who)
    except MeetingIsOver as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_meeting_call_off", meeting_id=meeting_id), code=303)
    return done(meeting.occasion.activity_id, told)


@blueprint.get("/staff/meetings/<int:meeting_id>/put-back-on")
@staff(Right.PLAN_ACTIVITIES)
def show_meeting_back_on(meeting_id: int) -> ResponseReturnValue:
    meeting = get_meeting(meeting_id)
    return render_template("planner/back_on.html", page=change_page(meeting.occasion, meeting))


@blueprint.post("/staff/meetings/<int:meeting_id>/put-back-on")
@staff(Right.PLAN_ACTIVITIES)
def put_meeting_on(meeting_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, meeting_id, library_ids=own_libraries())
            who = current_visitor().account_id
            told = put_meeting_back_on(session, clock, meeting=meeting, account_id=who)
    except (MeetingIsOver, OccasionCalledOff) as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_meeting_back_on", meeting_id=meeting_id), code=303)
    return done(meeting.occasion.activity_id, told)


@blueprint.get("/staff/occasions/<int:occasion_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def show_call_off(occasion_id: int) -> ResponseReturnValue:
    return render_template("planner/call_off.html", page=change_page(get_occasion(occasion_id)))


@blueprint.post("/staff/occasions/<int:occasion_id>/call-off")
@staff(Right.PLAN_ACTIVITIES)
def call_off(occasion_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            occasion = get_own_occasion(session, occasion_id, library_ids=own_libraries())
            who = current_visitor().account_id
            told = call_off_occasion(session, clock, occasion=occasion, account_id=who)
    except MeetingIsOver as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_call_off", occasion_id=occasion_id), code=303)
    return done(occasion.activity_id, told)


@blueprint.get("/staff/occasions/<int:occasion_id>/put-back-on")
@staff(Right.PLAN_ACTIVITIES)
def show_back_on(occasion_id: int) -> ResponseReturnValue:
    return render_template("planner/back_on.html", page=change_page(get_occasion(occasion_id)))


@blueprint.post("/staff/occasions/<int:occasion_id>/put-back-on")
@staff(Right.PLAN_ACTIVITIES)
def put_on(occasion_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=own_libraries())
        who = current_visitor().account_id
        told = put_occasion_back_on(session, clock, occasion=occasion, account_id=who)
    return done(occasion.activity_id, told)
