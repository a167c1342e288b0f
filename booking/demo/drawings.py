"""Drawings for the page kit: long and short, withheld and missing."""

from typing import Final

from booking.reports.cells import HIDDEN_SIGN, Sign, Value
from booking.reports.charts import BarChart, LineChart, Series, bar_chart, line_chart

_LIBRARIES: Final = ("Granlia bibliotek", "Fjellgrend bibliotek")
_WEEKS: Final = ("41", "42", "43", "44")


def kit_bars() -> BarChart:
    """Return bars of which one is withheld, and one is nought."""
    series = [
        Series(name="Treff", values=(12, 0)),
        Series(name="Deltakelser", values=(48, Sign.HIDDEN)),
    ]
    return bar_chart(code="kit-bars", title="Stolper", labels=_LIBRARIES, series=series, written=_written)


def kit_lines() -> LineChart:
    """Return two lines with a week that is missing, and one that is withheld."""
    series = [
        Series(name=_LIBRARIES[0], values=(6, 9, Sign.MISSING, 7)),
        Series(name=_LIBRARIES[1], values=(5, Sign.HIDDEN, 8, 11)),
    ]
    return line_chart(code="kit-lines", title="Linjer", labels=_WEEKS, series=series, written=_written)


def _written(value: Value) -> str:
    return HIDDEN_SIGN if isinstance(value, Sign) else str(value)
