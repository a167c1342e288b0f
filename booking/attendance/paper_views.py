"""The register on paper: to print, to type in afterwards, and the list for when everybody must get out."""

from typing import Final

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.attendance.booked import Group
from booking.attendance.door import DoorRefusal
from booking.attendance.guard import own_reach
from booking.attendance.house_queries import in_the_house
from booking.attendance.messages import BANDS, DOOR_MARKS
from booking.attendance.paper_forms import PaperForm
from booking.attendance.paper_operations import note_at_meeting, type_in
from booking.attendance.paper_wording import say_sheet, sheet_of
from booking.attendance.passes import back_to_register
from booking.attendance.queries import Register, get_meeting_at_door, register_at
from booking.attendance.rows import rows_of
from booking.attendance.views import blueprint
from booking.attendance.wording import title_of
from booking.doors import current_visitor, staff
from booking.rights import Right
from booking.tokens import new_uid
from booking.work import current_clock, unit_of_work

# On a sheet there is room for so many who just come.
_BLANK_ROWS: Final = 8
_IN_REGISTER: Final = (Group.EXPECTED, Group.WALK_IN, Group.WAITING, Group.GONE)


@blueprint.get("/staff/meetings/<int:meeting_id>/paper")
@staff(Right.TAKE_ATTENDANCE)
def show_paper(meeting_id: int) -> ResponseReturnValue:
    register = _looked_at(meeting_id, "register_printed")
    return render_template(
        "attendance/paper.html",
        meeting=register.meeting,
        title=title_of(register.meeting),
        groups=[rows_of(register, group) for group in (Group.EXPECTED, Group.WALK_IN)],
        bands=BANDS,
        mark_words=DOOR_MARKS,
        blank_rows=_BLANK_ROWS,
        printed_at=current_clock()(),
    )


@blueprint.get("/staff/meetings/<int:meeting_id>/in-the-house")
@staff(Right.TAKE_ATTENDANCE)
def show_in_the_house(meeting_id: int) -> ResponseReturnValue:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        present = in_the_house(session, meeting=meeting, now=clock())
        account_id = current_visitor().account_id
        for each in present:
            note_at_meeting(
                session, clock, meeting=each.meeting, action="in_the_house_seen", account_id=account_id
            )
        now = clock()
    return render_template(
        "attendance/in_the_house.html", meeting=meeting, house=sheet_of(present), bands=BANDS, now=now
    )


@blueprint.get("/staff/meetings/<int:meeting_id>/typed")
@staff(Right.TAKE_ATTENDANCE)
def show_typing(meeting_id: int) -> ResponseReturnValue:
    return _typing_page(None, meeting_id)


@blueprint.post("/staff/meetings/<int:meeting_id>/typed")
@staff(Right.TAKE_ATTENDANCE)
def take_typed(meeting_id: int) -> ResponseReturnValue:
    form = PaperForm()
    if not form.validate():
        return _typing_page(form, meeting_id), 422
    typed, account_id = form.to_typed(), current_visitor().account_id
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
            new = type_in(session, clock, meeting=meeting, typed=typed, account_id=account_id)
    except DoorRefusal as refusal:
        form.refuse(refusal)
        return _typing_page(form, meeting_id), 422
    flash(ngettext("Kept: %(num)s line from the paper.", "Kept: %(num)s lines from the paper.", new), "done")
    return back_to_register(meeting_id, "register")


def _looked_at(meeting_id: int, action: str) -> Register:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        register = register_at(session, meeting=meeting, now=clock())
        account_id = current_visitor().account_id
        note_at_meeting(session, clock, meeting=meeting, action=action, account_id=account_id)
    return register


def _typing_page(form: PaperForm | None, meeting_id: int) -> str:
    register = _looked_at(meeting_id, "register_seen")
    rows = [row for group in _IN_REGISTER for row in rows_of(register, group)]
    shown = form or _empty_sheet([row.participant_id for row in rows])
    say_sheet(shown)
    return render_template(
        "attendance/typed.html",
        form=shown,
        meeting=register.meeting,
        title=title_of(register.meeting),
        rows={str(row.participant_id): row for row in rows},
        headcount={band.value: count for band, count in register.headcount.items()},
        bands={band.value: words for band, words in BANDS.items()},
        is_closed=register.closing is not None,
    )


def _empty_sheet(participant_ids: list[int]) -> PaperForm:
    return PaperForm(
        formdata=None,
        lines=[{"participant_id": str(number), "event_id": new_uid()} for number in participant_ids],
        numbers=[{"band": band.value, "event_id": new_uid()} for band in BANDS],
    )
