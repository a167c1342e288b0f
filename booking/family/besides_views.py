"""The page on which a family says, after the sign-up, which pictures are all right and what a child needs."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.queries import current_wordings
from booking.consent.rules import Way
from booking.consent.seal import seal_of
from booking.doors import link_holder
from booking.errors import NotFound, Refusal
from booking.family.besides_forms import BesidesForm
from booking.family.besides_operations import say_besides
from booking.family.besides_queries import besides_of
from booking.family.choice_wording import boxes_besides
from booking.family.signup_passes import GUARDIANS, OWN_PAGE, page_by, signup_by
from booking.family.views import blueprint
from booking.i18n import current_language
from booking.libraries.rules import Language, best_text
from booking.limits import limiter
from booking.pages import settings_in_use
from booking.work import reading, unit_of_work

# Each is a letter to somebody.
_OFTEN = "20/hour"


@blueprint.get("/<any(signups, confirm):kind>/<token>/besides")
@link_holder
def show_besides(kind: str, token: str) -> ResponseReturnValue:
    return _page(BesidesForm(formdata=None), kind, token)


@blueprint.post("/<any(signups, confirm):kind>/<token>/besides")
@link_holder
@limiter.limit(_OFTEN)
def say_more(kind: str, token: str) -> ResponseReturnValue:
    return _said(BesidesForm(), kind, token)


@blueprint.get("/my/signups/<int:signup_id>/besides")
@link_holder
def show_own_besides(signup_id: int) -> ResponseReturnValue:
    return _page(BesidesForm(formdata=None), OWN_PAGE, str(signup_id))


@blueprint.post("/my/signups/<int:signup_id>/besides")
@link_holder
@limiter.limit(_OFTEN)
def say_own_more(signup_id: int) -> ResponseReturnValue:
    return _said(BesidesForm(), OWN_PAGE, str(signup_id))


def _said(form: BesidesForm, kind: str, token: str) -> ResponseReturnValue:
    if not form.validate():
        return _page(form, kind, token), 422
    way = Way.FAMILY_PAGE if kind == OWN_PAGE else Way.LINK
    try:
        with unit_of_work() as (session, clock):
            all_counts = say_besides(
                session,
                clock,
                signup_id=signup_by(session, clock, kind, token).id,
                by_guardian=kind == GUARDIANS,
                said=form.to_said(_language(), way),
                seal=seal_of(settings_in_use()),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, kind, token), 422
    if all_counts:
        flash(gettext("Thank you. We have noted it."), "done")
    else:
        flash(gettext("Noted. Nobody takes pictures without the child’s own yes."), "done")
    return redirect(page_by(kind, token), code=303)


def _page(form: BesidesForm, kind: str, token: str) -> str:
    with reading() as (session, clock):
        signup = signup_by(session, clock, kind, token)
        left = besides_of(session, signup, by_guardian=kind == GUARDIANS, now=clock())
        wordings = current_wordings(session, language=_language())
    form.show(boxes_besides(left, wordings), needs_are_known=left.needs_are_known)
    return render_template(
        "family/besides.html",
        form=form,
        left=left,
        signup=signup,
        title=best_text(signup.occasion.activity.texts, _language()).title,
        wordings=wordings,
        answer_url=_answer(kind, token),
        back_url=page_by(kind, token),
    )


def _answer(kind: str, token: str) -> str:
    if kind == OWN_PAGE:
        return url_for("family.say_own_more", signup_id=int(token))
    return url_for("family.say_more", kind=kind, token=token)


def _language() -> Language:
    return Language(current_language())
