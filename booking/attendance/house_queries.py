"""Who is in the house right now: what a fire brigade asks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import meetings_between
from booking.attendance.booked import Group
from booking.attendance.door import OPENS_BEFORE
from booking.attendance.queries import Attendee, Register, is_called_off, register_at
from booking.attendance.rules import Standing


@dataclass(frozen=True, kw_only=True)
class InTheHouse:
    """The register of one meeting that goes on, who of it is here, and of whom nobody knows."""

    register: Register
    here: Sequence[Attendee]
    not_known: Sequence[Attendee]


def in_the_house(session: Session, *, meeting: Meeting, now: datetime) -> Sequence[InTheHouse]:
    """Return the meeting, and every other one that goes on at the library at this instant."""
    library_id = meeting.occasion.activity.library_id
    others = _going_on(session, library_ids={library_id}, now=now)
    meetings = [meeting, *(other for other in others if other.id != meeting.id)]
    return [_seen(register_at(session, meeting=each, now=now)) for each in meetings]


def _going_on(session: Session, *, library_ids: Collection[int], now: datetime) -> Sequence[Meeting]:
    near = meetings_between(
        session, library_ids=library_ids, starts=now - 6 * OPENS_BEFORE, ends=now + OPENS_BEFORE
    )
    return [each for each in near if now < each.ends_at and not is_called_off(each)]


def _seen(register: Register) -> InTheHouse:
    return InTheHouse(
        register=register,
        here=[each for each in register.attendees if each.standing is Standing.CAME],
        not_known=[
            each
            for each in register.attendees
            if each.group is Group.EXPECTED and each.standing is Standing.NOT_KNOWN
        ],
    )
