"""When somebody who just came may stand in the register by name, and whether there is room."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar

from booking.clock import instant_at, local_date
from booking.consent.rules import Capacity, Established
from booking.errors import Refusal
from booking.libraries.rules import Language


class WalkInLeave(StrEnum):
    """What is known of the leave to take part of somebody who just came."""

    AWAITED = "awaited"
    GIVEN = "given"
    REFUSED = "refused"


class Asking(StrEnum):
    """How leave for somebody who just came is had."""

    IN_PERSON = "in_person"
    ON_PAPER = "on_paper"
    MAILED = "mailed"
    SHOWN = "shown"
    ALONE = "alone"


class NoRoom(Refusal):
    """Everybody for whom there is a place is here, or has one kept."""

    code: ClassVar[str] = "walk_in_no_room"
    field: ClassVar[str | None] = "is_beyond"


class SameNameThere(Refusal):
    """Somebody of this name and year stands in the register already."""

    code: ClassVar[str] = "walk_in_same_name"
    field: ClassVar[str | None] = "is_another"


class TooYoungToAnswer(Refusal):
    """Somebody of this age does not answer alone."""

    code: ClassVar[str] = "walk_in_too_young_to_answer"
    field: ClassVar[str | None] = "asking"


@dataclass(frozen=True, kw_only=True)
class WalkInRequest:
    """Whom staff write down at the door, and how leave to take part is had."""

    ask_key: str
    first_name: str
    born: str
    asking: Asking
    language: Language
    capacity: Capacity = Capacity.PARENT
    guardian_name: str = ""
    phone: str | None = None
    email: str | None = None
    has_turned: bool | None = None
    is_beyond: bool = False
    is_another: bool = False


@dataclass(frozen=True, kw_only=True)
class AgainRequest:
    """Somebody who just came to an earlier meeting, and comes again."""

    ask_key: str
    participant_id: int
    is_beyond: bool = False


@dataclass(frozen=True, kw_only=True)
class LeaveNow:
    """A guardian's yes: who gives it, as what, and in which language the words were read."""

    name: str
    capacity: Capacity
    language: Language


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many places there are, and who takes them: kept for those expected, or taken by who just came."""

    capacity: int | None
    walk_in_places: int
    expected: int
    walked_in: int

    @property
    def places(self) -> int:
        """How many may be there at once; only where there is a limit."""
        return (self.capacity or 0) + self.walk_in_places


def places_left(room: Room, *, has_begun: bool) -> int | None:
    """Return for how many who just come there is room; nothing where there is no limit.

    Until the start every place for sign-up is kept. From then on those that nobody has, or whose child is
    known to stay away, are for whoever comes; a child that is not ticked yet keeps its place.
    """
    if room.capacity is None:
        return None
    kept = room.expected if has_begun else max(room.expected, room.capacity)
    return max(0, room.places - kept - room.walked_in)


def established(asking: Asking) -> Established:
    """Return how it was shown that somebody may give leave."""
    ways = {
        Asking.IN_PERSON: Established.AT_THE_DESK,
        Asking.ON_PAPER: Established.ON_PAPER,
        Asking.ALONE: Established.SELF_DECLARED,
    }
    return ways[asking]


def is_had_now(asking: Asking) -> bool:
    """Tell whether leave is there when the name is written down, or waited for."""
    return asking not in {Asking.MAILED, Asking.SHOWN}


def day_is_over_at(*, ends_at: datetime, added_at: datetime) -> datetime:
    """Return until when leave is waited for: the end of the day, of the later one if typed in afterwards."""
    last_day = max(local_date(ends_at), local_date(added_at))
    return instant_at(last_day + timedelta(days=1), time(0))


def about_walk_in(walk_in_id: int) -> str:
    """Return what letters that ask for this leave are about."""
    return f"walk_in:{walk_in_id}"
