"""Which organisations have a part in an activity."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from booking.activities.partner_operations import add_partner, drop_partner
from booking.activities.queries import get_own_activity, take_own_activity
from booking.doors import current_visitor, staff
from booking.partners.messages import ROLE_NAMES
from booking.partners.queries import get_partner, list_partners
from booking.planner.partner_forms import PartnershipForm
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.work import reading, unit_of_work


@blueprint.get("/staff/activities/<int:activity_id>/partners")
@staff(Right.PLAN_ACTIVITIES)
def show_partners(activity_id: int) -> ResponseReturnValue:
    return _page(PartnershipForm(formdata=None), activity_id)


@blueprint.post("/staff/activities/<int:activity_id>/partners")
@staff(Right.PLAN_ACTIVITIES)
def tie_partner(activity_id: int) -> ResponseReturnValue:
    form = PartnershipForm()
    if not form.validate():
        return _page(form, activity_id), 422
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        partner = get_partner(session, form.partner_id.data or 0)
        who, role = current_visitor().account_id, form.to_role()
        add_partner(session, clock, activity=activity, partner_id=partner.id, role=role, account_id=who)
    flash(gettext("Saved."), "done")
    return redirect(url_for(".show_partners", activity_id=activity_id), code=303)


@blueprint.post("/staff/activities/<int:activity_id>/partners/drop")
@staff(Right.PLAN_ACTIVITIES)
def untie_partner(activity_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        partner_id = request.form.get("partner_id", type=int)
        who = current_visitor().account_id
        drop_partner(session, clock, activity=activity, partner_id=partner_id or 0, account_id=who)
    flash(gettext("Saved."), "done")
    return redirect(url_for(".show_partners", activity_id=activity_id), code=303)


def _page(form: PartnershipForm, activity_id: int) -> str:
    with reading() as (session, _clock):
        activity = get_own_activity(session, activity_id, library_ids=own_libraries())
        partners = [(str(each.id), each.name) for each in list_partners(session)]
    roles = [(value, gettext(words)) for value, words in ROLE_NAMES.items()]
    return render_template(
        "planner/partners.html",
        form=form,
        activity=activity,
        partners=partners,
        roles=roles,
        roles_by=dict(roles),
    )
