"""The forms by which children and youth are signed up, and the page after them."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.queries import age_rule_at
from booking.consent.seal import seal_of
from booking.doors import public
from booking.errors import Refusal
from booking.family.choice_wording import choices_for_guardians, choices_for_youths, thanks_for
from booking.family.choices import Contact, KnownChild
from booking.family.code_forms import CodeForm
from booking.family.forms import SignupForm
from booking.family.passes import forget_answer, keep_answer, kept_answer
from booking.family.stay_passes import carries_pass, family_in_use
from booking.family.youth_forms import YouthForm
from booking.i18n import current_language
from booking.kept_forms import kept_form, new_form_key
from booking.libraries.rules import Language
from booking.limits import Often, count_alone, counted_work
from booking.links.codes import Tried, try_code
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.pages import settings_in_use, tell_of_somebody
from booking.people.reaching import address_of
from booking.signups.answers import Receipt, say_yes_by_code
from booking.signups.asking import Answer, Asker, PlaceRequest
from booking.signups.fullness import fullness_reader
from booking.signups.holding import holds_of
from booking.signups.messages import AVAILABILITIES, MOVERS, STANDINGS
from booking.signups.operations import request_places
from booking.signups.showing import Invitation, invitation_to
from booking.signups.taking import take_open_occasion
from booking.work import reading, unit_of_work

blueprint = Blueprint("family", __name__)

# A school class that signs up behind one address passes.
_OFTEN: Final = Often(most=100, seconds=600)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for where a sign-up stands, who moved it, and how full it is."""
    return {
        "standings": STANDINGS,
        "availabilities": AVAILABILITIES,
        "movers": MOVERS,
    }


@blueprint.get("/occasions/<int:occasion_id>/sign-up")
@public
@kept_form(fullness_reader)
def show_form(occasion_id: int) -> ResponseReturnValue:
    form = SignupForm(formdata=None, ask_key=new_form_key())
    _let_know(form)
    return _form_page(form, occasion_id)


@blueprint.post("/occasions/<int:occasion_id>/sign-up")
@public
def ask(occasion_id: int) -> ResponseReturnValue:
    form = SignupForm()
    _let_know(form)
    if form.is_asked_for_more or not form.validate():
        count_alone(_OFTEN)
        return _form_again(form, occasion_id)
    try:
        return _asked(occasion_id, form.to_request(_language()))
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(form, occasion_id), 422


@blueprint.get("/occasions/<int:occasion_id>/sign-up/myself")
@public
@kept_form(fullness_reader)
def show_youth_form(occasion_id: int) -> ResponseReturnValue:
    return _youth_page(YouthForm(formdata=None, ask_key=new_form_key()), occasion_id)


@blueprint.post("/occasions/<int:occasion_id>/sign-up/myself")
@public
def ask_as_youth(occasion_id: int) -> ResponseReturnValue:
    form = YouthForm()
    if not form.validate():
        count_alone(_OFTEN)
        return _youth_page(form, occasion_id), 422
    try:
        return _asked(occasion_id, form.to_request(_language()))
    except Refusal as refusal:
        form.refuse(refusal)
        return _youth_page(form, occasion_id), 422


@blueprint.get("/occasions/<int:occasion_id>/sign-up/asked")
@public
def show_asked(occasion_id: int) -> ResponseReturnValue:
    answer = kept_answer(occasion_id)
    if answer is None:
        return redirect(url_for(".show_form", occasion_id=occasion_id, invited=_invitation()))
    return _asked_page(CodeForm(formdata=None), occasion_id, answer)


@blueprint.post("/occasions/<int:occasion_id>/sign-up/code")
@public
def type_code(occasion_id: int) -> ResponseReturnValue:
    form, answer = CodeForm(), kept_answer(occasion_id)
    if answer is None:
        return redirect(url_for(".show_form", occasion_id=occasion_id, invited=_invitation()), code=303)
    if not form.validate():
        return _asked_page(form, occasion_id, answer), 422
    tried, receipt = _try(answer.handle, form.typed)
    if tried.subject_id is not None:
        return _after_code(receipt, occasion_id)
    form.refuse_code(tried.tries_left)
    return _asked_page(form, occasion_id, answer), 422


