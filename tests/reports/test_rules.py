"""Which days figures are about."""

from datetime import date

import pytest

from booking.errors import Refusal
from booking.participation.figures import Period
from booking.reports.rules import (
    PeriodBackwards,
    PeriodOutOfReach,
    PeriodTooLong,
    SafeMeetings,
    all_together,
    chosen_period,
)

TODAY = date(2026, 11, 24)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 31)


@pytest.mark.parametrize(
    ("first", "last", "period"),
    [
        (None, None, (date(2026, 8, 1), date(2026, 12, 31))),
        (SEPTEMBER, None, (SEPTEMBER, date(2026, 12, 31))),
        (None, OCTOBER, (date(2026, 8, 1), OCTOBER)),
        (SEPTEMBER, OCTOBER, (SEPTEMBER, OCTOBER)),
        (date(2025, 3, 1), None, (date(2025, 3, 1), date(2025, 7, 31))),
        (TODAY, TODAY, (TODAY, TODAY)),
    ],
)
def test_what_is_not_chosen_is_this_half_of_the_year(
    first: date | None, last: date | None, period: tuple[date, date]
) -> None:
    assert chosen_period(first=first, last=last, today=TODAY) == Period(first=period[0], last=period[1])


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (OCTOBER, SEPTEMBER, PeriodBackwards),
        (date(2015, 1, 1), OCTOBER, PeriodTooLong),
        (date(1999, 12, 31), None, PeriodOutOfReach),
        (None, date(9999, 12, 31), PeriodOutOfReach),
    ],
)
def test_days_that_make_no_period_are_refused(
    first: date | None, last: date | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        chosen_period(first=first, last=last, today=TODAY)


def test_meetings_of_libraries_add_up() -> None:
    several = [SafeMeetings(held=1, called_off=2), SafeMeetings(held=3, not_recorded=4)]

    assert all_together(several) == SafeMeetings(held=4, called_off=2, not_recorded=4)
    assert all_together([]) == SafeMeetings()
