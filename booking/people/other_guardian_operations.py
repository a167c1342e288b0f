"""Keeping how the other guardian of a child is reached."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.rules import Language
from booking.people.contact import read_email
from booking.people.models import OtherGuardian


def find_or_add_other_guardian(
    session: Session, clock: Clock, *, participant_id: int, email: str, language: Language
) -> OtherGuardian:
    """Return who shares the responsibility for a child, by address. Refuses EmailNotUnderstood."""
    address = read_email(email)
    of_the_child = select(OtherGuardian).where(
        OtherGuardian.participant_id == participant_id, OtherGuardian.email == address
    )
    known = session.scalar(of_the_child)
    if known is not None:
        return known
    other = OtherGuardian(
        participant_id=participant_id, email=address, language=language, known_since=clock()
    )
    session.add(other)
    session.flush()
    return other
