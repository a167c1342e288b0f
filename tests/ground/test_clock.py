from datetime import UTC, date, datetime, time

import pytest

from booking.clock import TimeDoesNotExist, TimeHappensTwice, instant_at, local_date


@pytest.mark.parametrize(
    ("day", "hour_in_utc"),
    [
        (date(2026, 10, 24), 15),
        (date(2026, 10, 25), 16),
        (date(2027, 3, 27), 16),
        (date(2027, 3, 28), 15),
    ],
)
def test_five_o_clock_stays_five_o_clock_on_both_sides_of_a_clock_change(day: date, hour_in_utc: int) -> None:
    instant = instant_at(day, time(17))

    assert instant == datetime(day.year, day.month, day.day, hour_in_utc, tzinfo=UTC)


def test_a_time_that_the_clock_jumps_over_is_refused() -> None:
    with pytest.raises(TimeDoesNotExist):
        instant_at(date(2027, 3, 28), time(2, 30))


def test_a_time_that_the_clock_shows_twice_is_refused() -> None:
    with pytest.raises(TimeHappensTwice):
        instant_at(date(2026, 10, 25), time(2, 30))


def test_a_day_is_the_one_that_it_is_in_oslo() -> None:
    assert local_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2027, 1, 1)
