"""Finding what of the plan stands in the calendars of staff and of partners."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from booking.clock import local_date
from booking.feeds.rules import Span
from booking.plan.models import PlanItem
from booking.plan.queries import items_between

_A_DAY = timedelta(days=1)


def plan_in(session: Session, span: Span, *, shared_only: bool) -> Sequence[PlanItem]:
    """Return the items of which a day lies in a calendar's span; only those for partners, if so wished."""
    first_on, last_on = local_date(span.starts), local_date(span.ends) - _A_DAY
    return items_between(session, first_on=first_on, last_on=last_on, shared_only=shared_only)


def without_meetings(plan: Iterable[PlanItem], meeting_uids: Collection[str]) -> list[PlanItem]:
    """Return the items that are none of these meetings, which a calendar holds already."""
    return [item for item in plan if item.meeting_uid not in meeting_uids]
