"""The pages of staff: who is signed up, the details of one of them, and finding a child."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.queries import get_own_occasion
from booking.consent.messages import (
    AFTER_WITHDRAWAL,
    CAPACITIES,
    ESTABLISHED,
    NEEDS,
    PURPOSES,
    STEPS,
    WAYS,
)
from booking.consent.needs import Needs
from booking.consent.needs_operations import Reader, read_needs
from booking.consent.seal import seal_of
from booking.consent.standing_queries import is_standing
from booking.desk.consent_operations import shield_at_desk, stop_texts_at_desk, take_consent_back_at_desk
from booking.desk.details_queries import agreements_of, marks_in, search_children
from booking.desk.messages import MARKS
from booking.desk.operations import note_look, note_search
from booking.doors import current_visitor, staff
from booking.errors import NotFound
from booking.i18n import current_language
from booking.libraries.rules import Language, best_text
from booking.pages import settings_in_use
from booking.rights import Right
from booking.signups.messages import MOVERS, STANDINGS
from booking.signups.models import Signup
from booking.signups.queries import get_signup_of, register_of
from booking.signups.rules import IS_LIVE
from booking.signups.showing import roll_of
from booking.work import reading, unit_of_work

blueprint = Blueprint("desk", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for where a sign-up stands, and for what was agreed to."""
    return {
        "standings": STANDINGS,
        "movers": MOVERS,
        "mark_words": MARKS,
        "purposes": PURPOSES,
        "consent_steps": STEPS,
        "consent_ways": WAYS,
        "capacities": CAPACITIES,
        "established_words": ESTABLISHED,
    }


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups")
@staff(Right.SEE_SIGNUPS)
def list_signups(occasion_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        signups = register_of(session, occasion_id)
        note_look(session, clock, occasion=occasion, account_id=current_visitor().account_id)
        roll = roll_of(occasion, signups, language=_language(), now=clock())
        marks = marks_in(session, clock, occasion_id=occasion_id, signups=roll.live)
    return render_template("desk/list.html", roll=roll, marks=marks)


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>")
@staff(Right.SEE_SIGNUPS)
def show_details(occasion_id: int, signup_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        signup = get_signup_of(session, signup_id, occasion_id=occasion_id)
        account_id = current_visitor().account_id
        note_look(session, clock, occasion=occasion, account_id=account_id, signup=signup)
        agreed = agreements_of(session, signup)
        newest = {(each.purpose, each.occasion_id): each for each in agreed.consents}
        standing = [each for each in newest.values() if is_standing(each, clock())]
    told = {"is_live": signup.state in IS_LIVE, "agreed": agreed, "standing": standing}
    return render_template("desk/details.html", signup=signup, occasion=occasion, **told)


@blueprint.post("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>/needs")
@staff(Right.SEE_SIGNUPS)
def show_needs(occasion_id: int, signup_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        signup = get_signup_of(session, signup_id, occasion_id=occasion_id)
    needs = _needs_of(signup)
    if needs is None:
        flash(gettext("It opens on the day of a meeting, and for whoever is responsible."), "problem")
        return redirect(url_for(".show_details", occasion_id=occasion_id, signup_id=signup_id), code=303)
    return render_template("desk/needs.html", signup=signup, occasion=occasion, needs=needs, words=NEEDS)


@blueprint.post(
    "/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>/consents/<int:consent_id>/withdraw"
)
@staff(Right.SEE_SIGNUPS)
def withdraw_consent(occasion_id: int, signup_id: int, consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        purpose = take_consent_back_at_desk(
            session,
            clock,
            consent_id=consent_id,
            signup_id=signup_id,
            occasion_id=occasion_id,
            library_ids=_own(),
            account_id=current_visitor().account_id,
        )
    flash(gettext(AFTER_WITHDRAWAL[purpose]), "done")
    return redirect(url_for(".show_details", occasion_id=occasion_id, signup_id=signup_id), code=303)


@blueprint.post("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>/<any(shielded, shown):how>")
@staff(Right.SEE_SIGNUPS)
def shield(occasion_id: int, signup_id: int, how: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        shield_at_desk(
            session,
            clock,
            is_shielded=how == "shielded",
            signup_id=signup_id,
            occasion_id=occasion_id,
            library_ids=_own(),
            account_id=current_visitor().account_id,
        )
    return redirect(url_for(".show_details", occasion_id=occasion_id, signup_id=signup_id), code=303)


@blueprint.post("/staff/occasions/<int:occasion_id>/sign-ups/<int:signup_id>/no-texts")
@staff(Right.SEE_SIGNUPS)
def stop_texts(occasion_id: int, signup_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        stop_texts_at_desk(
            session,
            clock,
            signup_id=signup_id,
            occasion_id=occasion_id,
            library_ids=_own(),
            account_id=current_visitor().account_id,
        )
    flash(gettext("No more text messages go to this family. Letters do."), "done")
    return redirect(url_for(".show_details", occasion_id=occasion_id, signup_id=signup_id), code=303)


@blueprint.get("/staff/children")
@staff(Right.SEE_SIGNUPS)
def find_children() -> ResponseReturnValue:
    text, found = request.args.get("name", "")[:100], []
    if text:
        with unit_of_work() as (session, clock):
            found = list(search_children(session, text=text, library_ids=_own()))
            who, library_id = current_visitor().account_id, min(_own(), default=None)
            note_search(session, clock, account_id=who, library_id=library_id, found=len(found))
    titles = {signup.id: best_text(signup.occasion.activity.texts, _language()).title for signup in found}
    return render_template("desk/search.html", text=text, found=found, titles=titles)


def _needs_of(signup: Signup) -> Needs | None:
    reader = Reader(account_id=current_visitor().account_id, library_ids=_own())
    try:
        with unit_of_work() as (session, clock):
            return read_needs(
                session,
                clock,
                participant_id=signup.participant_id,
                occasion_id=signup.occasion_id,
                reader=reader,
                seal=seal_of(settings_in_use()),
            )
    except NotFound:
        return None


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.SEE_SIGNUPS)


def _language() -> Language:
    return Language(current_language())
