"""On which day staff are reminded of a register that nobody closed."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from booking.participation.rules import MeetingOutcome

_SATURDAY: Final = 5


class RegisterState(StrEnum):
    """What is known of a meeting that is over; nobody came, and not recorded, are two things."""

    HELD = "held"
    NOBODY_CAME = "nobody_came"
    DID_NOT_HAPPEN = "did_not_happen"
    NOT_RECORDED = "not_recorded"


def state_of(outcome: MeetingOutcome | None) -> RegisterState:
    """Return what a closing says of a meeting; without one nothing is recorded."""
    return RegisterState.NOT_RECORDED if outcome is None else RegisterState(outcome.value)


def is_working_day(day: date, *, red: Collection[date]) -> bool:
    """Tell whether people are at work on the day."""
    return day.weekday() < _SATURDAY and day not in red


def next_working_day(day: date, *, red: Collection[date]) -> date:
    """Return the first working day after the day."""
    following = day + timedelta(days=1)
    while not is_working_day(following, red=red):
        following += timedelta(days=1)
    return following
