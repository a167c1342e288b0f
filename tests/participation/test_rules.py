"""Bands, rounding and shares, at their edges."""

import statistics
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.participation.figures import Period, half_year_of, percent, rounded
from booking.participation.half_years import cut, days_of, half_year_number, week_of
from booking.participation.rules import AgeBand, GradeBand, age_band, grade_band
from booking.participation.tallies import median_of

BANDS = [
    (2026, AgeBand.UNDER_6),
    (2021, AgeBand.UNDER_6),
    (2020, AgeBand.AGE_6_12),
    (2014, AgeBand.AGE_6_12),
    (2013, AgeBand.AGE_13_15),
    (2011, AgeBand.AGE_13_15),
    (2010, AgeBand.AGE_16_18),
    (2008, AgeBand.AGE_16_18),
    (2007, AgeBand.OVER_18),
]


@pytest.mark.parametrize(("birth_year", "band"), BANDS)
def test_an_age_falls_into_its_band(birth_year: int, band: AgeBand) -> None:
    assert age_band(birth_year=birth_year, in_year=2026) is band


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(8, 11, 73), (2, 11, 18), (1, 11, 9), (1, 200, 1), (1, 8, 13), (0, 4, 0), (4, 4, 100), (0, 0, None)],
)
def test_percentages_are_whole_round_half_up_and_are_missing_for_a_part_of_nothing(
    part: int, whole: int, expected: int | None
) -> None:
    assert percent(part, whole) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("1/20", "0.1"), ("3/20", "0.2"), ("1/4", "0.3"), ("20", "20.0")]
)
def test_hours_have_one_decimal_rounded_half_up(value: str, expected: str) -> None:
    assert rounded(Fraction(value), decimals=1) == Decimal(expected)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 7, 31), date(2026, 1, 1), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2026, 8, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 8, 1), date(2026, 12, 31)),
    ],
)
def test_a_year_has_a_spring_and_an_autumn(day: date, first: date, last: date) -> None:
    assert half_year_of(day) == Period(first=first, last=last)


@pytest.mark.parametrize(
    ("birth_year", "day", "band"),
    [
        (2020, date(2026, 7, 31), GradeBand.BEFORE_SCHOOL),
        (2020, date(2026, 8, 1), GradeBand.GRADE_1_4),
        (2016, date(2026, 8, 1), GradeBand.GRADE_5_7),
        (2016, date(2026, 7, 31), GradeBand.GRADE_1_4),
        (2013, date(2026, 11, 24), GradeBand.GRADE_8_10),
        (2010, date(2026, 11, 24), GradeBand.UPPER_SECONDARY),
        (2008, date(2027, 7, 31), GradeBand.UPPER_SECONDARY),
        (2008, date(2027, 8, 1), GradeBand.AFTER_SCHOOL),
    ],
)
def test_a_school_grade_falls_into_its_band_and_changes_in_august(
    birth_year: int, day: date, band: GradeBand
) -> None:
    assert grade_band(birth_year=birth_year, on=day) is band


AUTUMN_26, SPRING_27 = 2 * 2026 + 1, 2 * 2027


@pytest.mark.parametrize(
    ("first", "last", "whole", "left"),
    [
        (date(2026, 8, 1), date(2026, 12, 31), (AUTUMN_26, AUTUMN_26), []),
        (date(2026, 8, 2), date(2026, 12, 31), None, [(date(2026, 8, 2), date(2026, 12, 31))]),
        (date(2026, 9, 1), date(2027, 3, 1), None, [(date(2026, 9, 1), date(2027, 3, 1))]),
        (
            date(2026, 7, 31),
            date(2027, 8, 1),
            (AUTUMN_26, SPRING_27),
            [(date(2026, 7, 31), date(2026, 7, 31)), (date(2027, 8, 1), date(2027, 8, 1))],
        ),
        (
            date(2026, 8, 1),
            date(2027, 7, 30),
            (AUTUMN_26, AUTUMN_26),
            [(date(2027, 1, 1), date(2027, 7, 30))],
        ),
    ],
)
def test_a_period_is_cut_into_whole_half_years_and_what_is_left(
    first: date, last: date, whole: tuple[int, int] | None, left: list[tuple[date, date]]
) -> None:
    found = cut(Period(first=first, last=last))

    assert found.whole == whole
    assert [(each.first, each.last) for each in found.left] == left


def test_half_years_follow_on_each_other() -> None:
    assert (half_year_number(date(2026, 12, 31)), half_year_number(date(2027, 1, 1))) == (
        AUTUMN_26,
        SPRING_27,
    )
    assert days_of(AUTUMN_26) == Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
    assert [week_of(day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4))] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]


@given(first=st.dates(date(2020, 1, 1), date(2030, 12, 31)), days=st.integers(0, 3000))
def test_every_day_of_a_period_is_in_one_part_of_it(first: date, days: int) -> None:
    period = Period(first=first, last=first + timedelta(days=days))

    found = cut(period)

    whole = range(found.whole[0], found.whole[1] + 1) if found.whole else range(0)
    parts = sorted([*found.left, *map(days_of, whole)], key=lambda part: part.first)
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(parts))


@given(values=st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_the_middle_is_that_of_all_values_in_a_row(values: list[int]) -> None:
    assert median_of(Counter(values)) == Fraction(statistics.median(values))
