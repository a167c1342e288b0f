"""What a library has put up: the list, and each activity's own page for its staff."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.messages import KIND_NAMES, MISSING_NAMES, MODE_NAMES, say_audience
from booking.activities.operations import archive, publish, take_out_again
from booking.activities.planning import NotReady, StillOn
from booking.activities.queries import get_own_activity, missing_in, own_activities, take_own_activity
from booking.activities.showing import own_list, shown
from booking.activities.wording import telling_words
from booking.almanac.messages import say_special
from booking.doors import current_visitor, staff
from booking.i18n import current_language, say
from booking.planner.asks_wording import say_asked
from booking.planner.messages import STATUS_NAMES, VISIBILITY_NAMES
from booking.rights import Right
from booking.work import reading, unit_of_work

blueprint = Blueprint("planner", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for what an activity can be."""
    return {
        "say_audience": say_audience,
        "say_asked": say_asked,
        "say_special": say_special,
        "status_names": STATUS_NAMES,
        "kind_names": KIND_NAMES,
        "mode_names": MODE_NAMES,
        "visibility_names": VISIBILITY_NAMES,
        "missing_names": MISSING_NAMES,
    }


def own_libraries() -> frozenset[int]:
    """Return where the visitor may plan."""
    return current_visitor().libraries(Right.PLAN_ACTIVITIES)


@blueprint.get("/staff/activities")
@staff(Right.PLAN_ACTIVITIES)
def list_own() -> ResponseReturnValue:
    with reading() as (session, clock):
        page = own_list(own_activities(session, library_ids=own_libraries()), clock())
    return render_template("planner/own_list.html", page=page)


@blueprint.get("/staff/activities/<int:activity_id>")
@staff(Right.PLAN_ACTIVITIES)
def show_own(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_own_activity(session, activity_id, library_ids=own_libraries())
        page = shown(activity, language=current_language(), now=clock())
        missing = missing_in(activity, clock())
    telling = telling_words(text.title for text in activity.texts)
    return render_template("planner/own.html", page=page, missing=missing, telling=telling)


@blueprint.post("/staff/activities/<int:activity_id>/publish")
@staff(Right.PLAN_ACTIVITIES)
def publish_own(activity_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            activity = take_own_activity(session, activity_id, library_ids=own_libraries())
            publish(session, clock, activity=activity, account_id=current_visitor().account_id)
    except NotReady:
        flash(gettext("Something is still missing before families can see this. See the list."), "problem")
    else:
        flash(gettext("It is shown now."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)


@blueprint.post("/staff/activities/<int:activity_id>/put-away")
@staff(Right.PLAN_ACTIVITIES)
def put_away(activity_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            activity = take_own_activity(session, activity_id, library_ids=own_libraries())
            archive(session, clock, activity=activity, account_id=current_visitor().account_id)
    except StillOn as refusal:
        flash(say(refusal), "problem")
    else:
        flash(gettext("It is put away. You can take it out again."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)


@blueprint.post("/staff/activities/<int:activity_id>/take-out")
@staff(Right.PLAN_ACTIVITIES)
def take_out(activity_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        take_out_again(session, clock, activity=activity, account_id=current_visitor().account_id)
    flash(gettext("It is a draft again."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)
