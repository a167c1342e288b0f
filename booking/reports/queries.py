"""Which meetings have left no facts: figures are short of them, and say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import meetings_between
from booking.activities.rules import MeetingState
from booking.clock import instant_at
from booking.participation.figures import Scope
from booking.participation.queries import recorded_uids


@dataclass(frozen=True, kw_only=True)
class Unrecorded:
    """Meetings without facts: called off, or over and not yet recorded."""

    called_off: Sequence[Meeting]
    missing: Sequence[Meeting]


def unrecorded_in(session: Session, scope: Scope, now: datetime) -> Unrecorded:
    """Return the meetings of the scope that have left no facts, the first one first."""
    recorded = recorded_uids(session, scope=scope)
    others = [meeting for meeting in _announced(session, scope) if meeting.uid not in recorded]
    called_off = [meeting for meeting in others if meeting.state is MeetingState.CALLED_OFF]
    missing = [meeting for meeting in others if meeting not in called_off and meeting.ends_at <= now]
    return Unrecorded(called_off=called_off, missing=missing)


def _announced(session: Session, scope: Scope) -> Sequence[Meeting]:
    first, last = scope.period.first, scope.period.last
    meetings = meetings_between(
        session,
        library_ids=scope.library_ids,
        starts=instant_at(first, time(0)),
        ends=instant_at(last + timedelta(days=1), time(0)),
    )
    return [meeting for meeting in meetings if meeting.occasion.activity.kind not in scope.leaving_out]
