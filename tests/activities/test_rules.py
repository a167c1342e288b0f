"""When an occasion is open for sign-up, and how full it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from booking.activities.rules import (
    AlreadyStarted,
    Availability,
    MeetingState,
    Mode,
    NoSignupNeeded,
    NotYetOpen,
    OccasionCalledOff,
    SignupClosed,
    SignupTimes,
    Window,
    availability,
    changed_after,
    check_booking_window,
    first_start,
    window_at,
)
from booking.errors import Refusal

OPENS = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
STARTS = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Treff:
    starts_at: datetime
    ends_at: datetime
    state: MeetingState


def times(**changes: object) -> SignupTimes:
    values = {"mode": Mode.SIGN_UP, "opens_at": OPENS, "closes_at": CLOSES, "starts_at": STARTS}
    return SignupTimes(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "window"),
    [
        (OPENS - MOMENT, Window.NOT_YET_OPEN),
        (OPENS, Window.OPEN),
        (CLOSES - MOMENT, Window.OPEN),
        (CLOSES, Window.CLOSED),
        (STARTS - MOMENT, Window.CLOSED),
        (STARTS, Window.STARTED),
    ],
)
def test_both_ends_of_the_window_belong_to_what_comes_after(now: datetime, window: Window) -> None:
    assert window_at(now, times()) is window


def test_without_times_of_its_own_sign_up_is_open_until_the_start() -> None:
    always = times(opens_at=None, closes_at=None)

    assert window_at(STARTS - MOMENT, always) is Window.OPEN
    assert window_at(STARTS, always) is Window.STARTED


@pytest.mark.parametrize(
    ("now", "changes", "refusal"),
    [
        (OPENS - MOMENT, {}, NotYetOpen),
        (CLOSES, {}, SignupClosed),
        (STARTS, {"closes_at": None}, AlreadyStarted),
        (OPENS, {"starts_at": None}, OccasionCalledOff),
        (OPENS, {"mode": Mode.DROP_IN}, NoSignupNeeded),
    ],
)
def test_a_closed_window_says_why(now: datetime, changes: dict[str, object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as told:
        check_booking_window(now, times(**changes))

    assert told.value.facts["opens"] == OPENS


def test_an_open_window_says_nothing() -> None:
    check_booking_window(OPENS, times())


def test_the_first_start_is_that_of_the_first_meeting_that_is_on() -> None:
    hours = [STARTS + timedelta(hours=number) for number in range(4)]
    called_off = Treff(hours[0], hours[1], MeetingState.CALLED_OFF)
    moved = Treff(hours[1], hours[2], MeetingState.MOVED)
    last = Treff(hours[2], hours[3], MeetingState.SCHEDULED)

    assert first_start([last, called_off, moved]) == hours[1]
    assert first_start([called_off]) is None
    assert first_start([]) is None


@pytest.mark.parametrize(
    ("capacity", "taken", "waiting", "has_queue", "word"),
    [
        (12, 0, 0, True, Availability.AVAILABLE),
        (12, 9, 0, True, Availability.AVAILABLE),
        (12, 10, 0, True, Availability.FEW),
        (12, 11, 0, True, Availability.FEW),
        (12, 12, 0, True, Availability.WAITING_LIST),
        (12, 12, 0, False, Availability.FULL),
        (12, 13, 0, False, Availability.FULL),
        (12, 11, 1, True, Availability.WAITING_LIST),
        (12, 11, 1, False, Availability.FULL),
        (1, 0, 0, True, Availability.FEW),
        (4, 2, 0, True, Availability.AVAILABLE),
        (4, 3, 0, True, Availability.FEW),
    ],
)
def test_availability_is_a_word(
    capacity: int, taken: int, waiting: int, has_queue: bool, word: Availability
) -> None:
    assert availability(capacity=capacity, taken=taken, waiting=waiting, has_queue=has_queue) is word


def test_a_change_is_always_noted_a_whole_second_after_the_one_before() -> None:
    assert changed_after(STARTS, STARTS + timedelta(hours=1)) == STARTS + timedelta(hours=1)
    assert changed_after(STARTS, STARTS) == STARTS + timedelta(seconds=1)
    assert changed_after(STARTS, STARTS - timedelta(days=1)) == STARTS + timedelta(seconds=1)
