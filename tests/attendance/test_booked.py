"""What a sign-up's history means for one meeting."""

from datetime import datetime, timedelta

import pytest

from booking.attendance.booked import (
    Booking,
    Group,
    Span,
    Step,
    booking_of,
    group_of,
    outcome_of,
)
from booking.attendance.rules import Standing
from booking.participation.rules import Outcome
from booking.signups.rules import SignupState
from tests.factories import NOON

S = SignupState
HOUR = timedelta(hours=1)
SPAN = Span(deadline_at=NOON - 2 * HOUR, starts_at=NOON, ends_at=NOON + 2 * HOUR)


def history(*steps: tuple[float, SignupState]) -> list[Step]:
    """Steps, each so many hours after the start of the meeting."""
    return [Step(at=NOON + hours * HOUR, state=state) for hours, state in steps]


CONFIRMED = history((-48, S.AWAITING_EMAIL), (-47, S.CONFIRMED))

HISTORIES = [
    ("kept the place", [CONFIRMED], (True, True, False, None)),
    ("gave it back in time", [[*CONFIRMED, *history((-2, S.WITHDRAWN))]], (True, False, False, "in_time")),
    ("gave it back late", [[*CONFIRMED, *history((-1.9, S.WITHDRAWN))]], (True, True, False, "late")),
    ("gave it back after the start", [[*CONFIRMED, *history((0.1, S.WITHDRAWN))]], (True, True, False, None)),
    ("came late to a place", [history((-1, S.CONFIRMED))], (True, False, False, None)),
    (
        "took and gave back late",
        [history((-1, S.CONFIRMED), (-0.5, S.WITHDRAWN))],
        (True, False, False, "late"),
    ),
    ("waited", [history((-9, S.QUEUED))], (False, False, True, None)),
    (
        "waited and got a place",
        [history((-9, S.QUEUED), (-8, S.OFFERED), (-7, S.CONFIRMED))],
        (True, True, True, None),
    ),
    (
        "gave it back and took it again",
        [[*CONFIRMED, *history((-30, S.WITHDRAWN))], history((-20, S.CONFIRMED))],
        (True, True, False, None),
    ),
    ("signed up when it was over", [history((3, S.CONFIRMED))], (False, False, False, None)),
    (
        "was called off by the library",
        [[*CONFIRMED, *history((-5, S.CALLED_OFF))]],
        (True, False, False, None),
    ),
    ("never finished", [history((-9, S.AWAITING_EMAIL), (-8, S.WITHDRAWN))], (False, False, False, None)),
]
GIVEN_BACK = {None: None, "in_time": Outcome.CANCELLED_IN_TIME, "late": Outcome.CANCELLED_LATE}


@pytest.mark.parametrize(("said", "histories", "expected"), HISTORIES, ids=[each[0] for each in HISTORIES])
def test_a_history_comes_to_a_booking(
    said: str, histories: list[list[Step]], expected: tuple[bool, bool, bool, str | None]
) -> None:
    was_booked, at_deadline, was_queued, given_back = expected

    assert booking_of(histories, SPAN) == Booking(
        was_booked=was_booked,
        booked_at_deadline=at_deadline,
        was_queued=was_queued,
        given_back=GIVEN_BACK[given_back],
    )


def booking(**changes: object) -> Booking:
    values: dict[str, object] = {
        "was_booked": True,
        "booked_at_deadline": True,
        "was_queued": False,
        "given_back": None,
    }
    return Booking(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "standing", "outcome"),
    [
        (booking(), Standing.CAME, Outcome.CAME),
        (booking(), Standing.DID_NOT_COME, Outcome.DID_NOT_COME),
        (booking(), Standing.NOT_KNOWN, Outcome.NOT_KNOWN),
        (booking(given_back=Outcome.CANCELLED_LATE), Standing.CAME, Outcome.CAME),
        (booking(given_back=Outcome.CANCELLED_LATE), Standing.DID_NOT_COME, Outcome.CANCELLED_LATE),
        (booking(given_back=Outcome.CANCELLED_IN_TIME), Standing.NOT_KNOWN, Outcome.CANCELLED_IN_TIME),
        (booking(was_booked=False), Standing.CAME, Outcome.CAME),
        (booking(was_booked=False), Standing.DID_NOT_COME, None),
        (booking(was_booked=False), Standing.NOT_KNOWN, None),
    ],
)
def test_to_have_booked_is_not_to_have_come(of: Booking, standing: Standing, outcome: Outcome | None) -> None:
    assert outcome_of(of, standing) is outcome


GROUPS = [
    ("has a place", [CONFIRMED], NOON, Group.EXPECTED),
    (
        "gave it back while it went on",
        [[*CONFIRMED, *history((1, S.WITHDRAWN))]],
        NOON + 2 * HOUR,
        Group.EXPECTED,
    ),
    ("got a place while it went on", [history((1, S.CONFIRMED))], NOON + HOUR, Group.EXPECTED),
    ("got a place when it was over", [history((3, S.CONFIRMED))], NOON + 4 * HOUR, None),
    (
        "has left the course since",
        [[*CONFIRMED, *history((99, S.WITHDRAWN))]],
        NOON + 200 * HOUR,
        Group.EXPECTED,
    ),
    ("waits", [history((-9, S.QUEUED))], NOON, Group.WAITING),
    ("gave it back", [[*CONFIRMED, *history((-5, S.WITHDRAWN))]], NOON, Group.GONE),
    ("never had a place", [history((-9, S.QUEUED), (-5, S.WITHDRAWN))], NOON, None),
]


@pytest.mark.parametrize(("said", "histories", "now", "group"), GROUPS, ids=[each[0] for each in GROUPS])
def test_everyone_has_one_place_in_the_register(
    said: str, histories: list[list[Step]], now: datetime, group: Group | None
) -> None:
    assert group_of(histories, SPAN, now=now, is_marked=False) is group


def test_whoever_has_a_tick_stays_in_the_register() -> None:
    never_had_a_place = [history((-9, S.QUEUED), (-5, S.WITHDRAWN))]

    assert group_of(never_had_a_place, SPAN, now=NOON, is_marked=True) is Group.GONE
