"""The page of a youth's guardian: what is asked, and yes, no, or «I want to ask»."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.messages import AFTER_WITHDRAWAL, PURPOSES
from booking.consent.queries import current_wordings
from booking.consent.seal import Seal, seal_of
from booking.doors import link_holder
from booking.errors import Refusal
from booking.family.agreed_operations import take_back
from booking.family.agreed_queries import consents_of, halves_of
from booking.family.answer_views import page_of
from booking.family.besides_queries import may_say_more
from booking.family.choice_wording import boxes_for_guardians
from booking.family.guardian_forms import GuardianForm, QuestionForm
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.limits import limiter
from booking.links.queries import follow_link, follow_one_of
from booking.links.rules import Purpose
from booking.pages import settings_in_use
from booking.signups.guardian_answers import (
    guardian_asks,
    guardian_says_no,
    guardian_says_yes,
    guardian_takes_back,
)
from booking.signups.holding import holds_of
from booking.signups.queries import get_signup
from booking.signups.rules import AllIsOver, Holds
from booking.signups.showing import shown_at
from booking.work import reading, unit_of_work

# The address in a letter is the same, whether a family or a youth's guardian is asked.
_CONFIRMED_HERE = (Purpose.CONFIRM_EMAIL, Purpose.GUARDIAN_ANSWER)


@blueprint.get("/confirm/<token>")
@link_holder
def show_confirmation(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        link = follow_one_of(session, clock, purposes=_CONFIRMED_HERE, secret=token)
    if link.purpose is Purpose.GUARDIAN_ANSWER:
        return _page(token, GuardianForm(formdata=None), QuestionForm(formdata=None))
    return render_template("family/confirm.html", page=page_of(Purpose.CONFIRM_EMAIL, token), token=token)


@blueprint.post("/confirm/<token>/yes")
@link_holder
def guardian_yes(token: str) -> ResponseReturnValue:
    form = GuardianForm()
    if not form.validate():
        return _page(token, form, QuestionForm(formdata=None)), 422
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
            leave = form.to_leave(_language())
            guardian_says_yes(session, clock, link=link, leave=leave, holds=_holds(), seal=_seal())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(token, form, QuestionForm(formdata=None)), 422
    return redirect(url_for(".show_confirmation", token=token), code=303)


@blueprint.post("/confirm/<token>/no")
@link_holder
def guardian_no(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
        guardian_says_no(session, clock, link=link, holds=_holds())
    return redirect(url_for(".show_confirmation", token=token), code=303)


@blueprint.post("/confirm/<token>/ask")
@link_holder
@limiter.limit("10/hour")
def guardian_wonders(token: str) -> ResponseReturnValue:
    form = QuestionForm()
    if not form.validate():
        return _page(token, GuardianForm(formdata=None), form), 422
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
        guardian_asks(session, clock, link=link, question=form.question.data or "")
    flash(gettext("Your question is on its way to the library. The place is held meanwhile."), "done")
    return redirect(url_for(".show_confirmation", token=token), code=303)


@blueprint.post("/confirm/<token>/take-back")
@link_holder
def guardian_back(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work() as (session, clock):
            link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
            guardian_takes_back(session, clock, link=link, holds=_holds())
    except AllIsOver as refusal:
        flash(say(refusal), "problem")
    return redirect(url_for(".show_confirmation", token=token), code=303)


@blueprint.post("/confirm/<token>/consents/<int:consent_id>/withdraw")
@link_holder
def guardian_takes_consent_back(token: str, consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
        purpose = take_back(session, clock, signup_id=link.subject_id, consent_id=consent_id)
    flash(gettext(AFTER_WITHDRAWAL[purpose]), "done")
    return redirect(url_for(".show_confirmation", token=token), code=303)


def _page(token: str, form: GuardianForm, question: QuestionForm) -> str:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.GUARDIAN_ANSWER, secret=token)
        signup = get_signup(session, link.subject_id)
        consents = consents_of(session, signup=signup)
        halves = halves_of(session, signup=signup)
        page = shown_at(
            signup,
            language=_language(),
            now=clock(),
            consents=consents,
            halves=halves,
            may_say_more=may_say_more(session, signup, by_guardian=True, now=clock()),
        )
        wordings = current_wordings(session, language=_language())
    form.show(boxes_for_guardians(page.occasion, wordings))
    return render_template(
        "family/guardian.html",
        form=form,
        question=question,
        page=page,
        wordings=wordings,
        token=token,
        purposes=PURPOSES,
    )


def _seal() -> Seal:
    return seal_of(settings_in_use())


def _holds() -> Holds:
    return holds_of(settings_in_use())


def _language() -> Language:
    return Language(current_language())