def _try(handle: str, typed: str) -> tuple[Tried, Receipt | None]:
    with unit_of_work() as (session, clock):
        tried = try_code(session, clock, purpose=Purpose.SIGN_UP_CODE, handle=handle, typed=typed)
        if tried.subject_id is None:
            return tried, None
        holds = holds_of(settings_in_use())
        return tried, say_yes_by_code(session, clock, signup_id=tried.subject_id, holds=holds)


def _asked(occasion_id: int, asked: PlaceRequest) -> ResponseReturnValue:
    holds, seal = holds_of(settings_in_use()), seal_of(settings_in_use())
    with counted_work(_OFTEN) as (session, clock):
        occasion = take_open_occasion(session, occasion_id, invited_to=_invited_to(session, clock))
        # A youth answers from an address of its own, whoever was at the family's page before.
        family = family_in_use(session, clock) if asked.asker is Asker.GUARDIAN else None
        answer = request_places(
            session, clock, occasion=occasion, request=asked, holds=holds, seal=seal, family=family
        )
    keep_answer(answer, occasion_id=occasion_id)
    flash(gettext("We have sent a letter to %(email)s.", email=asked.email), "done")
    return redirect(url_for(".show_asked", occasion_id=occasion_id, invited=_invitation()), code=303)


def _let_know(form: SignupForm) -> None:
    if not carries_pass():
        return
    with reading() as (session, clock):
        family = family_in_use(session, clock)
    if family is None:
        return
    tell_of_somebody()
    children = [
        KnownChild(
            first_name=child.first_name,
            born=str(child.birth_year),
            municipality_code=child.municipality_code,
        )
        for child in family.participants
        if not child.is_own_contact
    ]
    form.know(Contact(name=family.contact_name, email=address_of(family), phone=family.phone), children)


def _after_code(receipt: Receipt | None, occasion_id: int) -> ResponseReturnValue:
    if receipt is None:
        flash(gettext("This was answered before, or the time ran out. See our latest letter."), "problem")
        return redirect(url_for(".show_asked", occasion_id=occasion_id, invited=_invitation()), code=303)
    forget_answer()
    flash(thanks_for(receipt), "done")
    return redirect(url_for(".show_signup", token=receipt.secret), code=303)


def _form_again(form: SignupForm, occasion_id: int) -> ResponseReturnValue:
    if form.is_asked_for_more:
        form.add_child()
        return _form_page(form, occasion_id)
    return _form_page(form, occasion_id), 422


def _form_page(form: SignupForm, occasion_id: int) -> str:
    if form.is_submitted():
        tell_of_somebody()
    with reading() as (session, clock):
        page = _invitation_page(session, clock, occasion_id)
    form.show(choices_for_guardians(page))
    return render_template("family/form.html", form=form, page=page)


def _youth_page(form: YouthForm, occasion_id: int) -> str:
    if form.is_submitted():
        tell_of_somebody()
    with reading() as (session, clock):
        page = _invitation_page(session, clock, occasion_id)
        ages = age_rule_at(session, now=clock())
    form.show(choices_for_youths(page))
    alone_from = max(ages.alone_from, page.occasion.activity.guardian_until or 0)
    return render_template(
        "family/youth_form.html", form=form, page=page, ages=ages, guardian_until=alone_from
    )


def _asked_page(form: CodeForm, occasion_id: int, answer: Answer) -> str:
    tell_of_somebody()
    with reading() as (session, clock):
        page = _invitation_page(session, clock, occasion_id)
    return render_template("family/asked.html", form=form, answer=answer, page=page)


def _language() -> Language:
    return Language(current_language())


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
