"""What is on, for the staff who plan it: put up, publish, change the words."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.messages import KIND_NAMES, MISSING_NAMES, MODE_NAMES, grade_name, say_audience
from booking.activities.models import Activity, ActivityText
from booking.activities.operations import add_activity, change_words, publish
from booking.activities.planning import NotReady
from booking.activities.queries import get_own_activity, missing_in, own_activities
from booking.activities.showing import own_list, shown
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.models import Library
from booking.libraries.queries import all_libraries
from booking.planner.forms import GRADES, ActivityForm, WordsForm
from booking.rights import Right
from booking.work import reading, unit_of_work

# A longer number is no version of ours, and Python refuses to read a very long one.
_MOST_DIGITS = 9

blueprint = Blueprint("planner", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for who an activity is for."""
    return {"say_audience": say_audience}


@blueprint.get("/staff/activities")
@staff(Right.PLAN_ACTIVITIES)
def list_own() -> ResponseReturnValue:
    with reading() as (session, clock):
        page = own_list(own_activities(session, library_ids=_own()), clock())
    return render_template("planner/own_list.html", page=page)


@blueprint.get("/staff/activities/new")
@staff(Right.PLAN_ACTIVITIES)
def show_new() -> ResponseReturnValue:
    return _new_page(ActivityForm(formdata=None, weeks=1))


@blueprint.post("/staff/activities/new")
@staff(Right.PLAN_ACTIVITIES)
def add() -> ResponseReturnValue:
    form = ActivityForm()
    if not form.validate():
        return _new_page(form), 422
    if form.library_id.data not in _own():
        abort(404)
    try:
        activity = _add(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _new_page(form), 422
    flash(gettext("Saved as a draft. Look at it, then show it to families."), "done")
    return redirect(url_for(".show_own", activity_id=activity.id), code=303)


@blueprint.get("/staff/activities/<int:activity_id>")
@staff(Right.PLAN_ACTIVITIES)
def show_own(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, clock):
        activity = get_own_activity(session, activity_id, library_ids=_own())
        page = shown(activity, language=current_language(), now=clock())
        missing = missing_in(activity, clock())
    return render_template(
        "planner/own.html",
        page=page,
        missing=missing,
        missing_names=MISSING_NAMES,
        kind_names=KIND_NAMES,
        mode_names=MODE_NAMES,
    )


@blueprint.post("/staff/activities/<int:activity_id>/publish")
@staff(Right.PLAN_ACTIVITIES)
def publish_own(activity_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            activity = get_own_activity(session, activity_id, library_ids=_own())
            publish(session, clock, activity=activity, account_id=current_visitor().account_id)
    except NotReady:
        flash(gettext("Something is still missing before families can see this. See the list."), "problem")
    else:
        flash(gettext("Families can see it now."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)


@blueprint.get("/staff/activities/<int:activity_id>/words")
@staff(Right.PLAN_ACTIVITIES)
def show_words(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        activity = get_own_activity(session, activity_id, library_ids=_own())
    form = WordsForm(formdata=None, version=activity.version, **_typed(activity.texts))
    return render_template("planner/words.html", form=form, activity=activity)


@blueprint.post("/staff/activities/<int:activity_id>/words")
@staff(Right.PLAN_ACTIVITIES)
def save_words(activity_id: int) -> ResponseReturnValue:
    form = WordsForm()
    with reading() as (session, _clock):
        activity = get_own_activity(session, activity_id, library_ids=_own())
    if not form.validate():
        return render_template("planner/words.html", form=form, activity=activity), 422
    try:
        _save(activity_id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return render_template("planner/words.html", form=form, activity=activity), 422
    flash(gettext("Saved."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)


def _add(form: ActivityForm) -> Activity:
    with unit_of_work() as (session, clock):
        return add_activity(
            session,
            clock,
            library_id=form.library_id.data or 0,
            responsible_id=current_visitor().account_id,
            plan=form.to_plan(),
        )


def _save(activity_id: int, form: WordsForm) -> None:
    version = form.version.data or ""
    with unit_of_work() as (session, clock):
        activity = get_own_activity(session, activity_id, library_ids=_own())
        change_words(
            session,
            clock,
            activity=activity,
            words=form.to_words(),
            version=int(version) if version.isdecimal() and len(version) <= _MOST_DIGITS else 0,
        )


def _typed(texts: list[ActivityText]) -> dict[str, str]:
    typed: dict[str, str] = {}
    for text in texts:
        ending = "" if text.language == "nb" else f"_{text.language}"
        typed |= {f"{name}{ending}": getattr(text, name) for name in ("title", "summary", "body")}
    return typed


def _new_page(form: ActivityForm) -> str:
    empty = ("", "–")
    return render_template(
        "planner/new.html",
        form=form,
        libraries=[(library.id, library.name) for library in _own_libraries()],
        kinds=[(value, gettext(words)) for value, words in KIND_NAMES.items()],
        modes=[(value, gettext(words)) for value, words in MODE_NAMES.items()],
        grades=[empty, *((grade, grade_name(int(grade))) for grade in GRADES)],
    )


def _own_libraries() -> list[Library]:
    with reading() as (session, _clock):
        return [library for library in all_libraries(session) if library.id in _own()]


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.PLAN_ACTIVITIES)
