"""Keeping how the other guardian of a family's children is reached."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.rules import Language
from booking.people.contact import read_email
from booking.people.models import OtherGuardian


def find_or_add_other_guardian(
    session: Session, clock: Clock, *, family_id: int, email: str, language: Language
) -> OtherGuardian:
    """Return who shares the responsibility for children of the family, by address.

    Refuses EmailNotUnderstood.
    """
    address = read_email(email)
    of_the_family = select(OtherGuardian).where(
        OtherGuardian.family_id == family_id, OtherGuardian.email == address
    )
    known = session.scalar(of_the_family)
    if known is not None:
        return known
    other = OtherGuardian(family_id=family_id, email=address, language=language, known_since=clock())
    session.add(other)
    session.flush()
    return other
