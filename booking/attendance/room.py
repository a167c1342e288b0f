"""Whether there is room in the house for one more: who is expected, and who has just come."""

from booking.attendance.attendees import Attendee
from booking.attendance.booked import Group
from booking.attendance.queries import Register
from booking.attendance.rules import Standing
from booking.attendance.walk_in_rules import Room
from booking.participation.rules import HeadcountBand


def room_in(register: Register) -> Room:
    """Return how many places there are, and who takes them."""
    expected = sum(_keeps_a_place(attendee) for attendee in register.attendees)
    named = sum(
        attendee.group is Group.WALK_IN and attendee.standing is not Standing.DID_NOT_COME
        for attendee in register.attendees
    )
    dropped_in = sum(count for band, count in register.headcount.items() if band is not HeadcountBand.ADULTS)
    occasion = register.meeting.occasion
    return Room(
        capacity=occasion.capacity,
        walk_in_places=occasion.walk_in_places,
        expected=expected,
        walked_in=named + dropped_in,
    )


def _keeps_a_place(attendee: Attendee) -> bool:
    if attendee.group is Group.EXPECTED:
        return attendee.standing is not Standing.DID_NOT_COME
    return attendee.group is not Group.WALK_IN and attendee.standing is Standing.CAME
