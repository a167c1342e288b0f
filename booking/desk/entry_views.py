"""The page by which staff sign children up for somebody."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from booking.activities.queries import get_own_occasion
from booking.desk.entry_operations import add_at_desk
from booking.desk.forms import EntryForm
from booking.desk.messages import WAYS_OF_LEAVE
from booking.desk.views import blueprint
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.rules import Language, best_text
from booking.pages import settings_in_use
from booking.people.queries import municipalities
from booking.rights import Right
from booking.signups.holding import holds_of
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.wording import if_not_all_choices, municipality_choices
from booking.tokens import new_uid
from booking.work import reading, unit_of_work


@blueprint.get("/staff/occasions/<int:occasion_id>/sign-ups/new")
@staff(Right.SEE_SIGNUPS)
def show_entry(occasion_id: int) -> ResponseReturnValue:
    return _entry_page(EntryForm(formdata=None, ask_key=new_uid()), occasion_id)


@blueprint.post("/staff/occasions/<int:occasion_id>/sign-ups/new")
@staff(Right.SEE_SIGNUPS)
def add_entry(occasion_id: int) -> ResponseReturnValue:
    form = EntryForm()
    if form.is_asked_for_more:
        form.add_child()
        return _entry_page(form, occasion_id)
    if not form.validate():
        return _entry_page(form, occasion_id), 422
    try:
        signups = _add(occasion_id, form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _entry_page(form, occasion_id), 422
    return _added(signups, occasion_id, asked=len(form.children.entries))


def _add(occasion_id: int, form: EntryForm) -> Sequence[Signup]:
    with unit_of_work() as (session, clock):
        return add_at_desk(
            session,
            clock,
            occasion_id=occasion_id,
            library_ids=_own(),
            account_id=current_visitor().account_id,
            request=form.to_request(_language()),
            holds=holds_of(settings_in_use()),
        )


def _added(signups: Sequence[Signup], occasion_id: int, *, asked: int) -> ResponseReturnValue:
    flash(gettext("Signed up. A letter with the way to the sign-up is on its way."), "done")
    if waiting := sum(signup.state is SignupState.QUEUED for signup in signups):
        words = ngettext(
            "One child waits, as no place is free.", "%(num)d children wait, as no place is free.", waiting
        )
        flash(words, "problem")
    if left_out := asked - len(signups):
        words = ngettext(
            "One child was left out, as no place is free and there is no waiting list.",
            "%(num)d children were left out, as no place is free and there is no waiting list.",
            left_out,
        )
        flash(words, "problem")
    if len(signups) > 1:
        return redirect(url_for(".list_signups", occasion_id=occasion_id), code=303)
    return redirect(url_for(".show_details", occasion_id=occasion_id, signup_id=signups[0].id), code=303)


def _entry_page(form: EntryForm, occasion_id: int) -> str:
    with reading() as (session, _clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        region = municipalities(session)
    form.show(
        municipalities=municipality_choices(region),
        at_home=occasion.activity.library.municipality_code,
        ways=[(way.value, gettext(words)) for way, words in WAYS_OF_LEAVE.items()],
        if_not_all=if_not_all_choices(has_queue=occasion.has_queue),
    )
    text = best_text(occasion.activity.texts, _language())
    return render_template("desk/entry.html", form=form, occasion=occasion, text=text)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.SEE_SIGNUPS)


def _language() -> Language:
    return Language(current_language())
