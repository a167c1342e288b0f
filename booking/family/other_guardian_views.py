"""The page of the other guardian: which pictures, to which words, and yes, no, or taking it back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.messages import AFTER_WITHDRAWAL, PURPOSES
from booking.doors import link_holder
from booking.errors import Refusal
from booking.family.other_guardian_operations import (
    other_is_a_stranger,
    other_says_no,
    other_says_yes,
    other_takes_back,
)
from booking.family.shared_forms import OtherGuardianForm
from booking.family.shared_queries import AskedOfOther, page_of_other
from booking.family.shared_rules import OtherAnswer, PicturesNotWaiting
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.work import reading, unit_of_work


@blueprint.get("/pictures/<token>")
@link_holder
def show_other_guardian(token: str) -> ResponseReturnValue:
    return _page(token, OtherGuardianForm(formdata=None))


@blueprint.post("/pictures/<token>/yes")
@link_holder
def other_guardian_yes(token: str) -> ResponseReturnValue:
    form = OtherGuardianForm()
    if not form.validate():
        return _page(token, form), 422
    try:
        _say_yes(token, form.to_answer(_language()))
    except PicturesNotWaiting as refusal:
        flash(say(refusal), "problem")
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(token, form), 422
    else:
        flash(gettext("Thank you! We have your answer."), "done")
    return redirect(url_for(".show_other_guardian", token=token), code=303)


@blueprint.post("/pictures/<token>/no")
@link_holder
def other_guardian_no(token: str) -> ResponseReturnValue:
    asked = OtherGuardianForm().to_asked()
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, secret=token)
        other_says_no(session, clock, other_guardian_id=link.subject_id, asked=asked)
    return _thanked()


@blueprint.post("/pictures/<token>/unknown")
@link_holder
def other_guardian_unknown(token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, secret=token)
        other_is_a_stranger(session, clock, other_guardian_id=link.subject_id)
    return _thanked()


@blueprint.post("/pictures/<token>/<int:consent_id>/withdraw")
@link_holder
def other_guardian_back(token: str, consent_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, secret=token)
        purpose = other_takes_back(session, clock, other_guardian_id=link.subject_id, consent_id=consent_id)
    flash(gettext(AFTER_WITHDRAWAL[purpose]), "done")
    return redirect(url_for(".show_other_guardian", token=token), code=303)


def _say_yes(token: str, answer: OtherAnswer) -> None:
    with unit_of_work() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, secret=token)
        other_says_yes(session, clock, other_guardian_id=link.subject_id, answer=answer)


def _thanked() -> ResponseReturnValue:
    flash(gettext("Thank you for telling us. We take no such pictures on your word."), "done")
    return redirect(url_for("whats_on.show_home"), code=303)


def _page(token: str, form: OtherGuardianForm) -> str:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.OTHER_GUARDIAN, secret=token)
        page = page_of_other(session, other_guardian_id=link.subject_id, now=clock(), language=_language())
    form.show(
        [(str(each.half.id), _label(each, is_of_several=len(page.children) > 1)) for each in page.asked],
        {each.half.purpose: each.wording.digest for each in page.asked},
    )
    return render_template("family/other_guardian.html", form=form, page=page, token=token, purposes=PURPOSES)


def _label(asked: AskedOfOther, *, is_of_several: bool) -> str:
    words = f"{asked.wording.words} ({asked.title}, {asked.library})"
    return f"{asked.child}: {words}" if is_of_several else words


def _language() -> Language:
    return Language(current_language())
