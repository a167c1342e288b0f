"""A library's own figures in words: each with its meaning and with what the project set itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flask_babel import gettext, ngettext

from booking.i18n import short_date
from booking.participation.figures import Period
from booking.participation.metrics import METRICS, Unit
from booking.participation.missing_rules import is_missing
from booking.reports.cells import Sign, Table
from booking.reports.cells import Unit as Written
from booking.reports.cells import Value as Told
from booking.reports.metric_messages import METRIC_WORDS, PARTS, UNIT_WORDS
from booking.reports.own_queries import OwnReport
from booking.reports.sign_wording import written_value
from booking.reports.target_queries import Targets

_WRITTEN: Final[Mapping[Unit, Written]] = {Unit.PERCENT: Written.PERCENT, Unit.HOURS: Written.HOURS}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One figure as its reader sees it."""

    code: str
    name: str
    definition: str
    value: str
    beside: str
    target: str


def parts_of(report: OwnReport, targets: Targets) -> Sequence[tuple[str, Sequence[Line]]]:
    """Return the figures in their parts; what is missing says so, and is never nought."""
    return [(gettext(title), [_line(report, targets, code) for code in codes]) for title, codes in PARTS]


def told(report: OwnReport, code: str) -> Told:
    """Return what a figure comes to, or why there is none."""
    tallies, value = report.measured.tallies, report.measured.values[code].shown
    if is_missing(code, tallies):
        return Sign.MISSING
    if code != "sessions" and not tallies.sessions:
        return Sign.MISSING if report.missing else Sign.NOTHING
    return Sign.NOTHING if value is None else _tidy(value)


def figures_table(report: OwnReport, targets: Targets) -> Table:
    """Return all figures, one in each row, with what the project set itself."""
    rows = [
        (
            gettext(METRIC_WORDS[code][0]),
            told(report, code),
            gettext(UNIT_WORDS[METRICS[code].unit]),
            _tidy(targets[code]) if code in targets else gettext("not set"),
        )
        for _title, codes in PARTS
        for code in codes
    ]
    columns = (
        ("figure", gettext("Figure")),
        ("value", gettext("Value")),
        ("unit", gettext("Unit")),
        ("target", gettext("Target")),
    )
    return Table(code="figures", title=gettext("Figures"), columns=columns, rows=tuple(rows))


def days_of(period: Period) -> str:
    """Write the first and the last day."""
    return f"{short_date(period.first)}–{short_date(period.last)}"


def _line(report: OwnReport, targets: Targets, code: str) -> Line:
    name, definition = METRIC_WORDS[code]
    unit = _WRITTEN.get(METRICS[code].unit, Written.COUNT)
    target = targets.get(code)
    return Line(
        code=code,
        name=gettext(name),
        definition=gettext(definition),
        value=written_value(told(report, code), unit),
        beside=_beside(report) if code == "unique" else "",
        target=gettext("not set") if target is None else written_value(_tidy(target), unit),
    )


def _beside(report: OwnReport) -> str:
    """Return what stands beside the number of different persons: it is short of those without a name."""
    anonymous = report.measured.tallies.anonymous_attendances
    if not anonymous or report.nobody_has_a_name:
        return ""
    return str(
        ngettext(
            "and one attendance without a name",
            "and %(written)s attendances without a name",
            anonymous,
            written=written_value(anonymous),
        )
    )


def _tidy(number: Decimal) -> int | Decimal:
    """Return a whole number as one: a sheet shows the others with a decimal."""
    is_whole = number.as_tuple().exponent == 0
    return int(number) if is_whole else number
