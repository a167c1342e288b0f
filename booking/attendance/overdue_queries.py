"""Meetings that are over, and what is recorded of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import meetings_between
from booking.activities.rules import MeetingState, Status
from booking.attendance.door import AMONG_STAFF
from booking.attendance.models import Closing
from booking.attendance.overdue_models import OverdueReminder
from booking.attendance.overdue_rules import RegisterState, state_of
from booking.attendance.queries import closings_in_force, is_called_off
from booking.rights import Right
from booking.staff.models import Account, Membership
from booking.staff.rules import RIGHTS

# Longer ago than this nobody remembers who came; it still stands on the page.
_REMINDED_WITHIN: Final = timedelta(days=14)
_SHOWN_FOR: Final = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Over:
    """A meeting that is over, and what is recorded of it."""

    meeting: Meeting
    state: RegisterState


def meetings_over(session: Session, *, library_ids: Collection[int], now: datetime) -> Sequence[Over]:
    """Return the meetings of the last two months that a register is taken of, the newest first."""
    meetings = [
        meeting
        for meeting in meetings_between(session, library_ids=library_ids, starts=now - _SHOWN_FOR, ends=now)
        if meeting.ends_at <= now
        and not is_called_off(meeting)
        and meeting.occasion.activity.kind not in AMONG_STAFF
    ]
    closings = closings_in_force(session, [meeting.id for meeting in meetings])
    return [_over(meeting, closings) for meeting in reversed(meetings)]


def not_told_of(session: Session, *, now: datetime) -> Sequence[Meeting]:
    """Return the meetings whose register is not closed and of which staff were not reminded."""
    is_closed = exists().where(Closing.meeting_id == Meeting.id, Closing.reopened_at.is_(None))
    is_told = exists().where(OverdueReminder.meeting_id == Meeting.id)
    activity = joinedload(Meeting.occasion).joinedload(Occasion.activity)
    return (
        session.scalars(
            select(Meeting)
            .join(Meeting.occasion)
            .join(Occasion.activity)
            .where(
                Meeting.ends_at > now - _REMINDED_WITHIN,
                Meeting.ends_at <= now,
                Meeting.state != MeetingState.CALLED_OFF,
                Activity.status != Status.DRAFT,
                Activity.kind.not_in(AMONG_STAFF),
                ~is_closed,
                ~is_told,
            )
            .options(activity.options(joinedload(Activity.texts), joinedload(Activity.library)))
            .order_by(Meeting.starts_at, Meeting.id)
        )
        .unique()
        .all()
    )


def who_may_close(session: Session, *, library_id: int) -> Sequence[Account]:
    """Return who can sign in and may close registers at the library."""
    roles = [role for role, rights in RIGHTS.items() if Right.CLOSE_MEETING in rights]
    here = Account.memberships.any(Membership.role.in_(roles) & (Membership.library_id == library_id))
    return session.scalars(select(Account).where(Account.active, here).order_by(Account.id)).all()


def _over(meeting: Meeting, closings: Mapping[int, Closing]) -> Over:
    closing = closings.get(meeting.id)
    return Over(meeting=meeting, state=state_of(closing.outcome if closing else None))
