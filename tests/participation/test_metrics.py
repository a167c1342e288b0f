"""Every figure of the definitions, on the worked examples."""

from decimal import Decimal
from fractions import Fraction

import pytest

from booking.participation.metrics import METRICS, Form, Unit, value_of, values_of
from booking.participation.tallies import (
    Dimension,
    Measure,
    Tallies,
    adds_up,
    counts_persons,
    median_of,
    sum_of,
)

ONE = Tallies(
    sessions=3,
    named_attendances=9,
    unique=5,
    population=716,
    residents=5,
    booked=11,
    no_shows=2,
    visits_each={1: 2, 2: 2, 3: 1},
)


@pytest.mark.parametrize(
    ("spread", "middle"),
    [({}, None), ({4: 1}, 4), ({1: 1, 2: 1}, Fraction(3, 2)), ({1: 2, 2: 2, 3: 1}, 2), ({1: 3, 9: 1}, 1)],
)
def test_the_middle_of_an_even_number_lies_between_two(
    spread: dict[int, int], middle: Fraction | None
) -> None:
    assert median_of(spread) == middle


def test_of_nobody_there_is_no_mean_no_share_and_no_middle() -> None:
    values = values_of(Tallies())

    for code, definition in METRICS.items():
        is_count = definition.form in {Form.COUNT, Form.SUM}
        assert (values[code].shown is None) is not is_count


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 8, "13"), (1, 199, "1"), (1, 200, "0.5"), (199, 200, "99.5"), (0, 5, "0"), (5, 5, "100")],
)
def test_a_percentage_has_a_decimal_only_where_many_are_counted(part: int, whole: int, shown: str) -> None:
    value = value_of(METRICS["no_show"], Tallies(no_shows=part, booked=whole))

    assert value.shown == Decimal(shown)
    assert str(value.shown) == shown
    assert value.rest == whole - part


def test_libraries_add_up_and_their_middles_are_taken_anew() -> None:
    both = sum_of([ONE, Tallies(unique=1, visits_each={9: 1}, population=100)])

    assert (both.sessions, both.unique, both.population) == (3, 6, 816)
    assert both.visits_each == {1: 2, 2: 2, 3: 1, 9: 1}
    assert value_of(METRICS["dose_sessions_median"], both).shown == Decimal("2.0")


def test_every_definition_names_counts_that_there_are() -> None:
    for definition in METRICS.values():
        assert hasattr(ONE, definition.part)
        assert definition.whole is None or hasattr(ONE, definition.whole)
        assert (definition.unit in {Unit.PERCENT, Unit.PER_THOUSAND}) is (definition.form is Form.SHARE)


@pytest.mark.parametrize(
    ("measure", "by", "does"),
    [
        (Measure.UNIQUE, (Dimension.LIBRARY, Dimension.AGE_BAND), True),
        (Measure.UNIQUE, (Dimension.LIBRARY, Dimension.WEEK), False),
        (Measure.NEW, (Dimension.WEEK,), True),
        (Measure.SESSIONS, (Dimension.PARTNER_SECTOR,), False),
    ],
)
def test_it_is_known_which_parts_add_up(measure: Measure, by: tuple[Dimension, ...], does: bool) -> None:
    assert adds_up(measure, by) is does


def test_all_counts_but_those_of_meetings_are_of_persons() -> None:
    assert {measure for measure in Measure if not counts_persons(measure)} == {Measure.SESSIONS}
