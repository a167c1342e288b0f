"""One person in a register, and whom to call."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.attendance.walk_in_queries import is_in_register
from booking.errors import NotFound
from booking.people.models import Participant


def get_person(session: Session, *, meeting_id: int, participant_id: int) -> Participant:
    """Return somebody who asked for a place there or just came, with the family, or raise NotFound."""
    found = session.scalar(
        select(Participant)
        .where(Participant.id == participant_id, is_in_register(Participant.id, meeting_id=meeting_id))
        .options(joinedload(Participant.family))
    )
    if found is None:
        raise NotFound
    return found
