"""Bands, rounding and shares, at their edges."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from booking.participation.figures import Figures, Period, half_year_of, percent, rounded, total
from booking.participation.rules import AgeBand, age_band

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


def test_figures_of_libraries_add_up() -> None:
    one, other = Figures(sessions=1, unique=3, adults=2), Figures(sessions=2, unique=4)

    assert total([one, other]) == Figures(sessions=3, unique=7, adults=2)
    assert total([]) == Figures()
