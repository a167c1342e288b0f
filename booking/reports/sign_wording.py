"""How a cell is written on a page, in the reader's language; a sign is said aloud too."""

from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal, format_percent
from flask_babel import gettext
from markupsafe import Markup

from booking.i18n import N_, locale_of, short_date, spoken_language
from booking.reports.cells import HIDDEN_SIGN, NOTHING_SIGN, Cell, Sign, Unit, Value

_SAID_OF_HIDDEN: Final = N_("not shown for privacy")
_SAID_OF_NOTHING: Final = N_("nothing to tell")


def missing_word() -> str:
    """Return the word that stands where nobody recorded anything."""
    return str(gettext("missing"))


def written_value(value: Value, unit: Unit = Unit.COUNT) -> str:
    """Write a number as the reader's language does, or the sign that stands in its place."""
    if isinstance(value, Sign):
        return {Sign.HIDDEN: HIDDEN_SIGN, Sign.NOTHING: NOTHING_SIGN, Sign.MISSING: missing_word()}[value]
    locale = locale_of(spoken_language())
    if unit is Unit.PERCENT:
        return str(format_percent(Decimal(value) / 100, locale=locale, decimal_quantization=False))
    is_whole = isinstance(value, int) and unit is Unit.COUNT
    return str(format_decimal(value, format="#,##0" if is_whole else "#,##0.0", locale=locale))


def shown(cell: Cell, unit: Unit = Unit.COUNT) -> str:
    """Return the cell for a page; a screen reader hears what a sign means."""
    if isinstance(cell, Sign) and cell is not Sign.MISSING:
        said = _SAID_OF_HIDDEN if cell is Sign.HIDDEN else _SAID_OF_NOTHING
        mark = Markup('<span aria-hidden="true">{}</span><span class="unseen">{}</span>')
        return mark.format(written_value(cell), gettext(said))
    if isinstance(cell, date):
        return short_date(cell)
    return written_value(cell, unit) if isinstance(cell, int | Decimal | Sign) else cell


def meanings_of_signs() -> tuple[tuple[str, str], ...]:
    """Return each sign that can stand in a file or a table, and what it means."""
    return (
        (HIDDEN_SIGN, gettext("Not shown for privacy: small numbers, and numbers that would tell them.")),
        (missing_word(), gettext("Nobody recorded it. It is not nought.")),
        (NOTHING_SIGN, gettext("There is nothing to take a part of.")),
    )
