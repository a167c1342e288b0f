"""An activity's page for those who got a link: invited ones, and a draft that is shown beforehand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.activities.queries import get_invited_activity, get_previewed_activity
from booking.activities.showing import shown
from booking.consent.queries import age_rule_at
from booking.doors import link_holder
from booking.i18n import current_language
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.signups.queries import places_of
from booking.whats_on.asked_wording import said_beforehand
from booking.whats_on.views import blueprint
from booking.work import reading


@blueprint.get("/invited/<token>")
@link_holder
def show_invited(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.INVITED, secret=token)
        activity = get_invited_activity(session, link.subject_id)
        with_places = {each.id for each in activity.occasions if each.capacity is not None}
        places = places_of(session, with_places)
        page = shown(activity, language=current_language(), now=clock(), places=places)
        beforehand = said_beforehand(page, age_rule_at(session, now=clock()))
    return render_template("whats_on/activity.html", page=page, beforehand=beforehand, invited=token)


@blueprint.get("/preview/<token>")
@link_holder
def show_preview(token: str) -> ResponseReturnValue:
    with reading() as (session, clock):
        link = follow_link(session, clock, purpose=Purpose.PREVIEW, secret=token)
        activity = get_previewed_activity(session, link.subject_id)
        page = shown(activity, language=current_language(), now=clock())
        beforehand = said_beforehand(page, age_rule_at(session, now=clock()))
    return render_template("whats_on/activity.html", page=page, beforehand=beforehand, is_preview=True)
