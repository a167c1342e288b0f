"""Writing down who just came, where there is room for them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.door import check_takes_ticks
from booking.attendance.leave_operations import ask_for_leave, note_leave
from booking.attendance.operations import mark
from booking.attendance.queries import Register, closing_in_force, is_called_off, register_at
from booking.attendance.room import room_in
from booking.attendance.rules import Standing, Telling
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_queries import came_before, find_added, take_turn_at_door
from booking.attendance.walk_in_rules import (
    AgainRequest,
    Asking,
    NoRoom,
    SameNameThere,
    WalkInLeave,
    WalkInRequest,
    is_had_now,
    places_left,
)
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.errors import NotFound
from booking.people.models import Participant
from booking.people.operations import add_family_at_door, add_participants
from booking.people.rules import NOT_TOLD, Newcomer, check_newcomer, same_name
from booking.signups.born import read_born


@dataclass(frozen=True, kw_only=True)
class AtTheDoor:
    """Who writes somebody down, on which phone."""

    account_id: int
    device: str


@dataclass(frozen=True, kw_only=True)
class Added:
    """Who stands in the register now, and the secret by which a guardian is asked, if one is."""

    walk_in: WalkIn
    secret: str | None


def add_walk_in(
    session: Session, clock: Clock, *, meeting: Meeting, request: WalkInRequest, by: AtTheDoor
) -> Added:
    """Write somebody down who just came, and tick them; the same form again is the same one.

    Refuses what a tick refuses, what a name and a year may not be, SameNameThere, NoRoom, and what
    `note_leave` and `ask_for_leave` refuse.
    """
    take_turn_at_door(session, meeting.id)
    known = find_added(session, request.ask_key)
    if known is not None:
        return _again(known, meeting)
    newcomer = _newcomer(clock, request)
    register = _open_register(session, clock, meeting)
    if not request.is_another:
        _check_not_there(register, newcomer)
    is_beyond = _is_beyond(clock, register, allowed=request.is_beyond)
    family = add_family_at_door(
        session,
        clock,
        contact_name=request.guardian_name,
        phone=request.phone,
        language=request.language,
    )
    child = add_participants(session, clock, family=family, newcomers=[newcomer])[0]
    walk_in = _write_down(session, clock, meeting, child, ask_key=request.ask_key, by=by, is_beyond=is_beyond)
    if is_had_now(request.asking):
        note_leave(
            session, clock, walk_in=walk_in, meeting=meeting, request=request, account_id=by.account_id
        )
        return Added(walk_in=walk_in, secret=None)
    return Added(walk_in=walk_in, secret=ask_for_leave(session, clock, walk_in=walk_in, email=request.email))


def add_again(
    session: Session, clock: Clock, *, meeting: Meeting, request: AgainRequest, by: AtTheDoor
) -> WalkIn:
    """Write down, and tick, somebody who just came to an earlier meeting of the occasion with leave.

    Refuses what a tick refuses, and NoRoom; NotFound for everybody else.
    """
    take_turn_at_door(session, meeting.id)
    known = find_added(session, request.ask_key)
    if known is not None:
        return _again(known, meeting).walk_in
    register = _open_register(session, clock, meeting)
    children = {child.id: child for child in came_before(session, meeting)}
    if request.participant_id not in children:
        raise NotFound
    beyond = _is_beyond(clock, register, allowed=request.is_beyond)
    child = children[request.participant_id]
    walk_in = _write_down(session, clock, meeting, child, ask_key=request.ask_key, by=by, is_beyond=beyond)
    walk_in.leave = WalkInLeave.GIVEN
    session.flush()
    return walk_in


def _again(known: WalkIn, meeting: Meeting) -> Added:
    if known.meeting_id != meeting.id:
        raise NotFound
    return Added(walk_in=known, secret=None)


def _newcomer(clock: Clock, request: WalkInRequest) -> Newcomer:
    today = local_date(clock())
    born = read_born(request.born, today=today)
    told = Newcomer(
        first_name=request.first_name,
        last_name=None,
        birth_year=born.year,
        is_by_grade=born.is_by_grade,
        municipality_code=NOT_TOLD,
        is_own_contact=request.asking is Asking.ALONE,
    )
    return check_newcomer(told, today=today)


def _open_register(session: Session, clock: Clock, meeting: Meeting) -> Register:
    check_takes_ticks(
        now=clock(),
        starts_at=meeting.starts_at,
        is_called_off=is_called_off(meeting),
        is_closed=closing_in_force(session, meeting.id) is not None,
    )
    return register_at(session, meeting=meeting, now=clock())


def _check_not_there(register: Register, newcomer: Newcomer) -> None:
    for attendee in register.attendees:
        there = attendee.participant
        if there.birth_year == newcomer.birth_year and same_name(there.first_name, newcomer.first_name):
            raise SameNameThere(name=newcomer.first_name)


def _is_beyond(clock: Clock, register: Register, *, allowed: bool) -> bool:
    room = room_in(register)
    left = places_left(room, has_begun=clock() >= register.meeting.starts_at)
    if left is None or left > 0:
        return False
    if not allowed:
        raise NoRoom(places=room.places, expected=room.expected, walked_in=room.walked_in)
    return True


def _write_down(
    session: Session,
    clock: Clock,
    meeting: Meeting,
    child: Participant,
    *,
    ask_key: str,
    by: AtTheDoor,
    is_beyond: bool,
) -> WalkIn:
    walk_in = WalkIn(
        meeting=meeting,
        participant=child,
        ask_key=ask_key,
        leave=WalkInLeave.AWAITED,
        is_beyond=is_beyond,
        account_id=by.account_id,
        added_at=clock(),
        changed_at=clock(),
    )
    session.add(walk_in)
    session.flush()
    # Whoever is written down stands at the door. One who is typed in afterwards stood there in time.
    telling = Telling(
        event_id=ask_key,
        told_at=min(clock(), meeting.ends_at),
        device=by.device,
        account_id=by.account_id,
    )
    mark(session, clock, meeting=meeting, participant_id=child.id, standing=Standing.CAME, telling=telling)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="walk_in_added",
        subject="participant",
        subject_id=child.id,
        account_id=by.account_id,
        library_id=meeting.occasion.activity.library_id,
        facts={"meeting_id": meeting.id, "beyond_places": is_beyond},
    )
    return walk_in
