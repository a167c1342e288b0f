"""What whoever is at the door must know of a child at a glance: no pictures, a need is noted."""

from collections.abc import Collection
from enum import StrEnum

from booking.attendance.walk_in_rules import WalkInLeave
from booking.consent.marks import Mark, marks_of
from booking.consent.rules import WordingPurpose


class DoorMark(StrEnum):
    """A thing to know, shown by an icon and a word. That a child is shielded is told to nobody here."""

    NO_PHOTO = "no_photo"
    NEEDS = "needs"
    LEAVE_AWAITED = "leave_awaited"
    LEAVE_REFUSED = "leave_refused"


def door_marks(
    standing: Collection[WordingPurpose], *, is_shielded: bool, has_note: bool
) -> tuple[DoorMark, ...]:
    """Return the marks of a child for which these consents stand, and of whom a need is noted or not."""
    known = marks_of(standing, is_shielded=is_shielded)
    wanted = {DoorMark.NO_PHOTO: Mark.NO_PHOTO in known, DoorMark.NEEDS: has_note and Mark.NEEDS in known}
    return tuple(mark for mark, is_so in wanted.items() if is_so)


def leave_marks(leave: WalkInLeave) -> tuple[DoorMark, ...]:
    """Return the marks of somebody who just came, for whom leave stands so."""
    wanted = {WalkInLeave.AWAITED: DoorMark.LEAVE_AWAITED, WalkInLeave.REFUSED: DoorMark.LEAVE_REFUSED}
    return (wanted[leave],) if leave in wanted else ()
