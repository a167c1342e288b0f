"""Finding somebody in a register by a name of which only the first is on the phone."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.attendance.walk_in_queries import is_in_register
from booking.people.models import Participant

SHORTEST_SEARCH: Final = 4


def named(session: Session, *, meeting_id: int, text: str) -> Sequence[int]:
    """Return who in the register of the meeting has these letters in their name, by number.

    Fewer than four letters find nobody, and who is shielded is found by the name they chose alone.
    """
    wanted = text.strip().casefold()
    if len(wanted) < SHORTEST_SEARCH:
        return []
    there = select(Participant).where(is_in_register(Participant.id, meeting_id=meeting_id))
    # Compared here, as SQLite knows of capital letters in English only.
    found = session.scalars(there.order_by(Participant.id))
    return [participant.id for participant in found if wanted in _name_of(participant)]


def _name_of(participant: Participant) -> str:
    last_name = "" if participant.is_shielded else participant.last_name or ""
    return f"{participant.first_name} {last_name}".casefold()
