"""What is put on record when staff look at children and search for them."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.looks import record_look
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.signups.models import Signup


def note_look(
    session: Session, clock: Clock, *, occasion: Occasion, account_id: int, signup: Signup | None = None
) -> None:
    """Put on record that somebody looked at an occasion's children, or at the details of one of them."""
    library_id = occasion.activity.library_id
    if signup is not None:
        record_look(
            session,
            clock,
            action="signup_details_seen",
            account_id=account_id,
            library_id=library_id,
            participant_id=signup.participant_id,
            facts={"signup_id": signup.id},
        )
        return
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="signups_seen",
        subject="occasion",
        subject_id=occasion.id,
        account_id=account_id,
        library_id=library_id,
    )


def note_search(
    session: Session, clock: Clock, *, account_id: int, library_id: int | None, found: int
) -> None:
    """Put on record that somebody searched for a child by name, and how many were found; never the name."""
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="children_searched",
        subject="library",
        subject_id=library_id,
        account_id=account_id,
        library_id=library_id,
        facts={"found": found},
    )


def note_pictures_seen(
    session: Session, clock: Clock, *, account_id: int, library_ids: Collection[int]
) -> None:
    """Put on record that somebody looked at whose pictures are to be taken down, at each of the libraries."""
    for library_id in sorted(library_ids):
        record(
            session,
            clock,
            actor=Actor.STAFF,
            action="picture_tasks_seen",
            subject="library",
            subject_id=library_id,
            account_id=account_id,
            library_id=library_id,
        )
