"""What a rule of ages may say, and from when."""

from datetime import UTC, date, datetime

import pytest

from booking.consent.age_rules import AgeOutOfReason, AgesOutOfOrder, RuleInThePast, begins_at, check_ages
from booking.consent.ages import Ages

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def ages(*numbers: int) -> Ages:
    youth, alone, photo, adult = numbers
    return Ages(youth_from=youth, alone_from=alone, photo_own_yes_from=photo, adult_from=adult)


@pytest.mark.parametrize("numbers", [(13, 15, 15, 18), (0, 0, 0, 0), (25, 25, 25, 25), (13, 13, 7, 18)])
def test_ages_in_their_order_can_be_a_rule(numbers: tuple[int, int, int, int]) -> None:
    check_ages(ages(*numbers))


@pytest.mark.parametrize(
    ("numbers", "field"),
    [((15, 13, 15, 18), "alone_from"), ((13, 18, 15, 16), "adult_from")],
)
def test_who_answers_alone_may_also_ask(numbers: tuple[int, int, int, int], field: str) -> None:
    with pytest.raises(AgesOutOfOrder) as told:
        check_ages(ages(*numbers))

    assert told.value.field == field


@pytest.mark.parametrize(
    ("numbers", "field"), [((-1, 15, 15, 18), "youth_from"), ((13, 15, 26, 18), "photo_own_yes_from")]
)
def test_no_rule_is_about_people_that_old(numbers: tuple[int, int, int, int], field: str) -> None:
    with pytest.raises(AgeOutOfReason) as told:
        check_ages(ages(*numbers))

    assert (told.value.field, told.value.facts) == (field, {"most": 25})


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 24), NOW),
        (date(2026, 11, 25), datetime(2026, 11, 24, 23, tzinfo=UTC)),
        (date(2027, 7, 1), datetime(2027, 6, 30, 22, tzinfo=UTC)),
    ],
)
def test_a_rule_begins_with_its_day_and_today_begins_now(day: date, expected: datetime) -> None:
    assert begins_at(day, now=NOW) == expected


def test_a_rule_never_begins_in_the_past() -> None:
    with pytest.raises(RuleInThePast):
        begins_at(date(2026, 11, 23), now=NOW)
