"""When a register can be used, and how one is closed: pure decisions and their refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar, Final

from booking.activities.rules import Kind
from booking.attendance.rules import Standing
from booking.clock import instant_at, local_date
from booking.errors import Refusal
from booking.participation.rules import HeadcountBand, MeetingOutcome

# Kinds of activity that no child comes to.
AMONG_STAFF: Final = frozenset({Kind.STAFF_TRAINING, Kind.INTERNAL_MEETING})

OPENS_BEFORE: Final = timedelta(hours=2)
# How long a phone of somebody who only stands at the door may still hand in what it could not send.
HANDED_IN_WITHIN: Final = timedelta(days=14)


class DoorRefusal(Refusal):
    """The register says no, and the page that one is on can say why."""


class TooEarly(DoorRefusal):
    """The register of a meeting opens two hours before it starts."""

    code: ClassVar[str] = "register_not_open_yet"


class NotStarted(DoorRefusal):
    """A meeting that has not begun cannot be over."""

    code: ClassVar[str] = "meeting_not_started"


class RegisterIsClosed(DoorRefusal):
    """The register was closed; it takes no ticks until it is opened again."""

    code: ClassVar[str] = "register_is_closed"


class MeetingIsCalledOff(DoorRefusal):
    """A meeting that was called off has no register."""

    code: ClassVar[str] = "meeting_is_called_off"


class SomeoneCame(DoorRefusal):
    """It cannot be that nobody came: someone is ticked or counted."""

    code: ClassVar[str] = "someone_is_counted"
    field: ClassVar[str | None] = "outcome"


class NobodyCounted(DoorRefusal):
    """It cannot be held with people there: no one is ticked or counted."""

    code: ClassVar[str] = "nobody_is_counted"
    field: ClassVar[str | None] = "outcome"


class UnknownNotAnswered(DoorRefusal):
    """Some are neither ticked nor told to have stayed away, and nobody said what to do with them."""

    code: ClassVar[str] = "unknown_not_answered"
    field: ClassVar[str | None] = "unknown"


class Unknown(StrEnum):
    """What to do, at the closing, with those of whom nothing is known."""

    DID_NOT_COME = "did_not_come"
    NOT_KNOWN = "not_known"
    ONE_BY_ONE = "one_by_one"


class Oddity(StrEnum):
    """What somebody should look at once more before a register is closed."""

    NOBODY_HERE = "nobody_here"
    MORE_THAN_PLACES = "more_than_places"
    CONTRADICTED = "contradicted"
    COUNTED_THOUGH_CALLED_OFF = "counted_though_called_off"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the one who closes a register says."""

    outcome: MeetingOutcome
    unknown: Unknown | None = None
    did_not_come: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """At which libraries somebody may see registers: only while the door is open, or at any time."""

    at_the_door: frozenset[int]
    always: frozenset[int]


def opens_at(starts_at: datetime) -> datetime:
    """Return when the first tick can be made."""
    return starts_at - OPENS_BEFORE


def is_door_time(*, now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether those who only stand at the door may see the register: until the day is over."""
    return opens_at(starts_at) <= now < _day_is_over_at(ends_at)


# Each tick of a parcel asks it of the same meeting.
@lru_cache(maxsize=256)
def _day_is_over_at(ends_at: datetime) -> datetime:
    return instant_at(local_date(ends_at) + timedelta(days=1), time(0))


def may_see(reach: Reach, *, library_id: int, now: datetime, starts_at: datetime, ends_at: datetime) -> bool:
    """Tell whether the register of a meeting at the library exists for somebody with this reach."""
    if library_id in reach.always:
        return True
    return library_id in reach.at_the_door and is_door_time(now=now, starts_at=starts_at, ends_at=ends_at)


def may_hand_in(
    reach: Reach, *, library_id: int, now: datetime, starts_at: datetime, ends_at: datetime
) -> bool:
    """Tell whether a phone may bring ticks of the meeting: also after the day, as nothing is shown."""
    if may_see(reach, library_id=library_id, now=now, starts_at=starts_at, ends_at=ends_at):
        return True
    return library_id in reach.at_the_door and opens_at(starts_at) <= now < ends_at + HANDED_IN_WITHIN


def check_takes_ticks(*, now: datetime, starts_at: datetime, is_called_off: bool, is_closed: bool) -> None:
    """Let a tick pass; refuse TooEarly, MeetingIsCalledOff or RegisterIsClosed."""
    if is_called_off:
        raise MeetingIsCalledOff
    if is_closed:
        raise RegisterIsClosed
    if now < opens_at(starts_at):
        raise TooEarly(opens_at=opens_at(starts_at))


def check_can_close(*, now: datetime, starts_at: datetime, is_called_off: bool) -> None:
    """Let a closing pass; refuse NotStarted or MeetingIsCalledOff."""
    if is_called_off:
        raise MeetingIsCalledOff
    if now < starts_at:
        raise NotStarted(starts_at=starts_at)


def check_answers(answers: Answers, *, counted: int, unknown: int) -> None:
    """Let answers pass that fit the register; refuse SomeoneCame, NobodyCounted or UnknownNotAnswered."""
    if answers.outcome is MeetingOutcome.HELD:
        if counted == 0:
            raise NobodyCounted
        if unknown and answers.unknown is None:
            raise UnknownNotAnswered
    elif counted:
        raise SomeoneCame(count=counted)


def decided_absent(answers: Answers, *, unknown: frozenset[int]) -> frozenset[int]:
    """Return which of those not known are now known to have stayed away."""
    if answers.outcome is MeetingOutcome.NOBODY_CAME or answers.unknown is Unknown.DID_NOT_COME:
        return unknown
    if answers.unknown is Unknown.ONE_BY_ONE:
        return unknown & answers.did_not_come
    return frozenset()


def trusted_time(*, told: datetime | None, received_at: datetime, starts_at: datetime) -> datetime:
    """Return when a tick happened: as the phone tells it, unless its clock cannot be right."""
    if told is None:
        return received_at
    return min(max(told, opens_at(starts_at)), received_at)


def time_behind(told: datetime | None, lag: timedelta) -> datetime | None:
    """Return when it happened by our clock, as a phone tells it whose own clock lags behind by so much."""
    if told is None:
        return None
    try:
        return told + lag
    except OverflowError:
        return told


def present(standings: Mapping[int, Standing], headcount: Mapping[HeadcountBand, int]) -> int:
    """Return how many were there in all, named and counted, adults too."""
    named = sum(standing is Standing.CAME for standing in standings.values())
    return named + sum(headcount.values())
