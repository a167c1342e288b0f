"""The page that tells of which meetings a register is missing."""

from flask import render_template
from flask.typing import ResponseReturnValue

from booking.attendance.overdue_queries import meetings_over
from booking.attendance.views import blueprint
from booking.attendance.walk_in_messages import STATES
from booking.attendance.wording import title_of
from booking.doors import current_visitor, staff
from booking.rights import Right
from booking.work import reading


@blueprint.get("/staff/registers")
@staff(Right.CLOSE_MEETING)
def show_registers() -> ResponseReturnValue:
    with reading() as (session, clock):
        libraries = current_visitor().libraries(Right.CLOSE_MEETING)
        over = meetings_over(session, library_ids=libraries, now=clock())
    return render_template("attendance/registers.html", over=over, title_of=title_of, states=STATES)
