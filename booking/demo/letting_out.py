"""Letting the demonstration's figures out when the worker would have, with what was known by then."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.clock import Clock, instant_at, local_date
from booking.publications.operations import decide_figures
from booking.publications.protection import Rule
from booking.publications.tables import GRACE
from booking.reports.operations import let_out_figures
from booking.reports.rules import LEFT_OUT

# The worker looks each minute.
_SOON: Final = timedelta(minutes=1)
_LONGER_THAN_A_MONTH: Final = timedelta(days=32)


def moments_of_letting_out(*, first_closed_at: datetime, now: datetime) -> Sequence[datetime]:
    """Return when the worker may have a month to let out: a first register is closed, or a month over."""
    moments = [first_closed_at]
    month = local_date(first_closed_at).replace(day=1)
    while moments[-1] < now:
        moments.append(instant_at(month + GRACE, time(0)))
        month = (month + _LONGER_THAN_A_MONTH).replace(day=1)
    return sorted(moment + _SOON for moment in moments if first_closed_at <= moment < now - _SOON)


def let_out_what_is_due(session: Session, clock: Clock, *, rule: Rule) -> int:
    """Let out every month that is due by now, as the worker does; return how many there were."""
    done = 0
    while let_out_figures(
        session, clock, decided=decide_figures(session, clock, rule=rule, leaving_out=LEFT_OUT)
    ):
        done += 1
    return done
