"""Searching a register by last name: the phone asks, and is told which of its rows it is."""

from flask.typing import ResponseReturnValue

from booking.attendance.find_operations import find_by_name
from booking.attendance.forms import FindForm
from booking.attendance.guard import own_reach
from booking.attendance.queries import get_meeting_at_door
from booking.attendance.views import blueprint
from booking.doors import current_visitor, staff
from booking.rights import Right
from booking.work import unit_of_work


@blueprint.post("/staff/meetings/<int:meeting_id>/find")
@staff(Right.TAKE_ATTENDANCE)
def find(meeting_id: int) -> ResponseReturnValue:
    form = FindForm()
    text = form.to_text() if form.validate() else ""
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        account_id = current_visitor().account_id
        found = find_by_name(session, clock, meeting=meeting, text=text, account_id=account_id)
    return {"people": list(found)}
