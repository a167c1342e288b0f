"""Which figures there are, what each of them means, and which may be shown to whom."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Final

from booking.activities.rules import Kind
from booking.errors import Refusal
from booking.participation.figures import Period, half_year_of

# Meetings that no child comes to are no part of what children took part in.
LEFT_OUT: Final = (Kind.STAFF_TRAINING, Kind.INTERNAL_MEETING)

_AMOUNT: Final = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?", re.ASCII)
_LONGEST: Final = timedelta(days=366 * 5)
_EARLIEST: Final = date(2000, 1, 1)
# The form is filled in during spring.
_LAST_MONTH_OF_LAST_YEAR: Final = 6
_LATEST: Final = date(2100, 12, 31)


class PeriodBackwards(Refusal):
    """The last day comes before the first."""

    code: ClassVar[str] = "period_backwards"
    field: ClassVar[str | None] = "last"


class PeriodTooLong(Refusal):
    """More than five years at once."""

    code: ClassVar[str] = "period_too_long"
    field: ClassVar[str | None] = "last"


class PeriodOutOfReach(Refusal):
    """A day long before this service, or long after it."""

    code: ClassVar[str] = "period_out_of_reach"
    field: ClassVar[str | None] = "first"


@dataclass(frozen=True, kw_only=True)
class SafeMeetings:
    """How many meetings of a library there were. Nothing in here counts persons: all may see it."""

    held: int = 0
    called_off: int = 0
    not_recorded: int = 0


def chosen_period(*, first: date | None, last: date | None, today: date) -> Period:
    """Return the days chosen, where nothing is chosen those of this half of the year.

    Refuses PeriodBackwards, PeriodTooLong and PeriodOutOfReach.
    """
    usual = half_year_of(first or last or today)
    period = Period(first=first or usual.first, last=last or usual.last)
    if period.first < _EARLIEST or period.last > _LATEST:
        raise PeriodOutOfReach
    if period.last < period.first:
        raise PeriodBackwards
    if period.last - period.first > _LONGEST:
        raise PeriodTooLong
    return period


def statistics_year(today: date) -> int:
    """Return the year that the national statistics ask about: until summer they ask about the last one."""
    return today.year - 1 if today.month <= _LAST_MONTH_OF_LAST_YEAR else today.year


def amount_of(text: str | None) -> Decimal | None:
    """Return the number that somebody wrote, with at most two decimals, or ValueError for what is none."""
    written = "".join((text or "").split()).replace(",", ".")
    if not written:
        return None
    if not _AMOUNT.fullmatch(written):
        message = "not an amount"
        raise ValueError(message)
    return Decimal(written)


def all_together(several: list[SafeMeetings]) -> SafeMeetings:
    """Add up the meetings of libraries."""
    return SafeMeetings(
        held=sum(one.held for one in several),
        called_off=sum(one.called_off for one in several),
        not_recorded=sum(one.not_recorded for one in several),
    )
