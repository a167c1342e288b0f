"""Keeping nothing longer than was promised: families go when their activities have long been over."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from booking.activities.models import Meeting
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_queries import families_without_leave
from booking.audit.models import Actor
from booking.clock import Clock
from booking.people.models import Family, Participant
from booking.privacy.operations import erase_family
from booking.signups.models import Signup

# What the notice promises for contact data; the municipality's privacy officer may ask for less.
KEPT_AFTER_THE_LAST_MEETING: Final = timedelta(days=30)
# A unit of work holds the write lock: many families are erased a few at a time, minute by minute.
_AT_ONCE: Final = 20


def erase_families_long_unseen(session: Session, clock: Clock) -> int:
    """Erase families whose last meeting was more than thirty days ago; return how many.

    A family without any sign-up counts from the day when it became known. Twice is once.
    """
    unseen = _long_unseen(session, before=clock() - KEPT_AFTER_THE_LAST_MEETING)
    for family_id in unseen:
        erase_family(session, clock, family_id=family_id, actor=Actor.SYSTEM)
    return len(unseen)


def erase_walk_ins_without_leave(session: Session, clock: Clock) -> int:
    """Erase who just came and had nobody's leave by the end of the day; return how many. Twice is once.

    That one more was there stays counted.
    """
    over = families_without_leave(session, now=clock(), most=_AT_ONCE)
    for family_id in over:
        erase_family(session, clock, family_id=family_id, actor=Actor.SYSTEM)
    return len(over)


def _long_unseen(session: Session, *, before: datetime) -> list[int]:
    walked_in_to = aliased(Meeting)
    seen_at = func.coalesce(Meeting.ends_at, walked_in_to.ends_at, Family.known_since)
    last_seen_at = func.max(seen_at)
    found = session.scalars(
        select(Family.id)
        .outerjoin(Participant, Participant.family_id == Family.id)
        .outerjoin(Signup, Signup.participant_id == Participant.id)
        .outerjoin(Meeting, Meeting.occasion_id == Signup.occasion_id)
        .outerjoin(WalkIn, WalkIn.participant_id == Participant.id)
        .outerjoin(walked_in_to, walked_in_to.id == WalkIn.meeting_id)
        .where(Family.known_since < before)
        .group_by(Family.id)
        .having(last_seen_at < before)
        .order_by(Family.id)
        .limit(_AT_ONCE)
    )
    return list(found)
