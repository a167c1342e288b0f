"""What staff do that touches sign-ups and changes nothing: look at them."""

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock


def note_look(
    session: Session, clock: Clock, *, occasion: Occasion, account_id: int, signup_id: int | None = None
) -> None:
    """Put on record that somebody looked at an occasion's children, or at the details of one of them."""
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="signups_seen" if signup_id is None else "signup_details_seen",
        subject="occasion" if signup_id is None else "signup",
        subject_id=signup_id or occasion.id,
        account_id=account_id,
        library_id=occasion.activity.library_id,
    )
