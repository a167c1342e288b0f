from datetime import UTC, date, datetime

import pytest
from flask import Flask

from booking.i18n import (
    current_language,
    in_language,
    isoweek,
    long_date,
    short_date,
    telephone,
    time_of_day,
    when,
)

STARTS = datetime(2026, 11, 24, 16, tzinfo=UTC)
ENDS = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("nb", "tirsdag 24. november kl. 17:00–19:00"),
        ("nn", "tysdag 24. november kl. 17:00–19:00"),
        ("en", "Tuesday 24 November at 17:00–19:00"),
    ],
)
def test_a_meeting_is_written_as_people_write_it(app: Flask, language: str, written: str) -> None:
    with app.test_request_context(), in_language(language):
        assert when(STARTS, ENDS) == written


@pytest.mark.parametrize(
    ("language", "long", "short"),
    [
        ("nb", "tirsdag 5. juni 2018", "05.06.2018"),
        ("nn", "tysdag 5. juni 2018", "05.06.2018"),
        ("en", "Tuesday 5 June 2018", "05/06/2018"),
    ],
)
def test_a_day_is_written_long_and_short(app: Flask, language: str, long: str, short: str) -> None:
    with app.test_request_context(), in_language(language):
        assert (long_date(date(2018, 6, 5)), short_date(date(2018, 6, 5))) == (long, short)


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (datetime(2026, 10, 24, 15, tzinfo=UTC), "17:00"),
        (datetime(2026, 10, 26, 16, tzinfo=UTC), "17:00"),
    ],
)
def test_times_are_oslo_times_on_both_sides_of_a_clock_change(instant: datetime, written: str) -> None:
    assert time_of_day(instant) == written


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1)])
def test_the_last_week_of_2026_is_week_53(day: date) -> None:
    assert isoweek(day) == 53


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("no", "nb"),
        ("no-NO", "nb"),
        ("nn-NO,nb;q=0.8", "nn"),
        ("sv-SE", "nb"),
        ("da", "nb"),
        ("en-US", "en"),
        ("uk, pl;q=0.9", "nb"),
        ("uk, en;q=0.5", "en"),
        ("", "nb"),
    ],
)
def test_a_browser_gets_the_language_that_its_reader_understands(app: Flask, asked: str, spoken: str) -> None:
    with app.test_request_context(headers={"Accept-Language": asked}):
        assert current_language() == spoken


def test_a_language_that_was_chosen_wins_over_the_browsers(app: Flask) -> None:
    with app.test_request_context("/?lang=nn", headers={"Accept-Language": "en"}):
        assert current_language() == "nn"


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("+4722222222", "22\u00a022\u00a022\u00a022"),
        ("+4740404040", "40\u00a040\u00a040\u00a040"),
        ("+46812345678", "+46812345678"),
        ("+4712345", "+4712345"),
    ],
)
def test_a_telephone_number_is_written_in_pairs(kept: str, written: str) -> None:
    assert telephone(kept) == written
