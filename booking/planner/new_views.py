"""Putting up something new: the form, the dates to look at, and the draft."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.dates import DateOutOfReach, check_in_reach, weekly
from booking.activities.models import Activity
from booking.activities.operations import add_activity
from booking.activities.queries import get_own_activity
from booking.activities.rows import about_of, asks_of, terms_of, words_of
from booking.consent.queries import age_rule_at
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.forms import LARGEST_NUMBER
from booking.planner.asks_wording import said_channels
from booking.planner.choice_wording import choices_for, responsible_or
from booking.planner.looking import Look
from booking.planner.new_forms import ActivityForm
from booking.planner.queries import look_at_dates
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.work import reading, unit_of_work


@blueprint.get("/staff/activities/new")
@staff(Right.PLAN_ACTIVITIES)
def show_new() -> ResponseReturnValue:
    form = ActivityForm(formdata=None, has_second_adult=True, cancel_hours=2)
    model = request.args.get("like", type=int)
    if model is not None and 0 < model <= LARGEST_NUMBER:
        with reading() as (session, _clock):
            activity = get_own_activity(session, model, library_ids=own_libraries())
        _copy(form, activity)
    return _page(form)


@blueprint.post("/staff/activities/new")
@staff(Right.PLAN_ACTIVITIES)
def add() -> ResponseReturnValue:
    form = ActivityForm()
    form.validate()
    looks = _looks(form)
    if form.error_lines:
        # What was unticked is still there; a list that nobody has seen yet would hide what is wrong.
        return _page(form, looks if form.was_looked_at else []), 422
    if not form.was_looked_at and not _is_simple(looks):
        return _page(form, looks)
    try:
        activity = _add(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, looks), 422
    flash(gettext("Saved as a draft. Look at it, then show it to families."), "done")
    return redirect(url_for(".show_own", activity_id=activity.id), code=303)


def _add(form: ActivityForm) -> Activity:
    with unit_of_work() as (session, clock):
        library_id = form.library_id.data or 0
        form.responsible_id.data = responsible_or(
            session,
            form.responsible_id.data,
            library_ids={library_id},
            otherwise=current_visitor().account_id,
        )
        return add_activity(session, clock, library_id=library_id, plan=form.to_plan())


def _looks(form: ActivityForm) -> list[Look]:
    """Return the dates that the form makes, as soon as it makes any."""
    library_id = form.library_id.data
    if not form.makes_dates or library_id is None:
        return []
    if library_id not in own_libraries():
        abort(404)
    with reading() as (session, clock):
        try:
            check_in_reach(form.thought.first_on, clock())
        except DateOutOfReach as refusal:
            form.refuse(refusal)
            return []
        return look_at_dates(
            session,
            slots=weekly(form.thought),
            library_id=library_id,
            room=form.room.data or "",
            responsible_id=form.responsible_id.data or current_visitor().account_id,
            own=own_libraries(),
            unticked=form.unticked,
        )


def _is_simple(looks: list[Look]) -> bool:
    return len(looks) == 1 and not looks[0].special and not looks[0].clashes


def _copy(form: ActivityForm, activity: Activity) -> None:
    """Write all of an activity into the form but its dates."""
    form.tell_words(words_of(activity))
    form.tell_about(about_of(activity))
    form.tell_asks(asks_of(activity))
    form.library_id.data = activity.library_id
    for occasion in activity.occasions[:1]:
        form.tell_terms(terms_of(occasion))
        form.opens_on.data = form.opens_time.data = form.closes_on.data = form.closes_time.data = None
        form.room.data = occasion.meetings[-1].room if occasion.meetings else ""


def _page(form: ActivityForm, looks: list[Look] | None = None) -> str:
    with reading() as (session, clock):
        choices, ages = choices_for(session, own_libraries()), age_rule_at(session, now=clock())
    form.offer(said_channels())
    return render_template("planner/new.html", form=form, looks=looks or [], choices=choices, ages=ages)
