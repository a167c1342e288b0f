"""The pages of a family: the form, the answer by letter, and a sign-up's own page."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.doors import link_holder, public
from booking.errors import Refusal
from booking.family.forms import SignupForm
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.limits import form_value, limiter
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.pages import settings_in_use
from booking.signups.answers import disown, say_no, say_yes, withdraw
from booking.signups.asking import Answer
from booking.signups.holding import holds_of
from booking.signups.messages import AVAILABILITIES, MOVERS, STANDINGS
from booking.signups.operations import request_place
from booking.signups.queries import get_signup, take_open_occasion
from booking.signups.rules import AllIsOver, Holds, SignupState
from booking.signups.showing import Invitation, Shown, invitation_to, shown_at
from booking.tokens import new_uid
from booking.work import reading, unit_of_work

blueprint = Blueprint("family", __name__)

# What was answered, for the page after the form. It names nobody.
_ANSWER = "signup_answer"
_PURPOSES = {"confirm": Purpose.CONFIRM_EMAIL, "signups": Purpose.SIGNUP, "offers": Purpose.OFFER}


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for where a sign-up stands, who moved it, and how full it is."""
    return {"standings": STANDINGS, "availabilities": AVAILABILITIES, "movers": MOVERS}


@blueprint.get("/occasions/<int:occasion_id>/sign-up")
@public
def show_form(occasion_id: int) -> ResponseReturnValue:
    return _form_page(SignupForm(formdata=None, ask_key=new_uid()), occasion_id)


@blueprint.post("/occasions/<int:occasion_id>/sign-up")
@public
@limiter.limit("100/10 minutes")
@limiter.limit("20/hour", key_func=form_value("email"))
def ask(occasion_id: int) -> ResponseReturnValue:
    form = SignupForm()
    if not form.validate():
        return _form_page(form, occasion_id), 422
    request = form.to_request(_language())
    try:
        with unit_of_work() as (session, clock):
            occasion = take_open_occasion(session, occasion_id, invited_to=_invited_to(session, clock))
            answer = request_place(session, clock, occasion=occasion, request=request, holds=_holds())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(form, occasion_id), 422
    _keep(answer, occasion_id)
    flash(gettext("We have sent a letter to %(email)s.", email=request.email), "done")
    return redirect(url_for(".show_asked", occasion_id=occasion_id, invited=_invitation()), code=303)


@blueprint.get("/occasions/<int:occasion_id>/sign-up/asked")
@public
def show_asked(occasion_id: int) -> ResponseReturnValue:
    answer = _kept_answer(occasion_id)
    if answer is None:
        return redirect(url_for(".show_form", occasion_id=occasion_id, invited=_invitation()))
    with reading() as (session, clock):
        page = _invitation_page(session, clock, occasion_id)
    return render_template("family/asked.html", answer=answer, page=page)


@blueprint.get("/confirm/<token>")
@link_holder
def show_confirmation(token: str) -> ResponseReturnValue:
    return render_template("family/confirm.html", page=_page_of(Purpose.CONFIRM_EMAIL, token), token=token)


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
    return render_template("family/offer.html", page=_page_of(Purpose.OFFER, token), token=token)


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
    return render_template("family/signup.html", page=_page_of(Purpose.SIGNUP, token), token=token)


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


@blueprint.get("/<any(confirm, signups, offers):kind>/<token>/not-me")
@link_holder
def show_not_me(kind: str, token: str) -> ResponseReturnValue:
    page = _page_of(_PURPOSES[kind], token)
    return render_template("family/not_me.html", page=page, kind=kind, token=token)


@blueprint.post("/<any(confirm, signups, offers):kind>/<token>/not-me")
@link_holder
def not_me(kind: str, token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=_PURPOSES[kind], secret=token)
        disown(session, clock, link=link, holds=_holds())
    flash(gettext("Thank you for telling us. What was entered is erased."), "done")
    return redirect(url_for("whats_on.show_home"), code=303)


def _holds() -> Holds:
    return holds_of(settings_in_use())


def _language() -> Language:
    return Language(current_language())


def _form_page(form: SignupForm, occasion_id: int) -> str:
    with reading() as (session, clock):
        page = _invitation_page(session, clock, occasion_id)
    form.show(
        municipalities=[(each.code, each.name) for each in page.municipalities],
        at_home=page.occasion.activity.library.municipality_code,
        digest=page.wording.digest,
        elsewhere=gettext("Another municipality"),
    )
    return render_template("family/form.html", form=form, page=page)


def _page_of(purpose: Purpose, token: str) -> Shown:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=purpose, secret=token)
        return shown_at(get_signup(session, link.subject_id), language=_language(), now=clock())


def _after_yes(receipt: str | None, otherwise: str) -> ResponseReturnValue:
    if receipt is None:
        return redirect(otherwise, code=303)
    flash(gettext("The place is yours. Welcome!"), "done")
    return redirect(url_for("family.show_signup", token=receipt), code=303)


def _keep(answer: Answer, occasion_id: int) -> None:
    held_until = answer.held_until.isoformat() if answer.held_until else None
    cookie[_ANSWER] = {"occasion_id": occasion_id, "state": answer.state.value, "held_until": held_until}


def _invitation() -> str | None:
    """Return the secret by which somebody is invited to what is not for everybody, if they carry one."""
    return request.args.get("invited") or None


def _invited_to(session: Session, clock: Clock) -> int | None:
    secret = _invitation()
    return follow_link(session, clock, purpose=Purpose.INVITED, secret=secret).subject_id if secret else None


def _invitation_page(session: Session, clock: Clock, occasion_id: int) -> Invitation:
    return invitation_to(
        session,
        occasion_id=occasion_id,
        language=_language(),
        now=clock(),
        invited_to=_invited_to(session, clock),
    )


def _kept_answer(occasion_id: int) -> Answer | None:
    kept = cookie.get(_ANSWER, {})
    if kept.get("occasion_id") != occasion_id:
        return None
    held_until = datetime.fromisoformat(kept["held_until"]) if kept["held_until"] else None
    return Answer(state=SignupState(kept["state"]), held_until=held_until)
