"""Which meetings were held in a year, as the national library statistics look at them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.participation.models import HeadcountFact, MeetingFact, PersonFact
from booking.participation.national import HeldMeeting
from booking.participation.rules import WAS_HELD, Outcome


def meetings_held(session: Session, *, library_id: int, year: int) -> Sequence[HeldMeeting]:
    """Return the meetings of one library that were held in the calendar year, the first one first."""
    named = (
        select(func.count(PersonFact.id))
        .where(PersonFact.meeting_fact_id == MeetingFact.id, PersonFact.outcome == Outcome.CAME)
        .scalar_subquery()
    )
    counted = (
        select(func.coalesce(func.sum(HeadcountFact.persons), 0))
        .where(HeadcountFact.meeting_fact_id == MeetingFact.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(MeetingFact, named.label("named"), counted.label("counted"))
        .where(
            MeetingFact.library_id == library_id,
            MeetingFact.held_on.between(date(year, 1, 1), date(year, 12, 31)),
            MeetingFact.outcome.in_(WAS_HELD),
            MeetingFact.is_withdrawn.is_(False),
        )
        .order_by(MeetingFact.starts_at, MeetingFact.id)
    )
    return [_meeting(row.MeetingFact, int(row.named) + int(row.counted)) for row in rows]


def _meeting(fact: MeetingFact, participants: int) -> HeldMeeting:
    names = set(HeldMeeting.__dataclass_fields__) - {"participants"}
    return HeldMeeting(**{name: getattr(fact, name) for name in names}, participants=participants)
