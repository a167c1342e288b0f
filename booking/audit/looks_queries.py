"""Behind how many names somebody has looked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry

# Each of these is a look at one child: the sign-up, whom to call, what is needed.
LOOKS: Final = ("signup_details_seen", "contact_seen", "needs_seen")
MANY_SEEN: Final = "many_details_seen"


def persons_seen_since(session: Session, *, account_id: int, since: datetime) -> frozenset[int | None]:
    """Return behind whose names somebody has looked since then, in whatever way."""
    return frozenset(
        session.scalars(
            select(AuditEntry.subject_id)
            .where(
                AuditEntry.account_id == account_id,
                AuditEntry.at >= since,
                AuditEntry.action.in_(LOOKS),
                AuditEntry.subject == "participant",
            )
            .distinct()
        )
    )


def flags_since(session: Session, *, account_id: int, since: datetime) -> int:
    """Return how often it was put on record since then that somebody has looked at very many."""
    asked = select(func.count()).where(
        AuditEntry.account_id == account_id,
        AuditEntry.at >= since,
        AuditEntry.action == MANY_SEEN,
    )
    return session.scalar(asked) or 0


def persons_in(entries: Iterable[AuditEntry]) -> frozenset[int | None]:
    """Return behind whose names these looks are."""
    return frozenset(entry.subject_id for entry in entries if entry.action in LOOKS)


def flags_in(entries: Iterable[AuditEntry]) -> int:
    """Return in how many of these entries it is noted that somebody has looked at very many."""
    return sum(entry.action == MANY_SEEN for entry in entries)
