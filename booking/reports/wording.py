"""How figures are written: with their words, their definition, and a sign where there is nothing to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext

from booking.i18n import locale_of, spoken_language
from booking.participation.figures import Figures
from booking.reports.messages import FIGURES, MEETINGS
from booking.reports.queries import OwnFigures

NOTHING_TO_TELL: Final = "–"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure as a reader sees it."""

    name: str
    definition: str
    value: str


def lines_of(own: OwnFigures) -> Sequence[Line]:
    """Return the figures of a library; what is missing says so, and is never nought."""
    return [
        Line(name=gettext(name), definition=gettext(definition), value=_value(own, code))
        for code, (name, definition) in FIGURES.items()
    ]


def meeting_words() -> Sequence[tuple[str, str]]:
    """Return the columns that say nothing of persons, each with its definition."""
    return [(gettext(name), gettext(definition)) for name, definition in MEETINGS.values()]


def written(number: float | Decimal) -> str:
    """Write a number as the reader's language does."""
    return str(format_decimal(number, locale=locale_of(spoken_language())))


def _value(own: OwnFigures, code: str) -> str:
    if code != "sessions" and not own.figures.sessions:
        return gettext("missing") if own.missing else NOTHING_TO_TELL
    return _written(own.figures, code)


def _written(figures: Figures, code: str) -> str:
    value = getattr(figures, code)
    if value is None:
        return NOTHING_TO_TELL
    locale = locale_of(spoken_language())
    if code.endswith("_percent"):
        return str(format_percent(value / 100, locale=locale))
    if isinstance(value, Decimal):
        return str(format_decimal(value, format="#,##0.0", locale=locale))
    return written(value)
