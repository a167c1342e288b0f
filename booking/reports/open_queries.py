"""Meetings that left no facts: called off, or over and not recorded."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status
from booking.clock import instant_at, local_date
from booking.participation.figures import Period
from booking.participation.models import MeetingFact
from booking.reports.halves import monday_of
from booking.reports.rules import LEFT_OUT

InWeeks = Counter[tuple[int, date]]


@dataclass(frozen=True, kw_only=True)
class WithoutFacts:
    """How many there are, by library and Monday; and since when a library has a register to close.

    `overdue_at` tells how many are not recorded by activity.
    """

    called_off: InWeeks = field(default_factory=Counter)
    overdue: InWeeks = field(default_factory=Counter)
    overdue_at: Counter[int] = field(default_factory=Counter)
    oldest: dict[int, datetime] = field(default_factory=dict)


def meetings_without_facts(session: Session, *, period: Period, now: datetime) -> WithoutFacts:
    """Return the meetings of a half-year that nobody recorded, in one question."""
    is_off = Meeting.state == MeetingState.CALLED_OFF
    starts, ends = instant_at(period.first, time(0)), instant_at(period.last + timedelta(days=1), time(0))
    has_facts = select(MeetingFact.id).where(
        MeetingFact.meeting_uid == Meeting.uid, MeetingFact.is_withdrawn.is_(False)
    )
    rows = session.execute(
        select(Activity.library_id, Activity.id, is_off.label("is_off"), Meeting.starts_at)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(
            Activity.status != Status.DRAFT,
            Activity.kind.not_in(LEFT_OUT),
            Meeting.starts_at >= starts,
            Meeting.starts_at < ends,
            or_(is_off, Meeting.ends_at <= now),
            ~has_facts.exists(),
        )
        .order_by(Meeting.starts_at.desc())
    )
    found = WithoutFacts()
    for library_id, activity_id, was_off, starts_at in rows:
        week = (library_id, monday_of(local_date(starts_at)))
        if was_off:
            found.called_off[week] += 1
        else:
            found.overdue[week] += 1
            found.overdue_at[activity_id] += 1
            found.oldest[library_id] = starts_at
    return found
