"""Noting that children who had asked for a place were erased, where their number is shown."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.clock import Clock
from booking.signups.models import Signup


def note_gone(session: Session, clock: Clock, *, participant_ids: Collection[int]) -> None:
    """Note on each occasion that these children had asked for that somebody is about to be gone from it.

    Staff's calendars show how many come. A calendar takes a new number only with a later time of change, and
    the sign-ups that told it are erased. It is told of no child, and of no number.
    """
    asked_for = select(Signup.occasion_id).where(Signup.participant_id.in_(participant_ids))
    session.execute(update(Occasion).where(Occasion.id.in_(asked_for)).values(erased_from_at=clock()))
