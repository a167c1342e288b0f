"""Who answers for somebody of an age, at the edges of each rule."""

from datetime import date
from typing import Any

import pytest

from booking.consent.ages import Ages, AgeUnclear, Answerer, KnownAge, answerer, has_reached

TODAY = date(2026, 11, 22)
HOUSE = Ages(youth_from=13, alone_from=15, photo_own_yes_from=15, adult_from=18)
ASK = None


def reached(limit: int, **known: Any) -> bool | None:
    """Whether the age is reached; nothing when only they can tell."""
    try:
        return has_reached(limit, age=KnownAge(**known), today=TODAY)
    except AgeUnclear:
        return ASK


@pytest.mark.parametrize(
    ("limit", "birth_year", "expected"),
    [
        (15, 2010, True),
        (15, 2011, ASK),
        (15, 2012, False),
        (13, 2012, True),
        (13, 2013, ASK),
        (13, 2014, False),
        (18, 2007, True),
        (18, 2008, ASK),
        (18, 2009, False),
        (0, 2026, ASK),
        (0, 2025, True),
    ],
)
def test_a_year_of_birth_tells_an_age_but_for_the_year_of_the_birthday(
    limit: int, birth_year: int, expected: bool | None
) -> None:
    assert reached(limit, birth_year=birth_year) is expected


@pytest.mark.parametrize(
    ("birth_year", "expected"), [(2009, True), (2010, ASK), (2011, ASK), (2012, ASK), (2013, False)]
)
def test_a_year_worked_out_from_a_grade_may_be_one_off(birth_year: int, expected: bool | None) -> None:
    assert reached(15, birth_year=birth_year, is_by_grade=True) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"declared": (15, date(2026, 5, 1))}, True),
        ({"declared": (18, date(2026, 5, 1))}, True),
        ({"declared": (13, date(2026, 5, 1))}, ASK),
        ({"has_turned": True}, True),
        ({"has_turned": False}, False),
        ({"declared": (15, date(2026, 5, 1)), "has_turned": False}, True),
    ],
)
def test_who_has_said_so_once_is_not_asked_again(known: dict[str, Any], expected: bool | None) -> None:
    assert reached(15, birth_year=2011, **known) is expected


@pytest.mark.parametrize("birth_year", [2012, 2016])
def test_nobody_talks_themselves_older_than_the_year_of_birth_allows(birth_year: int) -> None:
    assert reached(15, birth_year=birth_year, has_turned=True, declared=(15, TODAY)) is False


@pytest.mark.parametrize(
    ("birth_year", "guardian_until", "has_turned", "expected"),
    [
        (2014, None, None, Answerer.GUARDIAN),
        (2013, None, False, Answerer.GUARDIAN),
        (2013, None, True, Answerer.GUARDIAN_CONFIRMS),
        (2012, None, None, Answerer.GUARDIAN_CONFIRMS),
        (2011, None, False, Answerer.GUARDIAN_CONFIRMS),
        (2011, None, True, Answerer.SELF),
        (2010, None, None, Answerer.SELF),
        (2010, 17, None, Answerer.GUARDIAN_CONFIRMS),
        (2009, 17, True, Answerer.SELF),
        (2008, 17, None, Answerer.SELF),
        (2010, 12, None, Answerer.SELF),  # an activity can be stricter, and never less strict
    ],
)
def test_it_takes_a_guardian_a_youth_with_a_guardian_or_a_youth(
    birth_year: int, guardian_until: int | None, has_turned: bool | None, expected: Answerer
) -> None:
    age = KnownAge(birth_year=birth_year, has_turned=has_turned)

    assert answerer(age=age, today=TODAY, ages=HOUSE, guardian_until=guardian_until) is expected


@pytest.mark.parametrize(
    ("birth_year", "guardian_until", "limit"), [(2013, None, 13), (2011, None, 15), (2009, 17, 17)]
)
def test_one_question_is_asked_where_the_year_does_not_tell(
    birth_year: int, guardian_until: int | None, limit: int
) -> None:
    with pytest.raises(AgeUnclear) as asked:
        answerer(age=KnownAge(birth_year=birth_year), today=TODAY, ages=HOUSE, guardian_until=guardian_until)

    assert asked.value.facts == {"limit": limit}
    assert asked.value.field == "has_turned"
