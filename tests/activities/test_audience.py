"""Who an activity is for, in grades, ages and birth years."""

from datetime import date

import pytest

from booking.activities.audience import (
    Audience,
    OutsideAudience,
    Span,
    TooOld,
    TooYoung,
    ages_shown,
    audience_of,
    birth_years,
    check_may_come,
    grade_of,
    grades_shown,
    may_come,
)
from booking.errors import Refusal


def by_grade(least: int | None, most: int | None) -> Audience:
    return audience_of(grade_from=least, grade_to=most, age_from=None, age_to=None)


def by_age(least: int | None, most: int | None) -> Audience:
    return audience_of(grade_from=None, grade_to=None, age_from=least, age_to=most)


EVERYONE = by_grade(None, None)


@pytest.mark.parametrize(
    ("birth_year", "day", "grade"),
    [
        (2020, date(2026, 8, 1), 1),
        (2020, date(2026, 7, 31), 0),
        (2020, date(2027, 7, 31), 1),
        (2020, date(2027, 8, 1), 2),
        (2011, date(2026, 11, 24), 10),
        (2010, date(2026, 11, 24), 11),
        (2008, date(2027, 1, 1), 13),
    ],
)
def test_the_grade_follows_the_school_year(birth_year: int, day: date, grade: int) -> None:
    assert grade_of(birth_year, day) == grade


@pytest.mark.parametrize(
    ("audience", "grades", "ages"),
    [
        (by_grade(5, 7), Span(least=5, most=7), Span(least=10, most=12)),
        (by_grade(1, 1), Span(least=1, most=1), Span(least=6, most=6)),
        (by_grade(8, 13), Span(least=8, most=13), Span(least=13, most=18)),
        (by_grade(5, None), Span(least=5), Span(least=10)),
        (by_age(10, 12), Span(least=5, most=7), Span(least=10, most=12)),
        (by_age(13, None), Span(least=8), Span(least=13)),
        (by_age(4, 7), Span(), Span(least=4, most=7)),
        (by_age(16, 20), Span(), Span(least=16, most=20)),
        (EVERYONE, Span(), Span()),
    ],
)
def test_the_audience_is_shown_both_as_grades_and_as_ages(
    audience: Audience, grades: Span, ages: Span
) -> None:
    assert (grades_shown(audience), ages_shown(audience)) == (grades, ages)


@pytest.mark.parametrize(
    ("audience", "birth_year", "day", "comes"),
    [
        (by_grade(5, 7), 2013, date(2026, 11, 24), False),
        (by_grade(5, 7), 2014, date(2026, 11, 24), True),
        (by_grade(5, 7), 2016, date(2026, 11, 24), True),
        (by_grade(5, 7), 2017, date(2026, 11, 24), False),
        (by_grade(5, 7), 2014, date(2027, 7, 31), True),
        (by_grade(5, 7), 2014, date(2027, 8, 1), False),
        (by_age(10, 12), 2017, date(2026, 11, 24), False),
        (by_age(10, 12), 2016, date(2026, 11, 24), True),
        (by_age(10, 12), 2013, date(2026, 11, 24), True),
        (by_age(10, 12), 2012, date(2026, 11, 24), False),
        (EVERYONE, 1950, date(2026, 11, 24), True),
    ],
)
def test_who_may_come_is_decided_on_the_day_of_the_meeting(
    audience: Audience, birth_year: int, day: date, comes: bool
) -> None:
    assert may_come(audience, birth_year, day) is comes


@pytest.mark.parametrize(
    ("audience", "birth_year", "refusal", "facts"),
    [
        (by_grade(5, 7), 2012, OutsideAudience, {"born_from": 2014, "born_to": 2016}),
        (by_grade(8, None), 2015, TooYoung, {"born_to": 2013}),
        (by_grade(None, 4), 2010, TooOld, {"born_from": 2017}),
    ],
)
def test_whoever_does_not_belong_hears_which_years_do(
    audience: Audience, birth_year: int, refusal: type[Refusal], facts: dict[str, int]
) -> None:
    with pytest.raises(refusal) as told:
        check_may_come(audience, birth_year, date(2026, 11, 24))

    assert (told.value.facts, told.value.field) == (facts, "born")


def test_whoever_belongs_hears_nothing() -> None:
    check_may_come(by_grade(5, 7), 2015, date(2026, 11, 24))


def test_everyone_is_for_all_birth_years() -> None:
    assert birth_years(EVERYONE, date(2026, 11, 24)) == Span()
