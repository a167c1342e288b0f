"""The pages that letters lead to: an answer by a button, and a sign-up's own page."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.consent.messages import AFTER_WITHDRAWAL, PURPOSES
from booking.doors import link_holder
from booking.family.agreed_operations import take_back
from booking.family.agreed_queries import consents_of, halves_of
from booking.family.besides_queries import may_say_more
from booking.family.choice_wording import thanks_for
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.pages import settings_in_use
from booking.signups.answers import Receipt, disown, say_no, say_yes, withdraw
from booking.signups.holding import holds_of
from booking.signups.models import Signup
from booking.signups.queries import asked_together, get_signup, take_signup
from booking.signups.queue_queries import places_in_queue
from booking.signups.reconfirming import say_again, waits_for_word
from booking.signups.rules import AllIsOver, Holds, MoveNotPossible, SignupState
from booking.signups.showing import Shown, shown_at
from booking.work import reading, unit_of_work

_PURPOSES = {"confirm": Purpose.CONFIRM_EMAIL, "signups": Purpose.SIGNUP, "offers": Purpose.OFFER}


@blueprint.post("/confirm/<token>")
@link_holder
def confirm(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.CONFIRM_EMAIL, secret=token)
        receipt = say_yes(session, clock, link=link, holds=_holds())
    return _after_yes(receipt, url_for(".show_confirmation", token=token))


@blueprint.get("/offers/<token>")
@link_holder
def show_offer(token: str) -> ResponseReturnValue:
    return render_template("family/offer.html", page=page_of(Purpose.OFFER, token), token=token)


@blueprint.post("/offers/<token>/accept")
@link_holder
def accept(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OFFER, secret=token)
        receipt = say_yes(session, clock, link=link, holds=_holds())
    return _after_yes(receipt, url_for(".show_offer", token=token))


@blueprint.post("/offers/<token>/decline")
@link_holder
def decline(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OFFER, secret=token)
        say_no(session, clock, link=link, holds=_holds())
    return redirect(url_for(".show_offer", token=token), code=303)


@blueprint.get("/signups/<token>")
@link_holder
def show_signup(token: str) -> ResponseReturnValue:
    page = page_of(Purpose.SIGNUP, token)
    asks_again = waits_for_word(page.signup)
    return render_template(
        "family/signup.html", page=page, token=token, purposes=PURPOSES, asks_again=asks_again
    )


@blueprint.post("/signups/<token>/still-coming")
@link_holder
def still_coming(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.SIGNUP, secret=token)
            say_again(clock, signup=take_signup(session, link.subject_id))
    except MoveNotPossible as refusal:
        flash(say(refusal), "problem")
    else:
        flash(gettext("Thank you for telling us. Welcome!"), "done")
    return redirect(url_for(".show_signup", token=token), code=303)


@blueprint.post("/signups/<token>/withdraw")
@link_holder
def give_back(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.SIGNUP, secret=token)
            withdraw(session, clock, signup_id=link.subject_id, holds=_holds())
    except AllIsOver as refusal:
        flash(say(refusal), "problem")
    return redirect(url_for(".show_signup", token=token), code=303)


@blueprint.post("/signups/<token>/consents/<int:consent_id>/withdraw")
@link_holder
def take_consent_back(token: str, consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.SIGNUP, secret=token)
        purpose = take_back(session, clock, signup_id=link.subject_id, consent_id=consent_id)
    flash(gettext(AFTER_WITHDRAWAL[purpose]), "done")
    return redirect(url_for(".show_signup", token=token), code=303)


@blueprint.get("/<any(confirm, signups, offers):kind>/<token>/not-me")
@link_holder
def show_not_me(kind: str, token: str) -> ResponseReturnValue:
    page = page_of(_PURPOSES[kind], token)
    return render_template("family/not_me.html", page=page, kind=kind, token=token)


@blueprint.post("/<any(confirm, signups, offers):kind>/<token>/not-me")
@link_holder
def not_me(kind: str, token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=_PURPOSES[kind], secret=token)
        disown(session, clock, link=link, holds=_holds())
    flash(gettext("Thank you for telling us. What was entered is erased."), "done")
    return redirect(url_for("whats_on.show_home"), code=303)


def page_of(purpose: Purpose, token: str) -> Shown:
    """Return what the pages behind a link show, or raise NotFound."""
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=purpose, secret=token)
        signup = get_signup(session, link.subject_id)
        consents = consents_of(session, signup=signup) if purpose is Purpose.SIGNUP else []
        halves = halves_of(session, signup=signup) if purpose is Purpose.SIGNUP else []
        # A page that answers for all names them all; a sign-up's own page tells of nobody else.
        together = [] if purpose is Purpose.SIGNUP else asked_together(session, signup)
        more = purpose is Purpose.SIGNUP and may_say_more(session, signup, by_guardian=False, now=clock())
        return shown_at(
            signup,
            language=Language(current_language()),
            now=clock(),
            together=together,
            consents=consents,
            halves=halves,
            place_in_queue=places_in_queue(session, [signup]).get(signup.id),
            may_say_more=more,
            waits_with=_waiting_with(session, signup),
        )


def _waiting_with(session: Session, signup: Signup) -> int:
    # How many, and not who: a sign-up's own page tells of nobody else.
    if signup.state is not SignupState.QUEUED:
        return 0
    return sum(each.state is SignupState.QUEUED for each in asked_together(session, signup)) - 1


def _holds() -> Holds:
    return holds_of(settings_in_use())


def _after_yes(receipt: Receipt | None, otherwise: str) -> ResponseReturnValue:
    if receipt is None:
        return redirect(otherwise, code=303)
    flash(thanks_for(receipt), "done")
    return redirect(url_for("family.show_signup", token=receipt.secret), code=303)
