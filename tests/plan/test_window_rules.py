"""How far an item may move, where it stands, and what begins too early."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.plan.rules import ItemFacts, ItemKind, ItemState
from booking.plan.window_rules import Stand, Standing, months_from, stand_of, too_early, window_of

PLANNED = ItemState.PLANNED


def item(first: date, last: date, **changes: object) -> ItemFacts:
    told = {"kind": ItemKind.PHASE, "title": "Utprøve tiltak", "first_on": first, "last_on": last}
    return ItemFacts(**{**told, **changes})  # type: ignore[arg-type]


# The plan of the application: each item's days, and the days within which it may be done.
PLAN_OF_2018 = [
    ("01.04-15.04.2018", "01.03.2018-15.05.2018"),
    ("15.04-30.04.2018", "15.03.2018-30.05.2018"),
    ("01.05-20.08.2018", "01.04.2018-20.09.2018"),
    ("01.05-01.06.2018", "01.04.2018-01.07.2018"),
    ("01.05-15.06.2018", "01.04.2018-15.07.2018"),
    ("01.05-30.05.2018", "01.04.2018-30.06.2018"),
    ("01.06-01.08.2018", "01.05.2018-01.09.2018"),
    ("15.06-30.06.2018", "15.05.2018-30.07.2018"),
    ("01.08-20.08.2018", "01.07.2018-20.09.2018"),
    ("20.08-10.09.2018", "20.07.2018-10.10.2018"),
    ("10.09-15.09.2018", "10.08.2018-15.10.2018"),
    ("15.09-01.12.2018", "15.08.2018-01.01.2019"),
    ("15.10-30.10.2018", "15.09.2018-30.11.2018"),
    ("01.12-20.12.2018", "01.11.2018-20.01.2019"),
]


def day(text: str) -> date:
    number, month, year = text.split(".")
    return date(int(year), int(month), int(number))


@pytest.mark.parametrize(("planned", "allowed"), PLAN_OF_2018)
def test_the_window_is_the_plan_s_days_and_a_calendar_month_to_either_side(
    planned: str, allowed: str
) -> None:
    first, last = planned.split("-")
    earliest, latest = allowed.split("-")

    window = window_of(item(day(f"{first}.2018"), day(last)))

    assert (window.first_on, window.last_on) == (day(earliest), day(latest))


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("31.01.2018", 1, "28.02.2018"),
        ("31.01.2020", 1, "29.02.2020"),
        ("31.08.2018", -6, "28.02.2018"),
        ("31.12.2018", 2, "28.02.2019"),
        ("15.01.2018", -1, "15.12.2017"),
        ("30.11.2018", 1, "30.12.2018"),
        ("31.03.2026", 0, "31.03.2026"),
        ("29.02.2024", 12, "28.02.2025"),
    ],
)
def test_a_month_that_is_shorter_gives_its_last_day(start: str, months: int, expected: str) -> None:
    assert months_from(day(start), months) == day(expected)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-12, 12))
def test_so_many_months_on_it_is_that_month_and_never_a_later_day_of_it(start: date, months: int) -> None:
    moved = months_from(start, months)

    assert moved.year * 12 + moved.month == start.year * 12 + start.month + months
    assert moved.day == start.day or (moved.day < start.day and (moved + timedelta(days=1)).day == 1)


TWELVE = item(date(2018, 9, 15), date(2018, 12, 1))


@pytest.mark.parametrize(
    ("today", "standing", "days"),
    [
        ("14.09.2018", Standing.NOT_BEGUN, 0),
        ("15.09.2018", Standing.UNDER_WAY, 0),
        ("01.12.2018", Standing.UNDER_WAY, 0),
        ("02.12.2018", Standing.WITHIN_TOLERANCE, 0),
        ("01.01.2019", Standing.WITHIN_TOLERANCE, 0),
        ("02.01.2019", Standing.OVERDUE, 1),
        ("12.01.2019", Standing.OVERDUE, 11),
    ],
)
def test_what_nobody_has_told_of_stands_where_the_plan_says(
    today: str, standing: Standing, days: int
) -> None:
    assert stand_of(TWELVE, PLANNED, day(today)) == Stand(standing=standing, days=days)


@pytest.mark.parametrize(
    ("began", "done", "standing", "days"),
    [
        ("15.09.2018", "01.12.2018", Standing.DONE, 0),
        (None, "20.11.2018", Standing.DONE, 0),
        ("15.09.2018", "31.12.2018", Standing.DONE_WITHIN_TOLERANCE, 0),
        ("15.08.2018", "01.01.2019", Standing.DONE_WITHIN_TOLERANCE, 0),
        ("15.09.2018", "02.01.2019", Standing.DONE_OUTSIDE, 1),
        ("14.08.2018", "01.12.2018", Standing.DONE_OUTSIDE, 1),
        ("01.08.2018", "03.01.2019", Standing.DONE_OUTSIDE, 14),
    ],
)
def test_what_is_done_is_compared_with_its_window(
    began: str | None, done: str, standing: Standing, days: int
) -> None:
    told = replace(TWELVE, began_on=day(began) if began else None, done_on=day(done))

    assert stand_of(told, PLANNED, day("01.06.2019")) == Stand(standing=standing, days=days)


def test_what_began_before_its_day_is_under_way_and_what_waits_is_not() -> None:
    early = replace(TWELVE, began_on=date(2018, 9, 3))
    late = replace(TWELVE, began_on=date(2018, 9, 20))

    assert stand_of(early, PLANNED, date(2018, 9, 4)).standing is Standing.UNDER_WAY
    assert stand_of(late, PLANNED, date(2018, 9, 16)).standing is Standing.NOT_BEGUN


def test_what_is_called_off_is_neither_late_nor_done() -> None:
    assert stand_of(TWELVE, ItemState.CALLED_OFF, date(2020, 1, 1)).standing is Standing.CALLED_OFF


# 10 follows 7; 11 and 12 follow 10; 14 follows 12.
ORDER = {
    7: item(date(2018, 6, 1), date(2018, 8, 1)),
    10: item(date(2018, 8, 20), date(2018, 9, 10), after_id=7),
    11: item(date(2018, 9, 10), date(2018, 9, 15), after_id=10),
    12: replace(TWELVE, after_id=10),
    14: item(date(2018, 12, 1), date(2018, 12, 20), after_id=12),
}


def early(today: date, **changes: Mapping[str, object]) -> list[tuple[int, int]]:
    plan = {number: replace(facts, **changes.get(f"_{number}", {})) for number, facts in ORDER.items()}  # type: ignore[arg-type]
    return list(too_early({number: (facts, PLANNED) for number, facts in plan.items()}, today))


def test_the_plan_as_it_was_written_is_in_order() -> None:
    # Mid-way and final evaluation begin on the day on which the one before ends: that is how it is planned.
    assert early(date(2018, 4, 1)) == []


def test_pilots_before_workshops_are_warned_of_though_each_is_within_its_window() -> None:
    assert early(date(2018, 4, 1), _12={"first_on": date(2018, 8, 15)}) == [(12, 10)]


def test_what_really_happened_counts_more_than_the_plan() -> None:
    prepared = {"done_on": date(2018, 8, 1)}
    done = {"began_on": date(2018, 8, 20), "done_on": date(2018, 9, 20)}
    waited = {"began_on": date(2018, 9, 21)}
    today = date(2018, 9, 30)

    assert early(today, _7=prepared, _10=done) == [(11, 10), (12, 10)]
    assert early(today, _7=prepared, _10=done, _12=waited) == [(11, 10)]


def test_what_should_be_done_and_is_not_lasts_until_today() -> None:
    assert early(date(2018, 8, 21)) == [(10, 7)]


def test_nothing_waits_for_what_is_called_off_or_gone() -> None:
    plan = {number: (facts, PLANNED) for number, facts in ORDER.items() if number != 7}
    plan[12] = (ORDER[12], ItemState.CALLED_OFF)

    assert list(too_early(plan, date(2018, 12, 24))) == [(11, 10)]
