"""The pages of the project's plan: all who work with it look, and the coordinator changes it."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.clock import local_date
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.plan.forms import ItemForm
from booking.plan.messages import KIND_NAMES, say_stand
from booking.plan.models import PlanItem
from booking.plan.operations import add_item, call_off_item, change_item, put_item_back_on
from booking.plan.queries import facts_of, get_item, list_items, take_item
from booking.plan.rules import USUAL_TOLERANCE, PlanChangedMeanwhile
from booking.plan.showing import shown_plan, title_of
from booking.plan.version_wording import said_facts
from booking.rights import Right
from booking.versions import Difference, differences, seen_as
from booking.work import reading, unit_of_work

blueprint = Blueprint("plan", __name__)


@blueprint.context_processor
def words_at_hand() -> dict[str, object]:
    """Give the pages of this room the words for what an item is and where it stands."""
    return {"kind_names": KIND_NAMES, "say_stand": say_stand}


@blueprint.get("/staff/plan")
@staff(Right.SEE_PLAN)
def show_plan() -> ResponseReturnValue:
    with reading() as (session, clock):
        plan = shown_plan(list_items(session), language=current_language(), today=local_date(clock()))
    return render_template("plan/plan.html", plan=plan, may_change=current_visitor().may(Right.MANAGE_PLAN))


@blueprint.get("/staff/plan/new")
@staff(Right.MANAGE_PLAN)
def show_new() -> ResponseReturnValue:
    return _new_page(ItemForm(formdata=None, tolerance_months=USUAL_TOLERANCE))


@blueprint.post("/staff/plan")
@staff(Right.MANAGE_PLAN)
def add() -> ResponseReturnValue:
    form = ItemForm()
    if not form.validate():
        return _new_page(form), 422
    try:
        _add(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _new_page(form), 422
    return _done(gettext("It stands in the plan."))


@blueprint.get("/staff/plan/<int:item_id>")
@staff(Right.MANAGE_PLAN)
def show_item(item_id: int) -> ResponseReturnValue:
    item = _item(item_id)
    form = ItemForm(formdata=None, seen=seen_as(facts_of(item)))
    form.tell(facts_of(item))
    return _page(form, item)


@blueprint.post("/staff/plan/<int:item_id>")
@staff(Right.MANAGE_PLAN)
def change(item_id: int) -> ResponseReturnValue:
    form, item = ItemForm(), _item(item_id)
    if not form.validate():
        return _page(form, item), 422
    try:
        _save(form, item_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, _item(item_id), refusal), 422
    return _done(gettext("Saved."))


@blueprint.post("/staff/plan/<int:item_id>/call-off")
@staff(Right.MANAGE_PLAN)
def call_off(item_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        who = current_visitor().account_id
        call_off_item(session, clock, item=take_item(session, item_id), account_id=who)
    return _done(gettext("It is called off, and crossed out in calendars."))


@blueprint.post("/staff/plan/<int:item_id>/put-back-on")
@staff(Right.MANAGE_PLAN)
def put_back_on(item_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        who = current_visitor().account_id
        put_item_back_on(session, clock, item=take_item(session, item_id), account_id=who)
    return _done(gettext("It stands in the plan."))


def _item(item_id: int) -> PlanItem:
    with reading() as (session, _clock):
        return get_item(session, item_id)


def _add(form: ItemForm) -> None:
    with unit_of_work() as (session, clock):
        add_item(session, clock, facts=form.to_facts(), account_id=current_visitor().account_id)


def _save(form: ItemForm, item_id: int) -> None:
    with unit_of_work() as (session, clock):
        change_item(
            session,
            clock,
            item=take_item(session, item_id),
            facts=form.to_facts(),
            seen=form.seen.data or "",
            account_id=current_visitor().account_id,
        )


def _new_page(form: ItemForm) -> str:
    return render_template("plan/new.html", form=form, **_choices())


def _page(form: ItemForm, item: PlanItem, refusal: Refusal | None = None) -> str:
    others: list[Difference] = []
    choices = _choices(besides=item)
    if isinstance(refusal, PlanChangedMeanwhile):
        names = dict(choices["before"])
        others = differences(said_facts(facts_of(item), names), said_facts(form.to_facts(), names))
        # Whoever has seen both versions, and saves again, knows what goes.
        form.seen.data = seen_as(facts_of(item))
    title = title_of(facts_of(item), current_language())
    return render_template("plan/item.html", form=form, item=item, title=title, others=others, **choices)


def _choices(besides: PlanItem | None = None) -> dict[str, Sequence[tuple[str, str]]]:
    with reading() as (session, _clock):
        items = [each for each in list_items(session) if besides is None or each.id != besides.id]
    before = [(str(each.id), f"{each.number}. {_title(each)}") for each in items]
    return {
        "kinds": [(kind.value, gettext(words)) for kind, words in KIND_NAMES.items()],
        "before": [("", gettext("None of them")), *before],
    }


def _title(item: PlanItem) -> str:
    return title_of(facts_of(item), current_language()).text


def _done(words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("plan.show_plan"), code=303)
