"""When a register can be used, and which answers fit it."""

from datetime import UTC, datetime, timedelta

import pytest

from booking.attendance.door import (
    Answers,
    MeetingIsCalledOff,
    NobodyCounted,
    NotStarted,
    RegisterIsClosed,
    SomeoneCame,
    TooEarly,
    Unknown,
    UnknownNotAnswered,
    check_answers,
    check_can_close,
    check_takes_ticks,
    decided_absent,
    is_door_time,
    present,
    trusted_time,
)
from booking.attendance.rules import Standing
from booking.errors import Refusal
from booking.participation.rules import HeadcountBand, MeetingOutcome
from tests.factories import NOON

HELD, NOBODY, DID_NOT = (
    MeetingOutcome.HELD,
    MeetingOutcome.NOBODY_CAME,
    MeetingOutcome.DID_NOT_HAPPEN,
)
TWO_HOURS = timedelta(hours=2)
MOMENT = timedelta(seconds=1)


def test_ticks_are_taken_from_two_hours_before_the_start() -> None:
    check_takes_ticks(now=NOON - TWO_HOURS, starts_at=NOON, is_called_off=False, is_closed=False)

    with pytest.raises(TooEarly) as refused:
        check_takes_ticks(now=NOON - TWO_HOURS - MOMENT, starts_at=NOON, is_called_off=False, is_closed=False)
    assert refused.value.facts == {"opens_at": NOON - TWO_HOURS}


@pytest.mark.parametrize(
    ("called_off", "closed", "refusal"),
    [(True, False, MeetingIsCalledOff), (True, True, MeetingIsCalledOff), (False, True, RegisterIsClosed)],
)
def test_a_closed_register_and_a_meeting_called_off_take_no_ticks(
    called_off: bool, closed: bool, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check_takes_ticks(now=NOON, starts_at=NOON, is_called_off=called_off, is_closed=closed)


def test_a_meeting_is_closed_from_its_start_on_and_never_when_called_off() -> None:
    check_can_close(now=NOON, starts_at=NOON, is_called_off=False)

    with pytest.raises(NotStarted):
        check_can_close(now=NOON - MOMENT, starts_at=NOON, is_called_off=False)
    with pytest.raises(MeetingIsCalledOff):
        check_can_close(now=NOON, starts_at=NOON, is_called_off=True)


@pytest.mark.parametrize(
    ("now", "may"),
    [
        (datetime(2026, 11, 24, 8, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_door_sees_the_register_until_the_day_is_over_in_oslo(now: datetime, may: bool) -> None:
    assert is_door_time(now=now, starts_at=NOON, ends_at=NOON + TWO_HOURS) is may


@pytest.mark.parametrize(
    ("answers", "counted", "unknown", "refusal"),
    [
        (Answers(outcome=HELD), 0, 0, NobodyCounted),
        (Answers(outcome=HELD), 1, 1, UnknownNotAnswered),
        (Answers(outcome=NOBODY), 1, 0, SomeoneCame),
        (Answers(outcome=DID_NOT), 1, 3, SomeoneCame),
        (Answers(outcome=HELD), 1, 0, None),
        (Answers(outcome=HELD, unknown=Unknown.NOT_KNOWN), 1, 1, None),
        (Answers(outcome=NOBODY), 0, 5, None),
        (Answers(outcome=DID_NOT), 0, 5, None),
    ],
)
def test_answers_must_fit_what_was_counted(
    answers: Answers, counted: int, unknown: int, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        check_answers(answers, counted=counted, unknown=unknown)
        return
    with pytest.raises(refusal):
        check_answers(answers, counted=counted, unknown=unknown)


@pytest.mark.parametrize(
    ("answers", "absent"),
    [
        (Answers(outcome=HELD, unknown=Unknown.DID_NOT_COME), {1, 2}),
        (Answers(outcome=HELD, unknown=Unknown.NOT_KNOWN, did_not_come=frozenset({1})), set()),
        (Answers(outcome=HELD, unknown=Unknown.ONE_BY_ONE, did_not_come=frozenset({2, 9})), {2}),
        (Answers(outcome=NOBODY), {1, 2}),
        (Answers(outcome=DID_NOT), set()),
        (Answers(outcome=HELD), set()),
    ],
)
def test_only_who_is_said_to_have_stayed_away_did(answers: Answers, absent: set[int]) -> None:
    assert decided_absent(answers, unknown=frozenset({1, 2})) == absent


@pytest.mark.parametrize(
    ("told", "trusted"),
    [
        (None, NOON),
        (NOON - MOMENT, NOON - MOMENT),
        (NOON + timedelta(days=1), NOON),
        (NOON - timedelta(days=1), NOON - timedelta(hours=3)),
    ],
)
def test_the_time_of_the_phone_is_kept_unless_its_clock_is_wrong(
    told: datetime | None, trusted: datetime
) -> None:
    starts_at = NOON - timedelta(hours=1)

    assert trusted_time(told=told, received_at=NOON, starts_at=starts_at) == trusted


def test_present_are_those_ticked_and_those_counted() -> None:
    standings = {1: Standing.CAME, 2: Standing.DID_NOT_COME, 3: Standing.NOT_KNOWN, 4: Standing.CAME}

    assert present(standings, {HeadcountBand.AGE_6_12: 3, HeadcountBand.ADULTS: 1}) == 6
