"""What is drawn of a chart: a bar for each number that is shown, and for nothing else."""

import re

import pytest
from flask import Flask, render_template_string

from booking.reports.cells import Sign, Value
from booking.reports.charts import Series, bar_chart, line_chart, stacked_chart
from booking.reports.sign_wording import written_value

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

_DRAW = (
    "{% from 'macros/charts.html' import bars, lines %}"
    "{{ lines(chart, way) if chart.lines is defined else bars(chart, way) }}"
)


def drawn(app: Flask, chart: object, way: str = "ltr") -> str:
    with app.test_request_context():
        return render_template_string(_DRAW, chart=chart, way=way)


def series(*values: Value) -> list[Series]:
    return [Series(name="Oppmøte", values=values)]


def starts(svg: str) -> list[str]:
    return re.findall(r'<rect class="chart-bar" x="([\d.]+)%"', svg)


def test_a_hidden_number_is_its_sign_and_no_bar(app: Flask) -> None:
    with app.test_request_context():
        chart = bar_chart(
            code="c",
            title="T",
            labels=["A", "B", "C"],
            series=series(40, Sign.HIDDEN, 0),
            written=written_value,
        )

    svg = drawn(app, chart)

    assert len(starts(svg)) == 1
    assert re.findall(r'chart-number"[^>]*>([^<]*)<', svg) == ["40", ":", "0"]


def test_a_chart_says_what_it_is_and_brings_no_style(app: Flask) -> None:
    with app.test_request_context():
        chart = stacked_chart(
            code="c", title="<T>", labels=["A"], series=[*series(4), *series(6)], written=written_value
        )

    svg = drawn(app, chart)

    assert 'role="img"' in svg
    assert 'aria-labelledby="c-title c-desc"' in svg
    assert "&lt;T&gt;</title>" in svg
    assert "style=" not in svg
    assert len(re.findall(r'id="([^"]+)"', svg)) == len(set(re.findall(r'id="([^"]+)"', svg)))


def test_where_letters_run_from_the_right_so_do_bars(app: Flask) -> None:
    with app.test_request_context():
        chart = bar_chart(
            code="c", title="T", labels=["A", "B"], series=series(40, 20), written=written_value
        )

    assert starts(drawn(app, chart)) == ["0"] * 2
    assert starts(drawn(app, chart, "rtl")) == ["20.0", "60.0"]


def test_a_line_draws_no_stroke_to_what_is_hidden_and_hatches_what_is_missing(app: Flask) -> None:
    with app.test_request_context():
        chart = line_chart(
            code="c",
            title="T",
            labels=list("abcd"),
            series=series(4, 6, Sign.HIDDEN, Sign.MISSING),
            written=written_value,
        )

    svg = drawn(app, chart)

    assert len(re.findall(r'<line x1="', svg)) == 1
    assert svg.count("<use ") == 2
    assert svg.count('fill="url(#c-gap)"') == 1
    assert ">:</text>" in svg
