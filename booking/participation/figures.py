"""What a figure is about: a period, and a scope; and how figures are rounded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

_AUTUMN_BEGINS: Final = 8


@dataclass(frozen=True, kw_only=True)
class Period:
    """A span of days, the first and the last included."""

    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which meetings a figure is about: those of some libraries, in a period, of all kinds but some.

    Nothing said of activities, kinds or sectors means all of them. A meeting is of each sector that one of
    its partners is of.
    """

    library_ids: Collection[int]
    period: Period
    leaving_out: Collection[str] = ()
    pilots_only: bool = False
    activity_ids: Collection[int] | None = None
    kinds: Collection[str] | None = None
    partner_sectors: Collection[str] | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingCounts:
    """How many meetings there were. No count of persons is in here, so this may be shown to anyone."""

    held: int = 0
    did_not_happen: int = 0


def rounded(value: Fraction, *, decimals: int) -> Decimal:
    """Round half up, as people do on paper: computers round 0.5 to the even neighbour."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def percent(part: int, whole: int) -> int | None:
    """Return a whole percentage, or nothing when there is nothing to take a part of."""
    return int(rounded(Fraction(100 * part, whole), decimals=0)) if whole else None


def half_year_of(day: date) -> Period:
    """Return the autumn (August to December) or the spring (January to July) that the day is in."""
    if day.month >= _AUTUMN_BEGINS:
        return Period(first=date(day.year, _AUTUMN_BEGINS, 1), last=date(day.year, 12, 31))
    return Period(first=date(day.year, 1, 1), last=date(day.year, _AUTUMN_BEGINS - 1, 31))
