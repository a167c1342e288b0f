"""Dates: more of them, and moved ones – shown with all that is to be known before anything is saved."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from booking.activities.dates import MeetingWasShown, Reach, Slot, moved, weekly, within_reach
from booking.activities.meeting_operations import add_meetings, drop_meeting
from booking.activities.models import Meeting, Occasion
from booking.activities.planning import ChangedMeanwhile
from booking.activities.queries import get_own_meeting, get_own_occasion
from booking.clock import local_time
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.planner.dates_forms import ChangeDateForm, SeriesForm
from booking.planner.looking import Look
from booking.planner.messages import REACH_NAMES, WEEKDAY_NAMES
from booking.planner.queries import look_at_dates
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.signups.changes import (
    move_meetings,
)
from booking.signups.queries import count_families_called_off, count_families_of, take_turn
from booking.signups.showing import Change, change_of
from booking.versions import seen_as
from booking.work import reading, unit_of_work


@blueprint.get("/staff/occasions/<int:occasion_id>/dates/new")
@staff(Right.PLAN_ACTIVITIES)
def show_more_dates(occasion_id: int) -> ResponseReturnValue:
    occasion = get_occasion(occasion_id)
    form = SeriesForm(formdata=None)
    if occasion.meetings:
        last = occasion.meetings[-1]
        starts, ends = local_time(last.starts_at), local_time(last.ends_at)
        form.room.data, form.starts.data, form.ends.data = last.room, starts.time(), ends.time()
    return _more_page(form, occasion, [])


@blueprint.post("/staff/occasions/<int:occasion_id>/dates/new")
@staff(Right.PLAN_ACTIVITIES)
def add_dates(occasion_id: int) -> ResponseReturnValue:
    form, occasion = SeriesForm(), get_occasion(occasion_id)
    is_sound = form.validate()
    looks = _looks(occasion, weekly(form.thought), form) if form.makes_dates else []
    if not is_sound:
        return _more_page(form, occasion, looks if form.was_looked_at else []), 422
    if not form.was_looked_at:
        return _more_page(form, occasion, looks)
    try:
        _add(form, occasion_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _more_page(form, occasion, looks), 422
    flash(gettext("The dates are added."), "done")
    return redirect(url_for(".show_own", activity_id=occasion.activity_id), code=303)


@blueprint.post("/staff/meetings/<int:meeting_id>/drop")
@staff(Right.PLAN_ACTIVITIES)
def drop(meeting_id: int) -> ResponseReturnValue:
    activity_id = get_meeting(meeting_id).occasion.activity_id
    try:
        with unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, meeting_id, library_ids=own_libraries())
            drop_meeting(session, clock, meeting=meeting, account_id=current_visitor().account_id)
    except MeetingWasShown as refusal:
        flash(say(refusal), "problem")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)


@blueprint.get("/staff/meetings/<int:meeting_id>/move")
@staff(Right.PLAN_ACTIVITIES)
def show_move(meeting_id: int) -> ResponseReturnValue:
    meeting = get_meeting(meeting_id)
    starts, ends = local_time(meeting.starts_at), local_time(meeting.ends_at)
    form = ChangeDateForm(
        formdata=None, date_on=starts.date(), starts=starts.time(), ends=ends.time(), room=meeting.room
    )
    return _move_page(form, meeting, [])


@blueprint.post("/staff/meetings/<int:meeting_id>/move")
@staff(Right.PLAN_ACTIVITIES)
def move(meeting_id: int) -> ResponseReturnValue:
    form, meeting = ChangeDateForm(), get_meeting(meeting_id)
    if not form.validate():
        return _move_page(form, meeting, []), 422
    try:
        if form.shown.data != _sign(form, meeting):
            return _move_page(form, meeting, _moved_looks(form, meeting))
        told = _move(form, meeting_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _move_page(form, get_meeting(meeting_id), []), 422
    return done(meeting.occasion.activity_id, told)


def _add(form: SeriesForm, occasion_id: int) -> None:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=own_libraries())
        who, room = current_visitor().account_id, form.room.data or ""
        series = form.to_series()
        add_meetings(session, clock, occasion=occasion, series=series, room=room, account_id=who)


def get_occasion(occasion_id: int) -> Occasion:
    """Return an occasion at which the visitor may plan."""
    with reading() as (session, _clock):
        return get_own_occasion(session, occasion_id, library_ids=own_libraries())


def get_meeting(meeting_id: int) -> Meeting:
    """Return a date that the visitor may change."""
    with reading() as (session, _clock):
        return get_own_meeting(session, meeting_id, library_ids=own_libraries())


def _move(form: ChangeDateForm, meeting_id: int) -> int:
    with unit_of_work() as (session, clock):
        before = get_own_meeting(session, meeting_id, library_ids=own_libraries())
        take_turn(session, occasion_id=before.occasion_id)
        # What it was before the turn came is of no interest: somebody else may have moved it meanwhile.
        session.expire_all()
        meeting = get_own_meeting(session, meeting_id, library_ids=own_libraries())
        if form.shown.data != _sign(form, meeting):
            # Somebody moved these dates after they were shown.
            raise ChangedMeanwhile
        meetings, slots = _moved(form, meeting)
        who, room = current_visitor().account_id, form.room.data or ""
        return move_meetings(session, clock, meetings=meetings, slots=slots, room=room, account_id=who)


def _moved(form: ChangeDateForm, meeting: Meeting) -> tuple[list[Meeting], list[Slot]]:
    with reading() as (_session, clock):
        now = clock()
    of_course = meeting.occasion.meetings
    chosen = within_reach(of_course, chosen=meeting, reach=Reach(form.reach.data or Reach.THIS), now=now)
    others = [each for each in of_course if each not in chosen]
    return chosen, moved(chosen, chosen=meeting, to=form.to_hours(), others=others, now=now)


def _sign(form: ChangeDateForm, meeting: Meeting) -> str:
    # What was shown is what the dates were and what the fields make of them.
    stood = [(each.id, each.starts_at, each.ends_at, each.room) for each in meeting.occasion.meetings]
    return seen_as((form.sign, stood))


def _moved_looks(form: ChangeDateForm, meeting: Meeting) -> list[tuple[Meeting, Look]]:
    meetings, slots = _moved(form, meeting)
    form.shown.data = _sign(form, meeting)
    looks = _looks(meeting.occasion, slots, form, besides={each.id for each in meetings})
    return list(zip(meetings, looks, strict=True))


def _looks(
    occasion: Occasion,
    slots: list[Slot],
    form: SeriesForm | ChangeDateForm,
    besides: frozenset[int] | set[int] = frozenset(),
) -> list[Look]:
    activity = occasion.activity
    with reading() as (session, _clock):
        return look_at_dates(
            session,
            slots=slots,
            library_id=activity.library_id,
            room=form.room.data or "",
            responsible_id=activity.responsible_id,
            own=own_libraries(),
            besides=besides,
            unticked=form.unticked if isinstance(form, SeriesForm) else (),
        )


def _more_page(form: SeriesForm, occasion: Occasion, looks: list[Look]) -> str:
    weekdays = [("", gettext("The same as the first date"))]
    weekdays += [(str(number), gettext(name)) for number, name in enumerate(WEEKDAY_NAMES)]
    return render_template(
        "planner/more_dates.html", form=form, occasion=occasion, looks=looks, weekdays=weekdays
    )


def _move_page(form: ChangeDateForm, meeting: Meeting, looks: list[tuple[Meeting, Look]]) -> str:
    reaches = [(value, gettext(words)) for value, words in REACH_NAMES.items()]
    page = change_page(meeting.occasion, meeting)
    return render_template("planner/move.html", form=form, page=page, looks=looks, reaches=reaches)


def change_page(occasion: Occasion, meeting: Meeting | None = None) -> Change:
    """Return what is to be changed, and how many families will be told of it."""
    with reading() as (session, clock):
        lost = count_families_called_off(session, occasion)
        families = lost or count_families_of(session, occasion.id)
        language = Language(current_language())
        return change_of(occasion, meeting=meeting, families=families, language=language, now=clock())


def done(activity_id: int, told: int) -> ResponseReturnValue:
    """Say how many families are told, and lead back to the activity."""
    words = ngettext(
        "It is done. A letter goes to %(num)s family.", "It is done. A letter goes to %(num)s families.", told
    )
    flash(words, "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)
