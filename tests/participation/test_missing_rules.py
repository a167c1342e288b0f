"""What is missing and what is nought: by counts alone, for every figure of the definitions."""

from dataclasses import replace

import pytest

from booking.participation.metrics import METRICS
from booking.participation.missing_rules import counted_alone, is_missing
from booking.participation.tallies import Tallies

NOTHING_HELD = Tallies(population=700)
NOBODY_CAME = Tallies(sessions=1, places=12, population=700)
COUNTED_ALONE = Tallies(sessions=2, anonymous_attendances=9, adults=2, contact_seconds=90, population=700)
NAMED = Tallies(sessions=1, named_attendances=3, unique=3, new=3, population=700)
WORKSHOP = Tallies(anonymous_at_workshops=4)
COURSE = Tallies(anonymous_at_courses=4)

ABOUT_PERSONS = {
    "unique",
    "new",
    "return_rate",
    "dose_sessions",
    "dose_sessions_median",
    "dose_hours",
    "dose_hours_median",
    "duration_weeks_median",
    "breadth_activities",
    "breadth_kinds",
    "reach",
}
ABOUT_PLACES = {
    "funnel_asked",
    "funnel_permitted",
    "funnel_came",
    "no_show",
    "late_cancellation",
    "queue_conversion",
}


def missing(tallies: Tallies) -> set[str]:
    return {code for code in METRICS if is_missing(code, tallies)}


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [
        (NOTHING_HELD, set()),
        (NOBODY_CAME, set()),
        (replace(NOBODY_CAME, adults=3), set()),
        (COUNTED_ALONE, ABOUT_PERSONS | ABOUT_PLACES),
        (NAMED, set()),
        (replace(NAMED, anonymous_attendances=40), set()),
        (replace(NAMED, population=0), {"reach"}),
        # A child that signed up and stayed away is known, and who was there instead is not.
        (replace(COUNTED_ALONE, asked=1, permitted=1, booked=1, no_shows=1), ABOUT_PERSONS),
        (replace(COUNTED_ALONE, waited=1), ABOUT_PERSONS),
    ],
)
def test_what_was_counted_without_a_name_is_missing_where_names_are_asked_for(
    tallies: Tallies, expected: set[str]
) -> None:
    assert missing(tallies) == expected


@pytest.mark.parametrize(
    ("code", "counted", "known"),
    [
        ("workshop_children", WORKSHOP, replace(NAMED, in_workshops=3)),
        ("completion", COURSE, replace(NAMED, began_course=3)),
    ],
)
def test_a_part_is_missing_where_nobody_at_it_has_a_name_though_others_do(
    code: str, counted: Tallies, known: Tallies
) -> None:
    numbers = {name: value for name, value in vars(counted).items() if value}

    assert missing(replace(NAMED, **numbers)) == {code}
    assert missing(replace(known, **numbers)) == set()


@pytest.mark.parametrize(
    ("named", "together", "is_so"), [(0, 0, False), (0, 4, True), (1, 4, False), (4, 4, False)]
)
def test_nobody_knows_how_many_persons_were_counted_alone(named: int, together: int, is_so: bool) -> None:
    assert counted_alone(named=named, all_attendances=together) is is_so
