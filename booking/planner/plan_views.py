"""Which meeting of the project a follow-up meeting of its plan is: calendars then show that one, once."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.project_queries import project_meetings
from booking.activities.rules import MeetingState
from booking.clock import instant_at
from booking.doors import current_visitor, staff
from booking.errors import NotFound, Refusal
from booking.i18n import current_language, day_and_time
from booking.libraries.rules import best_text
from booking.plan.models import PlanItem
from booking.plan.operations import tie_meeting
from booking.plan.queries import facts_of, get_item, take_item
from booking.plan.rules import ItemKind, MeetingUnknown
from booking.plan.showing import title_of
from booking.plan.window_rules import window_of
from booking.planner.plan_forms import PlanMeetingForm
from booking.planner.views import blueprint
from booking.rights import Right
from booking.work import reading, unit_of_work

_A_DAY: Final = timedelta(days=1)


@blueprint.get("/staff/plan/<int:item_id>/meeting")
@staff(Right.MANAGE_PLAN)
def show_plan_meeting(item_id: int) -> ResponseReturnValue:
    with reading() as (session, _clock):
        item = get_item(session, item_id)
    return _page(PlanMeetingForm(formdata=None, meeting_uid=item.meeting_uid or ""), item_id)


@blueprint.post("/staff/plan/<int:item_id>/meeting")
@staff(Right.MANAGE_PLAN)
def tie_plan_meeting(item_id: int) -> ResponseReturnValue:
    form = PlanMeetingForm()
    if not form.validate():
        return _page(form, item_id), 422
    try:
        _tie(item_id, form.meeting_uid.data or None)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, item_id), 422
    flash(gettext("Saved."), "done")
    return redirect(url_for("plan.show_plan"), code=303)


def _tie(item_id: int, meeting_uid: str | None) -> None:
    with unit_of_work() as (session, clock):
        item = take_item(session, item_id)
        offered = {meeting.uid for meeting in _offered(session, item)} | {item.meeting_uid, None}
        if meeting_uid not in offered:
            raise MeetingUnknown
        who = current_visitor().account_id
        tie_meeting(session, clock, item=item, meeting_uid=meeting_uid, account_id=who)


def _offered(session: Session, item: PlanItem) -> Sequence[Meeting]:
    """Return the project's meetings within the item's window, from which one is chosen."""
    if item.kind is not ItemKind.FOLLOW_UP:
        raise NotFound
    window = window_of(facts_of(item))
    return project_meetings(
        session,
        starts=instant_at(window.first_on, time(0)),
        ends=instant_at(window.last_on + _A_DAY, time(0)),
    )


def _page(form: PlanMeetingForm, item_id: int) -> str:
    with reading() as (session, _clock):
        item = get_item(session, item_id)
        meetings = [(meeting.uid, _said(meeting)) for meeting in _offered(session, item)]
    if item.meeting_uid and item.meeting_uid not in dict(meetings):
        meetings.append((item.meeting_uid, gettext("The meeting that it is now, outside of the window")))
    options = [("", gettext("None: the days of the plan")), *meetings]
    title = title_of(facts_of(item), current_language())
    return render_template("planner/plan_meeting.html", form=form, item=item, title=title, options=options)


def _said(meeting: Meeting) -> str:
    activity = meeting.occasion.activity
    title = best_text(activity.texts, current_language()).title
    said = f"{day_and_time(meeting.starts_at)} – {title}, {activity.library.name}"
    is_off = meeting.state is MeetingState.CALLED_OFF
    return gettext("%(meeting)s (called off)", meeting=said) if is_off else said
