"""The pages of pictures: where they are used, and which are to be taken down, as a yes has ended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.queries import get_own_occasion
from booking.clock import local_date
from booking.consent.messages import PURPOSES
from booking.consent.picture_operations import note_taken_down
from booking.consent.standing import PHOTOS
from booking.consent.use_operations import drop_use, note_use
from booking.consent.use_queries import uses_of
from booking.desk.messages import TAKEN_DOWN_FOR, TAKING_DOWN
from booking.desk.operations import note_pictures_seen
from booking.desk.picture_queries import pictures_to_go
from booking.desk.use_forms import UseForm
from booking.desk.views import blueprint
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.rules import Language, best_text
from booking.rights import Right
from booking.work import current_clock, reading, unit_of_work


@blueprint.get("/staff/pictures")
@staff(Right.SEE_SIGNUPS)
def list_pictures() -> ResponseReturnValue:
    own = _own()
    with unit_of_work() as (session, clock):
        to_do, done = pictures_to_go(session, library_ids=own, language=_language())
        named = {each.task.library_id for each in to_do if each.child}
        note_pictures_seen(session, clock, account_id=current_visitor().account_id, library_ids=named)
    return render_template(
        "desk/pictures.html", to_do=to_do, done=done, what_to_do=TAKING_DOWN, reasons=TAKEN_DOWN_FOR
    )


@blueprint.post("/staff/pictures/<int:task_id>/done")
@staff(Right.SEE_SIGNUPS)
def pictures_are_down(task_id: int) -> ResponseReturnValue:
    account_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        note_taken_down(session, clock, task_id=task_id, library_ids=_own(), account_id=account_id)
    flash(gettext("Thank you. The family sees on its page that it is done."), "done")
    return redirect(url_for(".list_pictures"), code=303)


@blueprint.get("/staff/occasions/<int:occasion_id>/pictures")
@staff(Right.SEE_SIGNUPS)
def list_uses(occasion_id: int) -> ResponseReturnValue:
    return _uses_page(UseForm(formdata=None, used_on=local_date(current_clock()())), occasion_id)


@blueprint.post("/staff/occasions/<int:occasion_id>/pictures")
@staff(Right.SEE_SIGNUPS)
def add_use(occasion_id: int) -> ResponseReturnValue:
    form = UseForm()
    if not form.validate():
        return _uses_page(form, occasion_id), 422
    try:
        _note(form, occasion_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _uses_page(form, occasion_id), 422
    flash(gettext("Noted. When a yes ends, it is shown with what is to be taken down."), "done")
    return redirect(url_for(".list_uses", occasion_id=occasion_id), code=303)


@blueprint.post("/staff/pictures/uses/<int:use_id>/drop")
@staff(Right.SEE_SIGNUPS)
def take_use_off(use_id: int) -> ResponseReturnValue:
    account_id = current_visitor().account_id
    with unit_of_work() as (session, clock):
        occasion_id = drop_use(session, clock, use_id=use_id, library_ids=_own(), account_id=account_id)
    return redirect(url_for(".list_uses", occasion_id=occasion_id), code=303)


def _note(form: UseForm, occasion_id: int) -> None:
    with unit_of_work() as (session, clock):
        note_use(
            session,
            clock,
            occasion=get_own_occasion(session, occasion_id, library_ids=_own()),
            purpose=form.told_purpose,
            place=form.told_place,
            used_on=form.told_day,
            account_id=current_visitor().account_id,
        )


def _uses_page(form: UseForm, occasion_id: int) -> str:
    with reading() as (session, _clock):
        occasion = get_own_occasion(session, occasion_id, library_ids=_own())
        uses = uses_of(session, occasion_id=occasion_id)
    form.purpose.choices = [(purpose.value, gettext(PURPOSES[purpose])) for purpose in PHOTOS]
    title = best_text(occasion.activity.texts, _language()).title
    return render_template("desk/uses.html", form=form, occasion=occasion, title=title, uses=uses)


def _own() -> frozenset[int]:
    return current_visitor().libraries(Right.SEE_SIGNUPS)


def _language() -> Language:
    return Language(current_language())
