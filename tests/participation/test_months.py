"""Months as columns: which days they have, and that what is packed comes out again."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.participation.columns import dense, once_with_counts, places_within
from booking.participation.figures import Period
from booking.participation.months import (
    days_of,
    month_number,
    packed,
    partners_in,
    partners_word,
    unpacked,
    week_of,
)

numbers = st.lists(st.one_of(st.integers(0, 300), st.integers(0, 2**40)), max_size=30)


def test_months_follow_on_each_other_and_have_all_days() -> None:
    months = [days_of(month_number(date(2026, 11, 24)) + step) for step in range(30)]

    assert months[0] == Period(first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert months[1].last == date(2026, 12, 31)
    assert months[15].last == date(2028, 2, 29)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(months))


def test_weeks_are_those_of_the_calendar_also_at_new_year() -> None:
    assert [week_of(day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4))] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]


@given(several=st.lists(numbers, max_size=5))
def test_what_is_packed_comes_out_again(several: list[list[int]]) -> None:
    found = unpacked([packed(each) for each in several], [len(each) for each in several])

    assert found.tolist() == [[number for each in several for number in each]]


@pytest.mark.parametrize(("most", "size"), [(0, 1), (255, 1), (256, 2), (65535, 2), (65536, 4), (2**32, 8)])
def test_numbers_take_no_more_room_than_the_greatest_needs(most: int, size: int) -> None:
    assert len(packed([most])) == size


def test_rows_of_numbers_come_out_as_rows() -> None:
    both = unpacked([packed([1, 2, 3, 4]), packed([5, 600])], [2, 1], rows=2)

    assert both.tolist() == [[1, 2, 5], [3, 4, 600]]


def test_partners_are_one_word_whatever_their_order() -> None:
    pairs = [(12, "school"), (3, "health")]

    assert partners_word(pairs) == partners_word(pairs[::-1]) == "3:health|12:school"
    assert partners_in("3:health|12:school") == pairs[::-1]
    assert (partners_word([]), partners_in("")) == ("", [])


@given(several=numbers)
def test_numbers_are_told_apart_counted_and_placed(several: list[int]) -> None:
    column = np.array(several, dtype=np.int64)

    each, places = dense(column)
    counted = dict(zip(*(part.tolist() for part in once_with_counts(column)), strict=True))

    assert each[places].tolist() == several
    assert each.tolist() == sorted(set(several)) == list(counted)
    assert counted == {number: several.count(number) for number in several}
    assert places_within(column).tolist() == [
        several[:place].count(number) for place, number in enumerate(several)
    ]
