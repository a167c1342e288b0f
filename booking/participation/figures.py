"""The figures themselves: counts, and what follows from them, by the definitions of the project."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

_SECONDS_PER_HOUR: Final = 3600
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


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The counts of one library and period; exact, and so for that library's own staff only."""

    sessions: int = 0
    named_attendances: int = 0
    anonymous_attendances: int = 0
    adults: int = 0
    unique: int = 0
    contact_seconds: int = 0
    booked: int = 0
    no_shows: int = 0
    late_cancellations: int = 0

    @property
    def attendances(self) -> int:
        """Visits by children and youth, named and anonymous (domain D3: deltakelser)."""
        return self.named_attendances + self.anonymous_attendances

    @property
    def all_attendances(self) -> int:
        """Visits by everybody, adults too, as the national library statistics count (NB-deltakere)."""
        return self.attendances + self.adults

    @property
    def contact_hours(self) -> Decimal:
        """Hours that children and youth spent at meetings, with one decimal."""
        return rounded(Fraction(self.contact_seconds, _SECONDS_PER_HOUR), decimals=1)

    @property
    def no_show_percent(self) -> int | None:
        """How many of a hundred places that were booked at the deadline stood empty without a word."""
        return percent(self.no_shows, self.booked)

    @property
    def late_cancellation_percent(self) -> int | None:
        """How many of a hundred places that were booked at the deadline were given back too late."""
        return percent(self.late_cancellations, self.booked)


def total(figures: Iterable[Figures]) -> Figures:
    """Add figures up. A child who goes to two libraries is counted in both: nobody is matched across them."""
    several = list(figures)
    return Figures(
        **{name: sum(getattr(one, name) for one in several) for name in Figures.__dataclass_fields__}
    )


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
