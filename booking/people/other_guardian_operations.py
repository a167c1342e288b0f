"""Keeping how the other guardian of a child is reached, and finding who is the same one for siblings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.rules import Language
from booking.people.contact import read_email
from booking.people.models import OtherGuardian, Participant


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


def the_same_guardian(session: Session, other: OtherGuardian) -> Sequence[OtherGuardian]:
    """Return all that is kept of this guardian: one row for each sibling for whom this address was told."""
    family_id = select(Participant.family_id).where(Participant.id == other.participant_id).scalar_subquery()
    rows = (
        select(OtherGuardian)
        .join(Participant, Participant.id == OtherGuardian.participant_id)
        .where(OtherGuardian.email == other.email, Participant.family_id == family_id)
        .order_by(OtherGuardian.id)
    )
    return session.scalars(rows).all()
