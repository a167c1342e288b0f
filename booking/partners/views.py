"""The pages of the register of partners, which all libraries share."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.libraries.queries import all_libraries
from booking.partners.forms import PartnerForm
from booking.partners.messages import FIELD_NAMES, SECTOR_NAMES
from booking.partners.models import Partner
from booking.partners.operations import add_partner, bring_back, change_partner, retire_partner
from booking.partners.queries import facts_of, get_partner, list_partners
from booking.partners.rules import PartnerChangedMeanwhile, PartnerFacts, Sector
from booking.rights import Right
from booking.versions import differences
from booking.work import reading, unit_of_work

blueprint = Blueprint("partners", __name__)


@blueprint.get("/staff/partners")
@staff(Right.PLAN_ACTIVITIES)
def list_all() -> ResponseReturnValue:
    with reading() as (session, _clock):
        partners = list_partners(session, include_retired=True)
    return render_template(
        "partners/list.html",
        sectors=_by_sector([partner for partner in partners if partner.is_active]),
        retired=[partner for partner in partners if not partner.is_active],
        municipalities=_municipalities(),
    )


@blueprint.get("/staff/partners/new")
@staff(Right.PLAN_ACTIVITIES)
def show_new() -> ResponseReturnValue:
    return _new_page(PartnerForm(formdata=None))


@blueprint.post("/staff/partners")
@staff(Right.PLAN_ACTIVITIES)
def add() -> ResponseReturnValue:
    form = PartnerForm()
    if not form.validate():
        return _new_page(form), 422
    try:
        with unit_of_work() as (session, clock):
            who = current_visitor().account_id
            partner = add_partner(session, clock, facts=form.to_facts(), account_id=who)
    except Refusal as refusal:
        form.refuse(refusal)
        return _new_page(form), 422
    return _done(gettext("%(name)s is in the register.", name=partner.name))


@blueprint.get("/staff/partners/<int:partner_id>")
@staff(Right.PLAN_ACTIVITIES)
def show(partner_id: int) -> ResponseReturnValue:
    partner = _partner(partner_id)
    form = PartnerForm(formdata=None, version=partner.version)
    form.tell(facts_of(partner))
    return _page(form, partner)


@blueprint.post("/staff/partners/<int:partner_id>")
@staff(Right.PLAN_ACTIVITIES)
def change(partner_id: int) -> ResponseReturnValue:
    form, partner = PartnerForm(), _partner(partner_id)
    if not form.validate():
        return _page(form, partner), 422
    try:
        _save(form, partner_id)
    except PartnerChangedMeanwhile as refusal:
        form.refuse(refusal)
        return _both_versions(form, partner_id), 422
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, partner), 422
    return _done(gettext("Saved."))


@blueprint.post("/staff/partners/<int:partner_id>/put-away")
@staff(Right.PLAN_ACTIVITIES)
def put_away(partner_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        partner = get_partner(session, partner_id)
        retire_partner(session, clock, partner=partner, account_id=current_visitor().account_id)
    return _done(gettext("%(name)s is put away.", name=partner.name))


@blueprint.post("/staff/partners/<int:partner_id>/bring-back")
@staff(Right.PLAN_ACTIVITIES)
def take_back(partner_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        partner = get_partner(session, partner_id)
        bring_back(session, clock, partner=partner, account_id=current_visitor().account_id)
    return _done(gettext("%(name)s is back in the register.", name=partner.name))


def _partner(partner_id: int) -> Partner:
    with reading() as (session, _clock):
        return get_partner(session, partner_id)


def _save(form: PartnerForm, partner_id: int) -> None:
    with unit_of_work() as (session, clock):
        change_partner(
            session,
            clock,
            partner=get_partner(session, partner_id),
            facts=form.to_facts(),
            version=form.seen_version,
            account_id=current_visitor().account_id,
        )


def _municipalities() -> Mapping[str, str]:
    with reading() as (session, _clock):
        return {each.municipality_code: each.municipality_name for each in all_libraries(session)}


def _by_sector(partners: Sequence[Partner]) -> list[tuple[str, list[Partner]]]:
    groups = groupby(partners, key=lambda partner: partner.sector)
    return [(gettext(SECTOR_NAMES[sector]), list(those)) for sector, those in groups]


def _new_page(form: PartnerForm) -> str:
    return render_template("partners/new.html", form=form, **_choices(None))


def _page(form: PartnerForm, partner: Partner) -> str:
    return render_template(
        "partners/partner.html", form=form, partner=partner, others=[], **_choices(partner.municipality_code)
    )


def _both_versions(form: PartnerForm, partner_id: int) -> str:
    partner, names = _partner(partner_id), _municipalities()
    others = differences(_said(facts_of(partner), names), _said(form.to_facts(), names))
    # Whoever has seen both versions, and saves again, knows what goes.
    form.version.data = str(partner.version)
    return render_template(
        "partners/partner.html",
        form=form,
        partner=partner,
        others=others,
        **_choices(form.municipality_code.data),
    )


def _choices(municipality_code: str | None) -> dict[str, list[tuple[str, str]]]:
    known = dict(_municipalities())
    if municipality_code:
        # A municipality that has no library here is still where the partner is.
        known.setdefault(municipality_code, municipality_code)
    return {
        "sectors": [("", "–"), *((sector.value, gettext(SECTOR_NAMES[sector])) for sector in Sector)],
        "municipalities": [("", gettext("Several, or none of these")), *known.items()],
    }


def _said(facts: PartnerFacts, municipalities: Mapping[str, str]) -> dict[str, str]:
    code = facts.municipality_code or ""
    said = {
        "name": facts.name,
        "sector": gettext(SECTOR_NAMES[facts.sector]),
        "municipality_code": municipalities.get(code, code),
        "organisation_number": facts.organisation_number or "",
        "website": facts.website or "",
    }
    return {gettext(FIELD_NAMES[name]): words for name, words in said.items()}


def _done(words: str) -> ResponseReturnValue:
    flash(words, "done")
    return redirect(url_for("partners.list_all"), code=303)
