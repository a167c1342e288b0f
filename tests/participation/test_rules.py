"""Bands, rounding and shares, at their edges."""

import statistics
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.participation.figures import Period, half_year_of, percent, rounded
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


@given(values=st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_the_middle_is_that_of_all_values_in_a_row(values: list[int]) -> None:
    assert median_of(Counter(values)) == Fraction(statistics.median(values))
