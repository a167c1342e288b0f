"""Half-years by their short names, and the weeks and months in them."""

from datetime import date

import pytest

from booking.participation.figures import Period, half_year_of
from booking.reports.halves import (
    half_called,
    half_code,
    halves_to_choose,
    halves_to_set,
    weeks_of,
)

AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
SPRING = Period(first=date(2026, 1, 1), last=date(2026, 7, 31))


@pytest.mark.parametrize(("period", "code"), [(AUTUMN, "2026-autumn"), (SPRING, "2026-spring")])
def test_a_half_year_is_found_again_by_its_name(period: Period, code: str) -> None:
    assert half_code(period) == code
    assert half_called(code) == period


@pytest.mark.parametrize(
    "code", [None, "", "2026", "2026-winter", "1026-autumn", "2026-autumn\n", "２０２６-autumn"]
)
def test_what_is_no_half_year_is_none(code: str | None) -> None:
    assert half_called(code) is None


def test_there_is_this_half_year_and_what_was_published_each_once() -> None:
    assert halves_to_choose([SPRING, AUTUMN], date(2026, 11, 24)) == [AUTUMN, SPRING]
    assert halves_to_choose([], date(2027, 1, 1)) == [half_year_of(date(2027, 1, 1))]


def test_something_can_be_set_for_the_last_half_year_and_for_two_to_come() -> None:
    codes = [half_code(period) for period in halves_to_set(date(2026, 11, 24))]

    assert codes == ["2026-spring", "2026-autumn", "2027-spring", "2027-autumn"]


def test_weeks_begin_on_mondays_and_end_today() -> None:
    weeks = weeks_of(AUTUMN, date(2026, 8, 12))

    assert weeks == [date(2026, 7, 27), date(2026, 8, 3), date(2026, 8, 10)]
    assert weeks_of(AUTUMN, date(2026, 7, 1)) == []
    assert len(weeks_of(AUTUMN, date(2027, 6, 1))) == 23
