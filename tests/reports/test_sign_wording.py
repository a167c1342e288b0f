"""How figures are written: as each language writes them, and a sign where there is no number."""

from decimal import Decimal

import pytest
from flask import Flask

from booking.i18n import in_language
from booking.reports.cells import Sign, Unit, Value
from booking.reports.sign_wording import shown, written_value


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("value", "unit", "nb", "en"),
    [
        (10000, Unit.COUNT, "10\u00a0000", "10,000"),
        (Decimal("1.8"), Unit.COUNT, "1,8", "1.8"),
        (Decimal("20.0"), Unit.HOURS, "20,0", "20.0"),
        (60, Unit.PERCENT, "60\u00a0%", "60%"),
        (Decimal("62.5"), Unit.PERCENT, "62,5\u00a0%", "62.5%"),
        (0, Unit.COUNT, "0", "0"),
        (Sign.HIDDEN, Unit.COUNT, ":", ":"),
        (Sign.MISSING, Unit.COUNT, "mangler", "missing"),
        (Sign.NOTHING, Unit.PERCENT, "–", "–"),
    ],
)
def test_a_figure_is_written_as_its_reader_writes(
    app: Flask, value: Value, unit: Unit, nb: str, en: str
) -> None:
    with app.test_request_context():
        with in_language("nb"):
            assert written_value(value, unit) == nb
        with in_language("en"):
            assert written_value(value, unit) == en


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_sign_is_said_aloud(app: Flask) -> None:
    with app.test_request_context(), in_language("nb"):
        assert "vises ikke av personvernhensyn" in shown(Sign.HIDDEN)
        assert shown("<b>") == "<b>"
