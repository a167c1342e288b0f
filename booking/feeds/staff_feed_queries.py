"""Finding what stands in the calendars of staff and of partners."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, Meeting, Occasion, Partnership
from booking.activities.project_queries import IS_OF_THE_PROJECT
from booking.activities.rules import Status
from booking.feeds.rules import Span
from booking.partners.models import Partner
from booking.rights import Right, Visitor
from booking.signups.models import Signup
from booking.signups.queries import counts

_HEARS_OF_THE_PROJECT = (Right.PLAN_ACTIVITIES, Right.SEE_ALL_FIGURES)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How many children have a place at an occasion, how many wait, and when that was last another number."""

    taken: int
    waiting: int
    changed_at: datetime


def meetings_for(session: Session, visitor: Visitor, span: Span) -> Sequence[Meeting]:
    """Return the meetings of somebody's own libraries; who plans also sees those of the project."""
    own = Activity.library_id.in_(visitor.libraries(Right.SEE_TODAY))
    hears = any(visitor.may(right) for right in _HEARS_OF_THE_PROJECT)
    return _meetings(session, span, or_(own, IS_OF_THE_PROJECT) if hears else own)


def meetings_with(
    session: Session, partner: Partner, span: Span, *, besides: Collection[str] = ()
) -> Sequence[Meeting]:
    """Return the meetings of every activity in which the partner has a part, open to all or not.

    `besides` are the identities of the project's own meetings that its plan shows to partners.
    """
    is_with = select(Partnership.activity_id).where(Partnership.partner_id == partner.id)
    is_shown = and_(IS_OF_THE_PROJECT, Meeting.uid.in_(besides))
    return _meetings(session, span, or_(Activity.id.in_(is_with), is_shown))


def numbers_at(session: Session, occasion_ids: Sequence[int]) -> Mapping[int, Numbers]:
    """Return the numbers of each occasion that somebody ever signed up for, in one question."""
    latest = func.max(Signup.changed_at), func.max(Occasion.erased_from_at)
    wanted = select(Occasion.id, *counts(), *latest).outerjoin(Signup, Signup.occasion_id == Occasion.id)
    rows = session.execute(wanted.where(Occasion.id.in_(occasion_ids)).group_by(Occasion.id))
    return {
        number: Numbers(taken=int(taken), waiting=int(waiting), changed_at=max(times))
        for number, taken, waiting, *said in rows
        if (times := [at for at in said if at is not None])
    }


def _meetings(session: Session, span: Span, condition: ColumnElement[bool]) -> Sequence[Meeting]:
    occasion = joinedload(Meeting.occasion)
    activity = occasion.joinedload(Occasion.activity)
    return session.scalars(
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(Activity.status == Status.PUBLISHED, condition)
        .where(Meeting.starts_at >= span.starts, Meeting.starts_at < span.ends)
        .options(activity.joinedload(Activity.library), activity.selectinload(Activity.texts))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
