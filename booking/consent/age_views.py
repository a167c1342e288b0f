"""The page that tells from which age somebody answers for themselves, and how that was decided."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.clock import local_date
from booking.consent.age_operations import begin_age_rule
from booking.consent.age_rules import OLDEST
from booking.consent.forms import AgesForm
from booking.consent.standing_queries import ages_of
from booking.consent.texts_queries import AgeRules, age_rules
from booking.consent.views import blueprint
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import long_date
from booking.rights import Right
from booking.staff.queries import names_of
from booking.work import reading, unit_of_work


@blueprint.get("/staff/age-rules")
@staff(Right.SEE_TEXTS)
def show_age_rules() -> ResponseReturnValue:
    return _ages_page(None)


@blueprint.post("/staff/age-rules")
@staff(Right.MANAGE_TEXTS)
def save_age_rule() -> ResponseReturnValue:
    form = AgesForm()
    if not form.validate():
        return _ages_page(form), 422
    try:
        day = _begin(form)
    except Refusal as refusal:
        form.refuse(refusal)
        return _ages_page(form), 422
    flash(gettext("The new rule holds from %(day)s.", day=day), "done")
    return redirect(url_for("consent.show_age_rules"), code=303)


def _begin(form: AgesForm) -> str:
    with unit_of_work() as (session, clock):
        rule = begin_age_rule(
            session,
            clock,
            ages=form.to_ages(),
            begins_on=form.to_day(),
            account_id=current_visitor().account_id,
        )
        return long_date(local_date(rule.begins_at))


def _ages_page(form: AgesForm | None) -> str:
    with reading() as (session, clock):
        rules = age_rules(session, now=clock())
        names = names_of(session, _account_ids(rules))
    if form is None:
        form = AgesForm(formdata=None)
        form.tell(ages_of(rules.in_force))
    may_change = current_visitor().may(Right.MANAGE_TEXTS)
    facts = {"rules": rules, "names": names, "oldest": OLDEST, "may_change": may_change}
    return render_template("consent/ages.html", form=form, **facts)


def _account_ids(rules: AgeRules) -> list[int]:
    every = [rules.in_force, *rules.coming, *rules.past]
    return sorted({rule.account_id for rule in every if rule.account_id})
