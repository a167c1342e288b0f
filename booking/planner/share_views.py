"""Links that a librarian gives out: to a draft, and to what is only for those who are invited."""

from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.queries import get_own_activity, take_own_activity
from booking.activities.rules import Visibility
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.doors import current_visitor, staff
from booking.links.operations import issue_link, revoke_links
from booking.links.rules import Purpose
from booking.pages import public_url
from booking.planner.views import blueprint, own_libraries
from booking.rights import Right
from booking.work import reading, unit_of_work

_PREVIEW_LASTS: Final = timedelta(days=14)
_INVITATION_LASTS: Final = timedelta(days=180)
_PAGES: Final = {Purpose.PREVIEW: "whats_on.show_preview", Purpose.INVITED: "whats_on.show_invited"}


@blueprint.get("/staff/activities/<int:activity_id>/links")
@staff(Right.PLAN_ACTIVITIES)
def show_links(activity_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        activity = get_own_activity(session, activity_id, library_ids=own_libraries())
    return render_template("planner/links.html", activity=activity, purpose=_purpose(activity))


@blueprint.post("/staff/activities/<int:activity_id>/links")
@staff(Right.PLAN_ACTIVITIES)
def make_link(activity_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        purpose = _purpose(activity)
        if purpose is None:
            return redirect(url_for(".show_links", activity_id=activity_id), code=303)
        lasts = _PREVIEW_LASTS if purpose is Purpose.PREVIEW else _INVITATION_LASTS
        secret = issue_link(session, clock, purpose=purpose, subject_id=activity_id, lasts=lasts)
        _note(session, clock, "activity_link_made", activity)
    address = public_url(_PAGES[purpose], token=secret)
    # Shown in this one answer, and kept nowhere: only its fingerprint is.
    return render_template("planner/links.html", activity=activity, purpose=purpose, address=address)


@blueprint.post("/staff/activities/<int:activity_id>/links/take-back")
@staff(Right.PLAN_ACTIVITIES)
def take_links_back(activity_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        activity = take_own_activity(session, activity_id, library_ids=own_libraries())
        for purpose in _PAGES:
            revoke_links(session, clock, purpose=purpose, subject_id=activity_id)
        _note(session, clock, "activity_links_taken_back", activity)
    flash(gettext("The links that were given out open nothing any more."), "done")
    return redirect(url_for(".show_links", activity_id=activity_id), code=303)


def _purpose(activity: Activity) -> Purpose | None:
    """Return what a link would be for: a look at a draft, or an invitation; nothing when all may see it."""
    if activity.published_at is None:
        return Purpose.PREVIEW
    return Purpose.INVITED if activity.visibility is Visibility.BY_LINK else None


def _note(session: Session, clock: Clock, action: str, activity: Activity) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="activity",
        subject_id=activity.id,
        account_id=current_visitor().account_id,
        library_id=activity.library_id,
    )
