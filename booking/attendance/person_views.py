"""What lies behind a name in the register, one tap away and on record."""

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.activities.models import Meeting
from booking.attendance.guard import own_reach
from booking.attendance.person_operations import Behind, look_behind
from booking.attendance.queries import get_meeting_at_door
from booking.attendance.rows import name_to_call, short_name
from booking.attendance.views import blueprint
from booking.consent.messages import NEEDS
from booking.consent.needs_operations import Reader
from booking.consent.seal import seal_of
from booking.doors import current_visitor, staff
from booking.pages import settings_in_use
from booking.rights import Right
from booking.work import unit_of_work


@blueprint.get("/staff/meetings/<int:meeting_id>/people/<int:participant_id>")
@staff(Right.TAKE_ATTENDANCE)
def show_person(meeting_id: int, participant_id: int) -> ResponseReturnValue:
    reach, seal = own_reach(), seal_of(settings_in_use())
    reader = Reader(account_id=current_visitor().account_id, library_ids=reach.at_the_door | reach.always)
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=reach, now=clock())
        behind = look_behind(
            session, clock, meeting=meeting, participant_id=participant_id, reader=reader, seal=seal
        )
    return _page(meeting, behind)


def _page(meeting: Meeting, behind: Behind) -> str:
    person = behind.person
    name = short_name(
        first_name=person.first_name, last_name=person.last_name, is_shielded=person.is_shielded
    )
    return render_template(
        "attendance/person.html",
        meeting=meeting,
        behind=behind,
        name=name,
        contact=name_to_call(contact_name=person.family.contact_name, is_shielded=person.is_shielded),
        words=NEEDS,
    )
