"""Where each mark of a chart stands. A chart draws numbers that are shown, and nothing else has a height.

Widths are hundredths of the drawing's width, so that it fits a phone and a sheet of paper; heights are
pixels.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from booking.reports.cells import Sign, Value

Written = Callable[[Value], str]

# The rest of the width is for the number that stands at the end of a bar.
_LONGEST_BAR: Final = 80
_LABEL_HEIGHT: Final = 26
_BAR_HEIGHT: Final = 22
_BAR_GAP: Final = 4
_ROW_GAP: Final = 16
_PLOT_TOP: Final = 24
_PLOT_HEIGHT: Final = 140
_AXIS_HEIGHT: Final = 34
_FIRST_POINT: Final = 6
_LAST_POINT: Final = 96
_MOST_LABELS: Final = 6
_STEPS: Final = (1, 2, 5, 10)
_FEWEST_TICKS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Series:
    """One thing that is told for each row or week."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar, or the sign that stands where there is no number; such a one has no length."""

    series: int
    start: float
    length: float
    top: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """What stands under one label."""

    label: str
    top: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class BarChart:
    """Bars beside each other, or in one line after each other."""

    code: str
    title: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    height: int
    bar_height: int = _BAR_HEIGHT


@dataclass(frozen=True, kw_only=True)
class Point:
    """One number of a line, or a sign on the ground line."""

    place: float
    top: float
    sign: Sign | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """The points of one series, and the strokes between neighbours that both have a number."""

    series: int
    points: tuple[Point, ...]
    strokes: tuple[tuple[Point, Point], ...]


@dataclass(frozen=True, kw_only=True)
class LineChart:
    """Lines over weeks."""

    code: str
    title: str
    names: tuple[str, ...]
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    gaps: tuple[tuple[float, float], ...]
    top: int = _PLOT_TOP
    ground: int = _PLOT_TOP + _PLOT_HEIGHT
    height: int = _PLOT_TOP + _PLOT_HEIGHT + _AXIS_HEIGHT


def bar_chart(
    *, code: str, title: str, labels: Sequence[str], series: Sequence[Series], written: Written
) -> BarChart:
    """Return a chart with a bar for each series under each label."""
    largest = _largest(series)
    row_height = _LABEL_HEIGHT + len(series) * (_BAR_HEIGHT + _BAR_GAP) + _ROW_GAP
    rows = []
    for place, label in enumerate(labels):
        top = place * row_height
        bars = tuple(
            Bar(
                series=number,
                start=0,
                length=_share(each.values[place], largest),
                top=top + _LABEL_HEIGHT + number * (_BAR_HEIGHT + _BAR_GAP),
                words=written(each.values[place]),
            )
            for number, each in enumerate(series)
        )
        rows.append(Row(label=label, top=top, bars=bars))
    names = tuple(each.name for each in series)
    return BarChart(code=code, title=title, names=names, rows=tuple(rows), height=len(labels) * row_height)


def stacked_chart(
    *, code: str, title: str, labels: Sequence[str], series: Sequence[Series], written: Written
) -> BarChart:
    """Return a chart with one line for each label, in which the series follow each other.

    A part without a number has no length; its sign stands after the line, once.
    """
    columns = [tuple(each.values[place] for each in series) for place in range(len(labels))]
    largest = max((sum(map(_number, column)) for column in columns), default=0)
    row_height = _LABEL_HEIGHT + _BAR_HEIGHT + _ROW_GAP
    rows = tuple(
        Row(
            label=label,
            top=place * row_height,
            bars=tuple(_parts(column, float(largest), place * row_height + _LABEL_HEIGHT, written)),
        )
        for place, (label, column) in enumerate(zip(labels, columns, strict=True))
    )
    names = tuple(each.name for each in series)
    return BarChart(code=code, title=title, names=names, rows=rows, height=len(labels) * row_height)


def line_chart(
    *, code: str, title: str, labels: Sequence[str], series: Sequence[Series], written: Written
) -> LineChart:
    """Return a chart with a line for each series over the labels, which follow each other in time."""
    ticks = scale(_largest(series))
    places = _places(len(labels))
    every = max(1, -(-len(labels) // _MOST_LABELS))
    return LineChart(
        code=code,
        title=title,
        names=tuple(each.name for each in series),
        lines=tuple(_line(number, each, places, ticks[-1]) for number, each in enumerate(series)),
        ticks=tuple((_height(tick, ticks[-1]), written(tick)) for tick in ticks),
        labels=tuple(zip(places, labels, strict=True))[::every],
        gaps=tuple(_gaps(series, places)),
    )


def scale(largest: float) -> tuple[int, ...]:
    """Return round numbers from nought to the first one that is not under the largest."""
    step = next(
        step * 10**power
        for power in range(12)
        for step in _STEPS
        if step * 10**power * _FEWEST_TICKS >= largest
    )
    return tuple(range(0, _FEWEST_TICKS * step + 1, step))


def _largest(series: Sequence[Series]) -> float:
    # Only what is shown: the length of an axis would tell a number that is withheld.
    return float(max((_number(value) for each in series for value in each.values), default=0))


def _number(value: Value) -> int | Decimal:
    return 0 if isinstance(value, Sign) else value


def _share(value: Value, largest: float) -> float:
    return round(_LONGEST_BAR * float(_number(value)) / largest, 2) if largest else 0.0


def _parts(values: Sequence[Value], largest: float, top: int, written: Written) -> Iterator[Bar]:
    reached = 0.0
    for number, value in enumerate(values):
        length = _share(value, largest)
        if length:
            yield Bar(series=number, start=reached, length=length, top=top, words="")
        reached = round(reached + length, 2)
    signs = [value for value in values if isinstance(value, Sign)]
    # What is withheld must not be told by the number after the line: there is none then.
    end = written(sum(map(_number, values))) if not signs else written(min(signs))
    yield Bar(series=0, start=reached, length=0, top=top, words=end)


def _places(count: int) -> tuple[float, ...]:
    if count == 1:
        return ((_FIRST_POINT + _LAST_POINT) / 2,)
    step = (_LAST_POINT - _FIRST_POINT) / max(1, count - 1)
    return tuple(round(_FIRST_POINT + place * step, 2) for place in range(count))


def _height(value: float, highest: int) -> float:
    return round(_PLOT_TOP + _PLOT_HEIGHT * (1 - value / highest), 1)


def _line(number: int, series: Series, places: Sequence[float], highest: int) -> Line:
    points = [
        Point(
            place=place,
            top=_height(float(_number(value)), highest),
            sign=value if isinstance(value, Sign) else None,
        )
        for place, value in zip(places, series.values, strict=True)
    ]
    strokes = tuple((one, other) for one, other in pairwise(points) if not (one.sign or other.sign))
    seen = tuple(point for point in points if point.sign in {None, Sign.HIDDEN})
    return Line(series=number, points=seen, strokes=strokes)


def _gaps(series: Sequence[Series], places: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield where somebody's number is missing: as high as the drawing, so that it looks like no number."""
    half = (_LAST_POINT - _FIRST_POINT) / max(2, len(places)) / 2
    for number, place in enumerate(places):
        if any(each.values[number] is Sign.MISSING for each in series):
            # No further than the drawing: of few places each is wide.
            first, last = max(place - half, 0), min(place + half, 100)
            yield round(first, 2), round(last - first, 2)
