"""What the region's page shows beside facts: its pilots, and the figures of the newest half-year let out."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.made_facts import FIRST_YEAR, KINDS, YEARS
from booking.activities.rules import Kind
from booking.libraries.models import Library
from booking.participation.figures import half_year_of
from booking.participation.models import MeetingFact
from booking.publications.models import Publication
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.publications.tables import GRACE
from booking.reports.rules import LEFT_OUT
from tests.factories import make_activity

NEWEST = half_year_of(date(FIRST_YEAR + YEARS - 1, 12, 31))
# The last month is let out a week after it ended.
LET_OUT_AT = datetime.combine(NEWEST.last + GRACE + timedelta(days=2), time(12), tzinfo=UTC)


def add_pilots(session: Session) -> None:
    """Put in the activities that the pilots' facts are of."""
    libraries = session.scalars(select(Library).order_by(Library.id)).all()
    last = session.scalar(select(func.max(MeetingFact.activity_id))) or 0
    for activity_id in range(len(KINDS), last + 1, len(KINDS)):
        library = libraries[activity_id // len(KINDS) % len(libraries)]
        make_activity(session, id=activity_id, library=library, kind=Kind.PILOT)


def let_out_before(session: Session) -> None:
    """Note every earlier half-year as let out, with nothing in it."""
    for through_on in _month_ends():
        period = half_year_of(through_on)
        session.add(
            Publication(
                first_on=period.first,
                last_on=period.last,
                through_on=through_on,
                published_at=LET_OUT_AT,
                least_count=Rule().least_count,
                rule_version=Rule().version,
            )
        )


def let_out_newest(session: Session) -> int:
    """Let out the next month that is due, by the gate; return how many that were, which is one or none."""

    def clock() -> datetime:
        return LET_OUT_AT

    decided = decide_figures(session, clock, rule=Rule(), leaving_out=LEFT_OUT)
    return publish_figures(session, clock, decided=decided)


def _month_ends() -> Iterator[date]:
    month = date(FIRST_YEAR, 1, 1)
    while month < NEWEST.first:
        following = (month + timedelta(days=32)).replace(day=1)
        yield following - timedelta(days=1)
        month = following
