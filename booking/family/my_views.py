"""A family's own page: its children, where their sign-ups and consents stand, and what it can change."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.messages import AFTER_WITHDRAWAL, CAPACITIES, PURPOSES, STEPS
from booking.doors import link_holder
from booking.family.my_forms import AddressForm
from booking.family.my_operations import (
    change_shielding,
    give_back_here,
    say_no_here,
    say_yes_here,
    take_consent_back,
)
from booking.family.my_showing import page_of
from booking.family.stay_passes import family_here, family_in_use
from booking.family.stay_views import entrance_page
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.links.messages import PROGRAMS
from booking.pages import settings_in_use
from booking.signups.holding import holds_of
from booking.signups.rules import AllIsOver, Holds, MoveNotPossible
from booking.work import reading, unit_of_work

# Somebody else, or the time, was quicker than the button.
_NO_LONGER = (AllIsOver, MoveNotPossible)


@blueprint.context_processor
def own_words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for what was agreed to, and for what taking it back brings."""
    return {
        "purposes": PURPOSES,
        "what_follows": AFTER_WITHDRAWAL,
        "consent_steps": STEPS,
        "capacities": CAPACITIES,
        "programs": PROGRAMS,
    }


@blueprint.get("/my")
@link_holder
def show_my() -> ResponseReturnValue:
    with reading() as (session, clock):
        family = family_in_use(session, clock)
        if family is None:
            return entrance_page(AddressForm(formdata=None))
        page = page_of(session, clock, family, language=Language(current_language()))
    return render_template("family/my.html", page=page)


@blueprint.post("/my/signups/<int:signup_id>/yes")
@link_holder
def accept_own(signup_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            family = family_here(session, clock)
            say_yes_here(session, clock, family=family, signup_id=signup_id, holds=_holds())
    except _NO_LONGER as refusal:
        flash(say(refusal), "problem")
    return _back_to(signup_id)


@blueprint.post("/my/signups/<int:signup_id>/no")
@link_holder
def decline_own(signup_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            family = family_here(session, clock)
            say_no_here(session, clock, family=family, signup_id=signup_id, holds=_holds())
    except _NO_LONGER as refusal:
        flash(say(refusal), "problem")
    return _back_to(signup_id)


@blueprint.post("/my/signups/<int:signup_id>/withdraw")
@link_holder
def give_back_own(signup_id: int) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            family = family_here(session, clock)
            give_back_here(session, clock, family=family, signup_id=signup_id, holds=_holds())
    except _NO_LONGER as refusal:
        flash(say(refusal), "problem")
    else:
        flash(gettext("Thank you for telling us. Another child can have the place."), "done")
    return _back_to(signup_id)


@blueprint.post("/my/consents/<int:consent_id>/withdraw")
@link_holder
def take_back_consent(consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        purpose = take_consent_back(session, clock, family=family, consent_id=consent_id)
    words = gettext("Taken back, from now on: %(what)s.", what=gettext(PURPOSES[purpose]))
    flash(f"{words} {gettext(AFTER_WITHDRAWAL[purpose])}", "done")
    return redirect(url_for("family.show_my"), code=303)


@blueprint.post("/my/children/<int:participant_id>/<any(shielded, shown):how>")
@link_holder
def shield_own(participant_id: int, how: str) -> ResponseReturnValue:
    is_shielded = how == "shielded"
    with unit_of_work() as (session, clock):
        family = family_here(session, clock)
        change_shielding(
            session, clock, family=family, participant_id=participant_id, is_shielded=is_shielded
        )
    flash(gettext("Shielded display is on.") if is_shielded else gettext("Shielded display is off."), "done")
    return redirect(url_for("family.show_my", _anchor=f"child-{participant_id}"), code=303)


def _holds() -> Holds:
    return holds_of(settings_in_use())


def _back_to(signup_id: int) -> ResponseReturnValue:
    return redirect(url_for("family.show_my", _anchor=f"signup-{signup_id}"), code=303)
