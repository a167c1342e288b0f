"""Noting that an activity was changed: when, and who did it."""

from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.rules import changed_after
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock


def note_change(session: Session, clock: Clock, action: str, activity: Activity, account_id: int) -> None:
    """Write down what a member of staff did with the activity; calendars take it anew."""
    activity.changed_at = changed_after(activity.changed_at, clock())
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="activity",
        subject_id=activity.id,
        account_id=account_id,
        library_id=activity.library_id,
        facts={"activity_id": activity.id},
    )
