"""What is put on record when staff look at children, and when somebody looks at very many."""

from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.desk.details_queries import details_seen_since

# More children in an hour than anybody looks after: somebody should ask why.
MANY_LOOKS: Final = 30


def note_look(
    session: Session, clock: Clock, *, occasion: Occasion, account_id: int, signup_id: int | None = None
) -> None:
    """Put on record that somebody looked at an occasion's children, or at the details of one of them.

    When it is very many in an hour, that is put on record too, once for each further thirty.
    """
    seen: frozenset[int | None] = frozenset()
    if signup_id is not None:
        seen = details_seen_since(session, account_id=account_id, since=clock() - timedelta(hours=1))
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
    if signup_id is not None and signup_id not in seen:
        _note_many(session, clock, account_id, occasion.activity.library_id, len(seen) + 1)


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


def _note_many(session: Session, clock: Clock, account_id: int, library_id: int, seen: int) -> None:
    if seen % MANY_LOOKS == 0:
        record(
            session,
            clock,
            actor=Actor.SYSTEM,
            action="many_details_seen",
            subject="account",
            subject_id=account_id,
            account_id=account_id,
            library_id=library_id,
            facts={"in_an_hour": seen},
        )
