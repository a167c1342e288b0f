"""Looking behind a child's name: each look is on record, and somebody is told when it is very many."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.audit.looks_queries import MANY_SEEN, flags_in, flags_since, persons_in, persons_seen_since
from booking.audit.models import Actor
from booking.audit.operations import entries_waiting, record
from booking.clock import Clock

# More children in an hour than a desk or a door has to do with: somebody should ask why.
MANY_LOOKS: Final = 30
_WITHIN: Final = timedelta(hours=1)


def record_look(
    session: Session,
    clock: Clock,
    *,
    action: str,
    account_id: int,
    library_id: int,
    participant_id: int,
    facts: dict[str, Any] | None = None,
) -> None:
    """Put on record that somebody looked behind the name of a child.

    However they look – at the desk, at the door, at what is needed – the same child counts once, and when it
    is very many children in an hour, that is put on record too, once for each further thirty.
    """
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="participant",
        subject_id=participant_id,
        account_id=account_id,
        library_id=library_id,
        facts=facts,
    )
    since = clock() - _WITHIN
    # What was noted a moment ago, in this unit of work, is not written yet.
    now = entries_waiting(session)
    seen = persons_seen_since(session, account_id=account_id, since=since) | persons_in(now)
    flagged = flags_since(session, account_id=account_id, since=since) + flags_in(now)
    if len(seen) >= MANY_LOOKS * (flagged + 1):
        _flag(session, clock, account_id=account_id, library_id=library_id, seen=len(seen))


def _flag(session: Session, clock: Clock, *, account_id: int, library_id: int, seen: int) -> None:
    record(
        session,
        clock,
        actor=Actor.SYSTEM,
        action=MANY_SEEN,
        subject="account",
        subject_id=account_id,
        account_id=account_id,
        library_id=library_id,
        facts={"in_an_hour": seen},
    )
