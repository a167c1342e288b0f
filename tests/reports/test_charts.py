"""Where the marks of a chart stand: what is withheld has no height, no length, and no say in the axis."""

from decimal import Decimal

import pytest

from booking.reports.cells import Sign, Value
from booking.reports.charts import Series, bar_chart, line_chart, scale, stacked_chart

HIDDEN, MISSING, NOTHING = Sign.HIDDEN, Sign.MISSING, Sign.NOTHING
WORDS = {HIDDEN: ":", MISSING: "missing", NOTHING: "–"}


def written(value: Value) -> str:
    return WORDS[value] if isinstance(value, Sign) else str(value)


def series(*values: Value) -> list[Series]:
    return [Series(name="Oppmøte", values=values)]


@pytest.mark.parametrize("sign", [HIDDEN, MISSING, NOTHING])
def test_where_there_is_no_number_there_is_no_bar_but_its_sign(sign: Sign) -> None:
    chart = bar_chart(code="c", title="T", labels=["A", "B"], series=series(10, sign), written=written)

    shown, hidden = (row.bars[0] for row in chart.rows)
    assert (shown.length, shown.words) == (80, "10")
    assert (hidden.length, hidden.words) == (0, WORDS[sign])


def test_bars_are_as_long_as_their_numbers() -> None:
    chart = bar_chart(
        code="c", title="T", labels=["A", "B"], series=series(Decimal("7.5"), 15), written=written
    )

    assert [row.bars[0].length for row in chart.rows] == [40, 80]


def test_nothing_at_all_is_drawn_without_dividing_by_it() -> None:
    chart = bar_chart(code="c", title="T", labels=["A"], series=series(0), written=written)

    assert chart.rows[0].bars[0].length == 0
    assert chart.rows[0].bars[0].words == "0"


def test_parts_follow_each_other_and_their_sum_stands_after_them() -> None:
    both = [Series(name="a", values=(30,)), Series(name="b", values=(10,))]
    chart = stacked_chart(code="c", title="T", labels=["A"], series=both, written=written)

    first, second, end = chart.rows[0].bars
    assert (first.start, first.length, second.start, second.length) == (0, 60, 60, 20)
    assert (end.length, end.words) == (0, "40")


def test_a_stack_with_a_withheld_part_tells_no_sum() -> None:
    both = [Series(name="a", values=(30, 6)), Series(name="b", values=(HIDDEN, 4))]
    chart = stacked_chart(code="c", title="T", labels=["A", "B"], series=both, written=written)

    assert [bar.words for bar in chart.rows[0].bars] == ["", ":"]
    assert [bar.words for bar in chart.rows[1].bars] == ["", "", "10"]


def test_a_line_breaks_where_a_number_is_withheld_or_missing() -> None:
    values = series(5, 6, HIDDEN, 8, 9, MISSING, 11)
    chart = line_chart(code="c", title="T", labels=list("abcdefg"), series=values, written=written)

    line = chart.lines[0]
    assert len(line.strokes) == 2
    assert [point.sign for point in line.points] == [None, None, HIDDEN, None, None, None]
    assert len(chart.gaps) == 1


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [
        (0, (0, 1, 2, 3)),
        (3, (0, 1, 2, 3)),
        (4, (0, 2, 4, 6)),
        (9, (0, 5, 10, 15)),
        (16, (0, 10, 20, 30)),
        (4321, (0, 2000, 4000, 6000)),
    ],
)
def test_an_axis_has_round_numbers(largest: int, ticks: tuple[int, ...]) -> None:
    assert scale(largest) == ticks


def test_the_axis_is_that_of_the_numbers_shown() -> None:
    few = line_chart(code="c", title="T", labels=["a", "b"], series=series(5, HIDDEN), written=written)

    assert few.ticks[-1][1] == "6"


@pytest.mark.parametrize("weeks", [1, 2, 7, 22, 53])
def test_labels_of_weeks_leave_each_other_room_on_a_phone(weeks: int) -> None:
    chart = line_chart(
        code="c",
        title="T",
        labels=[str(week) for week in range(weeks)],
        series=series(*range(weeks)),
        written=written,
    )

    assert 1 <= len(chart.labels) <= 6
    assert all(0 <= point.place <= 100 for point in chart.lines[0].points)
