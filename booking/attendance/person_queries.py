"""One person in a register, and whom to call."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from booking.audit.models import AuditEntry
from booking.errors import NotFound
from booking.people.models import Participant
from booking.signups.models import Signup


def get_person(session: Session, *, occasion_id: int, participant_id: int) -> Participant:
    """Return somebody who asked for a place at the occasion, with the family, or raise NotFound."""
    asked = exists().where(Signup.occasion_id == occasion_id, Signup.participant_id == Participant.id)
    found = session.scalar(
        select(Participant)
        .where(Participant.id == participant_id, asked)
        .options(joinedload(Participant.family))
    )
    if found is None:
        raise NotFound
    return found


def count_persons_seen(session: Session, *, account_id: int, since: datetime, action: str) -> int:
    """Return of how many persons somebody opened what lies behind the name since then."""
    seen = select(func.count(AuditEntry.subject_id.distinct())).where(
        AuditEntry.account_id == account_id, AuditEntry.at >= since, AuditEntry.action == action
    )
    return session.scalar(seen) or 0
