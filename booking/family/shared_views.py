"""The page on which a guardian says who else must say yes to open pictures."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.consent.messages import PURPOSES
from booking.doors import link_holder
from booking.errors import Refusal
from booking.family.shared_forms import ALONE, SHARED, SharedForm
from booking.family.shared_operations import answer_about_pictures, take_question_back
from booking.family.shared_queries import Told, question_about
from booking.family.shared_rules import (
    MOST_LETTERS,
    MOST_TO_ONE_ADDRESS,
    OtherAskedTooOften,
    PicturesNotWaiting,
)
from booking.family.signup_passes import GUARDIANS, OWN_PAGE, page_by, signup_by
from booking.family.views import blueprint
from booking.i18n import current_language, say
from booking.libraries.rules import Language, best_text
from booking.limits import is_within
from booking.work import reading, unit_of_work

_VIEWS = {
    "show": "family.show_pictures",
    "answer": "family.answer_pictures",
    "take": "family.take_pictures_back",
}
_OWN_VIEWS = {
    "show": "family.show_own_pictures",
    "answer": "family.answer_own_pictures",
    "take": "family.take_own_pictures_back",
}


@blueprint.get("/<any(signups, confirm):kind>/<token>/pictures")
@link_holder
def show_pictures(kind: str, token: str) -> ResponseReturnValue:
    return _page(SharedForm(formdata=None), kind, token)


@blueprint.post("/<any(signups, confirm):kind>/<token>/pictures")
@link_holder
def answer_pictures(kind: str, token: str) -> ResponseReturnValue:
    return _answered(SharedForm(), kind, token)


@blueprint.post("/<any(signups, confirm):kind>/<token>/pictures/take-back")
@link_holder
def take_pictures_back(kind: str, token: str) -> ResponseReturnValue:
    return _taken_back(kind, token)


@blueprint.get("/my/signups/<int:signup_id>/pictures")
@link_holder
def show_own_pictures(signup_id: int) -> ResponseReturnValue:
    return _page(SharedForm(formdata=None), OWN_PAGE, str(signup_id))


@blueprint.post("/my/signups/<int:signup_id>/pictures")
@link_holder
def answer_own_pictures(signup_id: int) -> ResponseReturnValue:
    return _answered(SharedForm(), OWN_PAGE, str(signup_id))


@blueprint.post("/my/signups/<int:signup_id>/pictures/take-back")
@link_holder
def take_own_pictures_back(signup_id: int) -> ResponseReturnValue:
    return _taken_back(OWN_PAGE, str(signup_id))


def _answered(form: SharedForm, kind: str, token: str) -> ResponseReturnValue:
    if not form.validate():
        return _page(form, kind, token), 422
    email = form.to_address()
    try:
        if email is not None and not is_within(MOST_TO_ONE_ADDRESS, of="other guardian", by=email):
            raise OtherAskedTooOften
        with unit_of_work() as (session, clock):
            signup, by_guardian = signup_by(session, clock, kind, token), kind == GUARDIANS
            answer_about_pictures(
                session,
                clock,
                signup=signup,
                other_email=email,
                by_guardian=by_guardian,
                also=form.to_siblings() if kind == OWN_PAGE else (),
            )
    except PicturesNotWaiting as refusal:
        flash(say(refusal), "problem")
        return redirect(_here(kind, token, "show"), code=303)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, kind, token), 422
    flash(_thanks(is_alone=form.is_alone), "done")
    return redirect(_here(kind, token, "show"), code=303)


def _taken_back(kind: str, token: str) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        signup = signup_by(session, clock, kind, token)
        take_question_back(session, clock, signup=signup)
    flash(gettext("Taken back. Nobody takes such pictures of the child."), "done")
    return redirect(page_by(kind, token), code=303)


def _page(form: SharedForm, kind: str, token: str) -> str:
    with reading() as (session, clock):
        signup = signup_by(session, clock, kind, token)
        asked = question_about(session, signup, by_guardian=kind == GUARDIANS, with_siblings=kind == OWN_PAGE)
    form.offer(
        [
            (ALONE, gettext("I decide this alone for the child")),
            (SHARED, gettext("I share the responsibility with one other")),
        ],
        [(str(each.signup.id), _sibling(each)) for each in (asked.siblings if asked else ())],
    )
    return render_template(
        "family/pictures.html",
        form=form,
        asked=asked,
        signup=signup,
        title=best_text(signup.occasion.activity.texts, Language(current_language())).title,
        purposes=PURPOSES,
        is_own_page=kind == OWN_PAGE,
        may_write_again=asked is not None and max(half.letters for half in asked.halves) < MOST_LETTERS,
        urls={what: _here(kind, token, what) for what in ("answer", "take")},
        back_url=page_by(kind, token),
    )


def _sibling(told: Told) -> str:
    kinds = ", ".join(gettext(PURPOSES[half.purpose]) for half in told.halves)
    return f"{told.signup.participant.first_name} ({kinds})"


def _here(kind: str, token: str, what: str) -> str:
    if kind == OWN_PAGE:
        return url_for(_OWN_VIEWS[what], signup_id=int(token))
    return url_for(_VIEWS[what], kind=kind, token=token)


def _thanks(*, is_alone: bool) -> str:
    if is_alone:
        return str(gettext("Thank you. Your yes stands, and you can take it back whenever you like."))
    return str(gettext("Thank you. We have written to the other guardian."))
