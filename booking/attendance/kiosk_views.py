"""The tablet on which youths tick themselves off, and the page from which staff put it up."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.attendance.door import DoorRefusal
from booking.attendance.guard import closers_reach
from booking.attendance.kiosk_forms import TapForm
from booking.attendance.kiosk_operations import put_up_tablet, take_tablet_down, tick_on_tablet
from booking.attendance.kiosk_queries import find_kiosk, get_kiosk, on_tablet
from booking.attendance.queries import get_meeting_at_door
from booking.attendance.views import blueprint
from booking.attendance.walk_in_views import picture_of
from booking.attendance.wording import title_of
from booking.doors import current_visitor, link_holder, staff, visitor_or_none
from booking.i18n import say
from booking.limits import limiter
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.pages import public_url
from booking.rights import Right
from booking.work import reading, unit_of_work

_PUT_UP_HERE: Final = "tablet_put_up"


@blueprint.get("/staff/meetings/<int:meeting_id>/tablet")
@staff(Right.CLOSE_MEETING)
def show_tablet(meeting_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
        kiosk = find_kiosk(session, meeting_id, now=clock())
        count = len(on_tablet(session, meeting=meeting, now=clock()))
    return render_template(
        "attendance/tablet_put_up.html",
        meeting=meeting,
        title=title_of(meeting),
        is_up=kiosk is not None,
        count=count,
        address=_address_shown(meeting_id) if kiosk else None,
        picture_of=picture_of,
    )


@blueprint.post("/staff/meetings/<int:meeting_id>/tablet")
@staff(Right.CLOSE_MEETING)
def put_tablet_up(meeting_id: int) -> ResponseReturnValue:
    account_id = current_visitor().account_id
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
            secret = put_up_tablet(session, clock, meeting=meeting, account_id=account_id)
    except DoorRefusal as refusal:
        flash(say(refusal), "problem")
    else:
        cookie[_PUT_UP_HERE] = [meeting_id, secret]
    return redirect(url_for(".show_tablet", meeting_id=meeting_id), code=303)


@blueprint.post("/staff/meetings/<int:meeting_id>/tablet/down")
@staff(Right.CLOSE_MEETING)
def take_tablet_off(meeting_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=closers_reach(), now=clock())
        take_tablet_down(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    cookie.pop(_PUT_UP_HERE, None)
    flash(gettext("The tablet shows nothing any more."), "done")
    return redirect(url_for(".show_tablet", meeting_id=meeting_id), code=303)


@blueprint.get("/here/<token>")
@link_holder
def show_names(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.KIOSK, secret=token)
        meeting = get_kiosk(session, link.subject_id, now=clock()).meeting
        # Whoever walks past must not find a tablet from which all of the staff's pages open.
        is_staff = visitor_or_none() is not None
        names = [] if is_staff else on_tablet(session, meeting=meeting, now=clock())
    return render_template(
        "attendance/tablet.html", token=token, names=names, is_staff=is_staff, title=title_of(meeting)
    )


@blueprint.post("/here/<token>")
@link_holder
@limiter.limit("60/minute")
def say_here(token: str) -> ResponseReturnValue:
    form = TapForm()
    person = form.to_participant_id() if form.validate() and visitor_or_none() is None else 0
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.KIOSK, secret=token)
            is_new = tick_on_tablet(session, clock, link=link, participant_id=person)
    except DoorRefusal as refusal:
        flash(say(refusal), "problem")
        return redirect(url_for(".show_names", token=token), code=303)
    if is_new:
        flash(gettext("You are ticked off. Welcome in!"), "done")
    return redirect(url_for(".show_names", token=token), code=303)


def _address_shown(meeting_id: int) -> str | None:
    put_up_for, secret = cookie.get(_PUT_UP_HERE) or (None, None)
    return public_url("attendance.show_names", token=secret) if put_up_for == meeting_id else None
