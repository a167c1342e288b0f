"""The pages by which staff write down who just came."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from segno import make as make_qr
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.guard import own_reach
from booking.attendance.leave_operations import ask_for_leave, note_leave_now
from booking.attendance.operations import note_opening
from booking.attendance.passes import back_to_register, device_here
from booking.attendance.queries import get_meeting_at_door, register_at
from booking.attendance.room import room_in
from booking.attendance.rows import in_alphabet
from booking.attendance.views import blueprint
from booking.attendance.walk_in_forms import AgainForm, LinkForm, NowGivenForm, WalkInForm
from booking.attendance.walk_in_messages import ASKINGS, LEAVES
from booking.attendance.walk_in_operations import AtTheDoor, add_again, add_walk_in
from booking.attendance.walk_in_queries import came_before, get_walk_in
from booking.attendance.walk_in_rules import places_left
from booking.attendance.wording import title_of
from booking.clock import Clock
from booking.consent.queries import current_wording
from booking.consent.rules import WordingPurpose
from booking.doors import current_visitor, staff
from booking.errors import Refusal
from booking.i18n import current_language
from booking.libraries.rules import Language
from booking.pages import public_url
from booking.rights import Right
from booking.tokens import new_uid
from booking.work import unit_of_work

# The last secret that this phone was handed, so that it can show the picture once more.
_ASKED_HERE: Final = "asked_for_leave"
_ONE: Final = "/staff/meetings/<int:meeting_id>/walk-ins/<int:walk_in_id>"


@blueprint.get("/staff/meetings/<int:meeting_id>/walk-ins/new")
@staff(Right.TAKE_ATTENDANCE)
def show_walk_in_form(meeting_id: int) -> ResponseReturnValue:
    return _form_page(WalkInForm(formdata=None, ask_key=new_uid()), meeting_id)


@blueprint.post("/staff/meetings/<int:meeting_id>/walk-ins/new")
@staff(Right.TAKE_ATTENDANCE)
def write_walk_in_down(meeting_id: int) -> ResponseReturnValue:
    form = WalkInForm()
    if not form.validate():
        return _form_page(form, meeting_id), 422
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
            request = form.to_request(_language())
            added = add_walk_in(session, clock, meeting=meeting, request=request, by=_by())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(form, meeting_id), 422
    return _after(meeting_id, added.walk_in.id, added.secret, added.walk_in.participant_id)


@blueprint.post("/staff/meetings/<int:meeting_id>/walk-ins/again")
@staff(Right.TAKE_ATTENDANCE)
def write_walk_in_down_again(meeting_id: int) -> ResponseReturnValue:
    form = AgainForm()
    if not form.validate():
        return _form_page(WalkInForm(formdata=None, ask_key=new_uid()), meeting_id, form), 422
    person = form.to_participant_id()
    try:
        with unit_of_work() as (session, clock):
            meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
            add_again(session, clock, meeting=meeting, request=form.to_request(), by=_by())
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(WalkInForm(formdata=None, ask_key=new_uid()), meeting_id, form), 422
    return back_to_register(meeting_id, f"person-{person}")


@blueprint.get(_ONE)
@staff(Right.TAKE_ATTENDANCE)
def show_walk_in(meeting_id: int, walk_in_id: int) -> ResponseReturnValue:
    return _one_page(meeting_id, walk_in_id, LinkForm(formdata=None), NowGivenForm(formdata=None))


@blueprint.post(f"{_ONE}/link")
@staff(Right.TAKE_ATTENDANCE)
def ask_guardian(meeting_id: int, walk_in_id: int) -> ResponseReturnValue:
    form = LinkForm()
    if not form.validate():
        return _one_page(meeting_id, walk_in_id, form, NowGivenForm(formdata=None)), 422
    with unit_of_work() as (session, clock):
        get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        walk_in = get_walk_in(session, walk_in_id, meeting_id=meeting_id)
        secret = ask_for_leave(session, clock, walk_in=walk_in, email=form.to_email())
    if form.to_email():
        flash(gettext("The letter is on its way."), "done")
    return _after(meeting_id, walk_in_id, secret, walk_in.participant_id)


@blueprint.post(f"{_ONE}/leave")
@staff(Right.TAKE_ATTENDANCE)
def note_given(meeting_id: int, walk_in_id: int) -> ResponseReturnValue:
    form = NowGivenForm()
    if not form.validate():
        return _one_page(meeting_id, walk_in_id, LinkForm(formdata=None), form), 422
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        walk_in = get_walk_in(session, walk_in_id, meeting_id=meeting_id)
        said = form.to_said(_language())
        note_leave_now(
            session, clock, walk_in=walk_in, meeting=meeting, said=said, account_id=_by().account_id
        )
    flash(gettext("Noted. The child may take part."), "done")
    return back_to_register(meeting_id, f"person-{walk_in.participant_id}")


def _after(meeting_id: int, walk_in_id: int, secret: str | None, participant_id: int) -> ResponseReturnValue:
    if secret is None:
        return back_to_register(meeting_id, f"person-{participant_id}")
    cookie[_ASKED_HERE] = [walk_in_id, secret]
    return redirect(url_for(".show_walk_in", meeting_id=meeting_id, walk_in_id=walk_in_id), code=303)


def _form_page(form: WalkInForm, meeting_id: int, again: AgainForm | None = None) -> str:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        register = register_at(session, meeting=meeting, now=clock())
        left = places_left(room_in(register), has_begun=clock() >= meeting.starts_at)
        known = sorted(came_before(session, meeting), key=lambda each: in_alphabet(each.first_name))
        words = current_wording(session, purpose=WordingPurpose.PERMISSION, language=_language()).words
        _look(session, clock, meeting)
    form.asking.choices = [(asking.value, gettext(said)) for asking, said in ASKINGS.items()]
    return render_template(
        "attendance/walk_in_new.html",
        form=form,
        again=again,
        meeting=meeting,
        title=title_of(meeting),
        left=left,
        known=known,
        words=words,
        new_key=new_uid,
    )


def _one_page(meeting_id: int, walk_in_id: int, link: LinkForm, given: NowGivenForm) -> str:
    with unit_of_work() as (session, clock):
        meeting = get_meeting_at_door(session, meeting_id, reach=own_reach(), now=clock())
        walk_in = get_walk_in(session, walk_in_id, meeting_id=meeting_id)
        words = current_wording(session, purpose=WordingPurpose.PERMISSION, language=_language()).words
        _look(session, clock, meeting)
    return render_template(
        "attendance/walk_in.html",
        link=link,
        given=given,
        meeting=meeting,
        walk_in=walk_in,
        leave=LEAVES[walk_in.leave],
        address=_address_shown(walk_in_id),
        picture_of=picture_of,
        words=words,
        title=title_of(meeting),
    )


def picture_of(address: str) -> str:
    """Return the address as a picture to scan."""
    return str(make_qr(address, error="m", micro=False).svg_data_uri(scale=6, border=3, light="white"))


def _address_shown(walk_in_id: int) -> str | None:
    asked_for, secret = cookie.get(_ASKED_HERE) or (None, None)
    return public_url("attendance.show_leave_page", token=secret) if asked_for == walk_in_id else None


def _look(session: Session, clock: Clock, meeting: Meeting) -> None:
    note_opening(session, clock, meeting=meeting, account_id=current_visitor().account_id)


def _by() -> AtTheDoor:
    return AtTheDoor(account_id=current_visitor().account_id, device=device_here())


def _language() -> Language:
    return Language(current_language())
