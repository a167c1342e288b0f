"""Finding who is the same other guardian for several children of a family."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.people.models import OtherGuardian, Participant


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
