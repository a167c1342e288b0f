"""How a sign-up moves, who gets a place, and how long a place is held."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from booking.signups.rules import (
    FIRST_STATES,
    HOLDS_A_PLACE,
    IS_LIVE,
    IS_OVER,
    MoveNotPossible,
    SignupState,
    TooManyUnanswered,
    Unanswered,
    check_move,
    check_unanswered,
    hold_until,
    is_too_late,
    offer_until,
    place_is_free,
)
from tests.factories import NOON
from tests.signups.asking import HOLDS

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)

# The table of the design, written out a second time: every other step is refused.
STEPS = {
    None: "awaiting_email awaiting_guardian confirmed queued",
    "awaiting_email": "awaiting_guardian confirmed expired withdrawn",
    "awaiting_guardian": "confirmed declined expired withdrawn",
    "queued": "offered withdrawn expired",
    "offered": "confirmed declined expired withdrawn",
    "confirmed": "withdrawn called_off",
    "withdrawn": "",
    "declined": "",
    "expired": "",
    "called_off": "",
}


@pytest.mark.parametrize(("current", "wanted"), list(product(STEPS, SignupState)))
def test_a_sign_up_moves_along_the_table_and_no_other_way(current: str | None, wanted: SignupState) -> None:
    state = SignupState(current) if current else None
    if wanted.value in STEPS[current].split():
        check_move(state, wanted)
    else:
        with pytest.raises(MoveNotPossible):
            check_move(state, wanted)


def test_the_states_fall_into_those_that_hold_a_place_those_that_wait_and_those_that_are_over() -> None:
    assert {state.value for state in IS_OVER} == {"withdrawn", "declined", "expired", "called_off"}
    assert {state.value for state in IS_LIVE - HOLDS_A_PLACE} == {"queued"}
    assert IS_OVER.isdisjoint(FIRST_STATES)


@pytest.mark.parametrize(
    ("capacity", "taken", "waiting", "is_free"),
    [(1, 0, 0, True), (1, 1, 0, False), (1, 2, 0, False), (12, 11, 0, True), (12, 0, 1, False)],
)
def test_a_newcomer_gets_a_place_while_one_is_free_and_nobody_waits(
    capacity: int, taken: int, waiting: int, is_free: bool
) -> None:
    assert place_is_free(capacity=capacity, taken=taken, waiting=waiting) is is_free


@pytest.mark.parametrize(
    ("hours", "starts_in", "until"), [(24, 100, 24), (24, 24, 24), (24, 3, 3), (2, 100, 2)]
)
def test_a_hold_ends_after_its_hours_and_never_past_the_start(hours: int, starts_in: int, until: int) -> None:
    assert hold_until(now=NOON, hours=hours, starts_at=NOON + starts_in * HOUR) == NOON + until * HOUR


@pytest.mark.parametrize(
    ("starts_in", "closes_in", "until"),
    [
        (100 * HOUR, None, 12 * HOUR),
        (24 * HOUR, None, 12 * HOUR),
        (24 * HOUR - MOMENT, None, 2 * HOUR),
        (HOUR + MOMENT, None, HOUR + MOMENT),
        (HOUR, None, None),
        (100 * HOUR, 5 * HOUR, 5 * HOUR),
        (100 * HOUR, 50 * HOUR, 12 * HOUR),
        (2 * HOUR, 3 * HOUR, 2 * HOUR),
        (timedelta(0), None, None),
        (-HOUR, None, None),
        (100 * HOUR, timedelta(0), None),
        (100 * HOUR, -HOUR, None),
        (MOMENT, None, None),
    ],
)
def test_an_offer_has_a_deadline_before_the_start_and_the_end_of_sign_up(
    starts_in: timedelta, closes_in: timedelta | None, until: timedelta | None
) -> None:
    closes_at = None if closes_in is None else NOON + closes_in

    answer = offer_until(now=NOON, holds=HOLDS, starts_at=NOON + starts_in, closes_at=closes_at)

    assert answer == (None if until is None else NOON + until)


@pytest.mark.parametrize(
    ("state", "held_until", "too_late"),
    [
        (SignupState.AWAITING_EMAIL, NOON + MOMENT, False),
        (SignupState.AWAITING_EMAIL, NOON, True),
        (SignupState.OFFERED, NOON - HOUR, True),
        (SignupState.AWAITING_GUARDIAN, NOON, True),
        (SignupState.CONFIRMED, NOON - HOUR, False),
        (SignupState.QUEUED, None, False),
        (SignupState.AWAITING_EMAIL, None, False),
    ],
)
def test_the_last_instant_of_a_hold_is_too_late(
    state: SignupState, held_until: datetime | None, too_late: bool
) -> None:
    assert is_too_late(state, held_until=held_until, now=NOON) is too_late


@pytest.mark.parametrize("few", [Unanswered(0, 0), Unanswered(4, 4), Unanswered(0, 19)])
def test_a_few_unanswered_letters_are_no_hindrance(few: Unanswered) -> None:
    check_unanswered(few)


@pytest.mark.parametrize("many", [Unanswered(5, 5), Unanswered(0, 20), Unanswered(6, 6)])
def test_nobody_is_mailed_again_and_again_by_a_stranger(many: Unanswered) -> None:
    with pytest.raises(TooManyUnanswered) as told:
        check_unanswered(many)

    assert told.value.field == "email"
