"""Changing what stands: the texts, what the activity is, and how one comes to it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.models import Activity, Occasion
from booking.activities.operations import change_about, change_words
from booking.activities.planning import ChangedMeanwhile
from booking.activities.queries import get_own_activity, get_own_occasion, take_own_activity
from booking.activities.rows import about_of, terms_of, words_of
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.planner.about_forms import AboutForm
from booking.planner.choice_wording import choices_for, responsible_or
from booking.planner.forms import WordsForm
from booking.planner.operations import change_terms
from booking.planner.terms_forms import TermsForm
from booking.planner.version_wording import said_about, said_terms, said_words
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.versions import Difference, differences, seen_as
from booking.work import reading, unit_of_work


@blueprint.get("/staff/activities/<int:activity_id>/words")
@staff(Right.PLAN_ACTIVITIES)
def show_words(activity_id: int) -> ResponseReturnValue:
    activity = _activity(activity_id)
    form = WordsForm(formdata=None, seen=seen_as(words_of(activity)))
    form.tell_words(words_of(activity))
    return render_template("planner/words.html", form=form, activity=activity, others=[])


@blueprint.post("/staff/activities/<int:activity_id>/words")
@staff(Right.PLAN_ACTIVITIES)
def save_words(activity_id: int) -> ResponseReturnValue:
    form = WordsForm()
    if not form.validate():
        return _words_page(form, activity_id), 422
    try:
        with unit_of_work() as (session, clock):
            activity = take_own_activity(session, activity_id, library_ids=own_libraries())
            who = current_visitor().account_id
            words, seen = form.to_words(), form.seen.data or ""
            change_words(session, clock, activity=activity, words=words, seen=seen, account_id=who)
    except Refusal as refusal:
        form.refuse(refusal)
        return _words_page(form, activity_id, refusal), 422
    return saved(activity_id)


@blueprint.get("/staff/activities/<int:activity_id>/about")
@staff(Right.PLAN_ACTIVITIES)
def show_about(activity_id: int) -> ResponseReturnValue:
    activity = _activity(activity_id)
    form = AboutForm(formdata=None, seen=seen_as(about_of(activity)))
    form.tell_about(about_of(activity))
    return _about_page(form, activity_id)


@blueprint.post("/staff/activities/<int:activity_id>/about")
@staff(Right.PLAN_ACTIVITIES)
def save_about(activity_id: int) -> ResponseReturnValue:
    form = AboutForm()
    if not form.validate():
        return _about_page(form, activity_id), 422
    try:
        _change_about(activity_id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _about_page(form, activity_id, refusal), 422
    return saved(activity_id)


@blueprint.get("/staff/occasions/<int:occasion_id>/terms")
@staff(Right.PLAN_ACTIVITIES)
def show_terms(occasion_id: int) -> ResponseReturnValue:
    occasion = _occasion(occasion_id)
    form = TermsForm(formdata=None, seen=seen_as(terms_of(occasion)))
    form.tell_terms(terms_of(occasion))
    return _terms_page(form, occasion)


@blueprint.post("/staff/occasions/<int:occasion_id>/terms")
@staff(Right.PLAN_ACTIVITIES)
def save_terms(occasion_id: int) -> ResponseReturnValue:
    form = TermsForm()
    if not form.validate():
        return _terms_page(form, _occasion(occasion_id)), 422
    try:
        with unit_of_work() as (session, clock):
            occasion = get_own_occasion(session, occasion_id, library_ids=own_libraries())
            who = current_visitor().account_id
            terms, seen = form.to_terms(), form.seen.data or ""
            change_terms(session, clock, occasion=occasion, terms=terms, seen=seen, account_id=who)
    except Refusal as refusal:
        form.refuse(refusal)
        return _terms_page(form, _occasion(occasion_id), refusal), 422
    return saved(occasion.activity_id)


def _change_about(activity_id: int, form: AboutForm) -> None:
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        who = current_visitor().account_id
        chosen = form.responsible_id.data
        # Whoever answers for it already may stay, also after a change of work.
        if chosen != activity.responsible_id:
            here = {activity.library_id}
            form.responsible_id.data = responsible_or(session, chosen, library_ids=here, otherwise=who)
        about, seen = form.to_about(), form.seen.data or ""
        change_about(session, clock, activity=activity, about=about, seen=seen, account_id=who)


def _activity(activity_id: int) -> Activity:
    with reading() as (session, _clock):
        return get_own_activity(session, activity_id, library_ids=own_libraries())


def _occasion(occasion_id: int) -> Occasion:
    with reading() as (session, _clock):
        return get_own_occasion(session, occasion_id, library_ids=own_libraries())


def _words_page(form: WordsForm, activity_id: int, refusal: Refusal | None = None) -> str:
    activity = _activity(activity_id)
    others: list[Difference] = []
    if isinstance(refusal, ChangedMeanwhile):
        others = differences(said_words(words_of(activity)), said_words(form.to_words()))
        # Whoever has seen both versions, and saves again, knows what goes.
        form.seen.data = seen_as(words_of(activity))
    return render_template("planner/words.html", form=form, activity=activity, others=others)


def _about_page(form: AboutForm, activity_id: int, refusal: Refusal | None = None) -> str:
    activity = _activity(activity_id)
    with reading() as (session, _clock):
        choices = choices_for(session, own_libraries(), besides=activity.responsible)
    others: list[Difference] = []
    if isinstance(refusal, ChangedMeanwhile):
        people = {int(number): name for number, name in choices.people}
        others = differences(said_about(about_of(activity), people), said_about(form.to_about(), people))
        form.seen.data = seen_as(about_of(activity))
    return render_template("planner/about.html", form=form, activity=activity, choices=choices, others=others)


def _terms_page(form: TermsForm, occasion: Occasion, refusal: Refusal | None = None) -> str:
    with reading() as (session, _clock):
        choices = choices_for(session, own_libraries())
    others: list[Difference] = []
    if isinstance(refusal, ChangedMeanwhile):
        others = differences(said_terms(terms_of(occasion)), said_terms(form.to_terms()))
        form.seen.data = seen_as(terms_of(occasion))
    return render_template("planner/terms.html", form=form, occasion=occasion, choices=choices, others=others)


def saved(activity_id: int) -> ResponseReturnValue:
    """Say that it is saved, and lead back to the activity."""
    flash(gettext("Saved."), "done")
    return redirect(url_for(".show_own", activity_id=activity_id), code=303)
