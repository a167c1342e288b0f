"""Hiding the least that is enough: the worked examples, the optimum against all choices, and an outsider."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.publications.hiding import PATIENCE, choose_hidden
from booking.publications.protection import Cell, Counts, Limit, Rule, is_safe_in_one_row
from tests.publications.outsider import Outsider, of_table

Rows = Sequence[Sequence[int]]

SMALL_ROWS = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=3)
ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 40)), min_size=width, max_size=width),
        min_size=2,
        max_size=5,
    )
)


def table_of(rows: Rows) -> Counts:
    """A table with its margins, in which nothing was told yet."""
    height, width = len(rows), len(rows[0])
    places = [(row, column) for row in (*range(height), "all") for column in (*range(width), "all")]
    cells = [_cell(place, height, width) for place in places]
    lines: dict[Any, list[int]] = {}
    for number, (row, column) in enumerate(places):
        lines.setdefault(("row", row), []).append(number)
        lines.setdefault(("column", column), []).append(number)
    parts = [value for row in rows for value in row]
    return Counts(parts=parts, cells=cells, equations=[tuple(line) for line in lines.values()])


def _cell(place: tuple[Any, Any], height: int, width: int) -> Cell:
    rows = range(height) if place[0] == "all" else (place[0],)
    columns = range(width) if place[1] == "all" else (place[1],)
    parts = tuple(row * width + column for row in rows for column in columns)
    return Cell(name=place, parts=parts, newer=parts)


def hidden_in(rows: Rows, rule: Rule | None = None, patience: int = PATIENCE) -> frozenset[Any]:
    counts = table_of(rows)
    chosen = choose_hidden(counts, rule or Rule(), patience=patience)
    return frozenset(counts.cells[cell].name for cell in chosen)


def test_of_one_row_the_smallest_other_is_hidden_too() -> None:
    # Worked example 2: 14, 9, 6 and 3 with their sum 32. As a column with a margin beside it each figure
    # stands there twice.
    hidden = hidden_in([[14], [9], [6], [3]])

    assert {row for row, _column in hidden} == {2, 3}
    assert is_safe_in_one_row([6, 3], Rule())


def test_of_a_table_the_cheapest_rectangle_is_hidden() -> None:
    # Worked example 3: libraries by age, of which one figure is 2.
    rows = [[12, 8, 5], [7, 6, 2], [6, 5, 6], [5, 9, 7]]

    hidden = hidden_in(rows)

    assert hidden == {(1, 1), (1, 2), (2, 1), (2, 2)}
    assert of_table(rows, hidden) == {(1, 2): (1, 7), (1, 1): (1, 7), (2, 2): (1, 7), (2, 1): (4, 10)}


def test_a_table_without_small_counts_is_told_whole() -> None:
    assert hidden_in([[5, 0, 9], [12, 7, 0]]) == frozenset()


def test_a_small_total_is_hidden_as_well() -> None:
    hidden = hidden_in([[1, 2, 0], [9, 8, 12]])

    assert (0, "all") in hidden
    assert (0, 2) not in hidden


@pytest.mark.parametrize("least", [0, 1, 2])
def test_no_house_may_tell_of_one_or_two(least: int) -> None:
    with pytest.raises(ValueError, match="3 or more"):
        Rule(least_count=least)


@pytest.mark.parametrize(
    ("hidden", "safe"), [([], True), ([9], False), ([3, 2], False), ([3, 3], True), ([1, 1, 1, 4], False)]
)
def test_a_single_row_needs_no_search(hidden: list[int], safe: bool) -> None:
    assert is_safe_in_one_row(hidden, Rule()) is safe


@settings(max_examples=12, deadline=None, derandomize=True)
@given(ROWS)
def test_an_outsider_never_comes_near_a_hidden_figure(rows: list[list[int]]) -> None:
    hidden = hidden_in(rows)

    for place, (low, high) in of_table(rows, hidden).items():
        assert high - low >= 4, place
        assert high >= 5, place
        # Of a sum it is known that each figure in it that is not nought is one at least.
        assert "all" in place or low < 5, place


@settings(max_examples=10, deadline=None, derandomize=True)
@given(SMALL_ROWS, st.sampled_from([3, 5]))
def test_no_other_choice_hides_less(rows: list[list[int]], least: int) -> None:
    rule, bare = Rule(least_count=least), Rule(least_count=least, minds_kinds=False)
    hidden, needed = hidden_in(rows, rule), hidden_in(rows, bare)

    cheapest = [next(_safe_choices(rows, bare, ())), next(_safe_choices(rows, rule, needed))]

    assert needed <= hidden
    assert [_cost(rows, needed), _cost(rows, hidden)] == cheapest


def _cost(rows: Rows, hidden: frozenset[Any]) -> tuple[int, int]:
    return _total(hidden, _values(rows))


def _safe_choices(rows: Rows, rule: Rule, forced: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """Return what each safe choice costs, the cheapest first: every choice with these, one by one."""
    counts, values = table_of(rows), _values(rows)
    small = {place for place, value in values.items() if rule.is_small(value)}.union(forced)
    others = [place for place, value in values.items() if value and place not in small]
    choices = [
        frozenset(small.union(chosen))
        for size in range(len(others) + 1)
        for chosen in combinations(others, size)
    ]
    lines = [{counts.cells[number].name for number in line} for line in counts.equations]
    for choice in sorted(choices, key=lambda each: _total(each, values)):
        if not any(len(line & choice) == 1 for line in lines) and _is_safe(rows, choice, rule):
            yield _total(choice, values)


def _total(choice: frozenset[Any], values: dict[Any, int]) -> tuple[int, int]:
    return sum(values[place] for place in choice), len(choice)


def _is_safe(rows: Rows, choice: frozenset[Any], rule: Rule) -> bool:
    least = rule.least_count
    everything = of_table(rows, frozenset(place for place, value in _values(rows).items() if value))
    return all(
        high - low >= least - 1
        and high >= least
        and (not rule.minds_kinds or low < least or everything[place][0] >= least)
        for place, (low, high) in of_table(rows, choice).items()
    )


def _values(rows: Rows) -> dict[Any, int]:
    counts = table_of(rows)
    return {cell.name: counts.value(number) for number, cell in enumerate(counts.cells)}


def test_of_equal_choices_it_is_always_the_same_that_shows_what_comes_first() -> None:
    rows = [[6, 6, 6], [6, 6, 6], [6, 6, 3]]

    found = {hidden_in(rows) for _ in range(3)}

    assert found == {frozenset({(1, 1), (1, 2), (2, 1), (2, 2)})}


@pytest.mark.parametrize("patience", [0, 40, 60, 80, 120])
def test_whoever_runs_out_of_patience_hides_more_and_never_less(patience: int) -> None:
    rows = [[16, 22, 13, 6], [4, 10, 50, 9], [8, 90, 4, 12], [21, 19, 6, 3], [7, 1, 50, 61]]
    best = hidden_in(rows)

    hurried = hidden_in(rows, patience=patience)

    assert _cost(rows, hurried) >= _cost(rows, best)
    for place, (low, high) in of_table(rows, hurried).items():
        assert high - low >= 4, place
        assert high >= 5, place


def test_without_any_patience_everything_is_hidden() -> None:
    rows = [[12, 8, 5], [7, 6, 2], [6, 5, 6], [5, 9, 7]]

    assert hidden_in(rows, patience=0) == frozenset(_values(rows))


@pytest.mark.parametrize(
    ("places", "widest"), [(None, (1, 14)), (9, (1, 9)), (4, (1, 4)), (3, (1, 3)), (2, (1, 2))]
)
def test_of_few_places_it_is_guarded_as_far_as_it_goes(places: int | None, widest: tuple[int, int]) -> None:
    # The first two are hidden, and thirteen with them; of as few as there were places no more can be hidden.
    few, some, many = 0, 1, 2
    sums = [(few,), (some,), (many,), (few, some, many)]
    rooms = [] if places is None else [Limit(fewer=((1, few),), beyond=places)]
    counts = Counts(
        parts=[2, 13, 40],
        cells=[Cell(name=parts, parts=parts, newer=parts) for parts in sums],
        watched=[(few,)],
        rooms=rooms,
    )

    chosen = choose_hidden(counts, Rule())

    outsider = Outsider()
    outsider.knows(outsider.some(few) <= (places or 1000))
    for cell, parts in enumerate(sums):
        outsider.sees(outsider.some(*parts), None if cell in chosen else counts.sum_of(parts))
    assert outsider.range_of(outsider.some(few)) == widest


@given(rows=ROWS, places=st.lists(st.integers(0, 8), min_size=25, max_size=25))
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
def test_whoever_knows_how_many_could_have_been_comes_no_nearer_than_where_nothing_is_told(
    rows: Rows, places: Sequence[int]
) -> None:
    bare = table_of(rows)
    free = zip(bare.parts, places, strict=False)
    rooms = [Limit(fewer=((1, part),), beyond=sum(each)) for part, each in enumerate(free)]
    counts = replace(bare, rooms=rooms)
    chosen, everything = choose_hidden(counts, Rule()), frozenset(range(len(counts.cells)))

    seeing, blind = (_knows_room(counts, hidden) for hidden in (chosen, everything))

    for cell in chosen:
        low, high = seeing.range_of(seeing.some(*counts.cells[cell].parts))
        least, most = blind.range_of(blind.some(*counts.cells[cell].parts))
        assert high - low >= min(4, most - least), counts.cells[cell].name
        assert high >= min(5, most), counts.cells[cell].name


def _knows_room(counts: Counts, hidden: frozenset[int]) -> Outsider:
    outsider = Outsider()
    for part, room in enumerate(counts.rooms):
        outsider.knows(outsider.some(part) <= room.beyond)
    for number, cell in enumerate(counts.cells):
        if counts.value(number):
            told = None if number in hidden else counts.value(number)
            outsider.sees(outsider.some(*cell.parts), told)
        else:
            outsider.sees(outsider.some(*cell.parts), 0)
    return outsider


def test_what_was_hidden_under_a_lower_least_count_is_not_told_under_a_higher_one() -> None:
    few, others, new = 0, 1, 2
    sums = [(few,), (others,), (few, others), (new,), (few, new)]
    counts = Counts(
        parts=[2, 2, 9],
        cells=[Cell(name=parts, parts=parts, newer=parts) for parts in sums],
        watched=[(few,), (others,)],
        shown=frozenset({2}),
        hidden=frozenset({0, 1}),
    )

    chosen = choose_hidden(counts, Rule(least_count=5).after([3]))

    outsider = Outsider()
    for cell, parts in enumerate(sums):
        is_hidden = cell in counts.hidden | chosen
        outsider.sees(outsider.some(*parts), None if is_hidden else counts.sum_of(parts))
    assert outsider.range_of(outsider.some(few)) == (1, 3)
