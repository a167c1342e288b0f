"""Changing what families are asked when they sign up."""

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.activities.operations import change_asks
from booking.activities.planning import ChangedMeanwhile
from booking.activities.queries import get_own_activity, take_own_activity
from booking.activities.rows import asks_of
from booking.consent.queries import age_rule_at
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.planner.asks_forms import AsksForm
from booking.planner.asks_wording import said_asks, said_channels
from booking.planner.edit_views import saved
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.versions import Difference, differences, seen_as
from booking.work import reading, unit_of_work


@blueprint.get("/staff/activities/<int:activity_id>/asks")
@staff(Right.PLAN_ACTIVITIES)
def show_asks(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        activity = get_own_activity(session, activity_id, library_ids=own_libraries())
    form = AsksForm(formdata=None, seen=seen_as(asks_of(activity)))
    form.tell_asks(asks_of(activity))
    return _asks_page(form, activity_id)


@blueprint.post("/staff/activities/<int:activity_id>/asks")
@staff(Right.PLAN_ACTIVITIES)
def save_asks(activity_id: int) -> ResponseReturnValue:
    form = AsksForm()
    if not form.validate():
        return _asks_page(form, activity_id), 422
    try:
        with unit_of_work() as (session, clock):
            activity = take_own_activity(session, activity_id, library_ids=own_libraries())
            who = current_visitor().account_id
            asks, seen = form.to_asks(), form.seen.data or ""
            change_asks(session, clock, activity=activity, asks=asks, seen=seen, account_id=who)
    except Refusal as refusal:
        form.refuse(refusal)
        return _asks_page(form, activity_id, refusal), 422
    return saved(activity_id)


def _asks_page(form: AsksForm, activity_id: int, refusal: Refusal | None = None) -> str:
    with reading() as (session, clock):
        activity = get_own_activity(session, activity_id, library_ids=own_libraries())
        ages = age_rule_at(session, now=clock())
    form.offer(said_channels())
    others: list[Difference] = []
    if isinstance(refusal, ChangedMeanwhile):
        others = differences(said_asks(asks_of(activity)), said_asks(form.to_asks()))
        form.seen.data = seen_as(asks_of(activity))
    return render_template("planner/asks.html", form=form, activity=activity, ages=ages, others=others)
