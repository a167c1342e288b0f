"""Finding families and participants."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.people.models import Family, Participant
from booking.people.rules import same_name


@dataclass(frozen=True)
class Municipality:
    """A municipality that has a library in this service."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Children:
    """A family's children, and whether the municipality that was asked about is one of the region."""

    known: Sequence[Participant]
    knows_municipality: bool

    def find(self, first_name: str, birth_year: int) -> Participant | None:
        """Return the child of that name and year, if it is known; capital letters do not matter."""
        # Compared here, as SQLite knows of capital letters in English only.
        of_that_year = (child for child in self.known if child.birth_year == birth_year)
        return next((child for child in of_that_year if same_name(child.first_name, first_name)), None)


def municipalities(session: Session) -> Sequence[Municipality]:
    """Return the municipalities of the region in the order of their names."""
    columns = select(Library.municipality_code, Library.municipality_name).distinct()
    rows = session.execute(columns.order_by(Library.municipality_name))
    by_code = {code: Municipality(code, name) for code, name in rows}
    return list(by_code.values())


def find_family(session: Session, email: str) -> Family | None:
    """Return the family that the address speaks for, if there is one."""
    return session.scalar(select(Family).where(Family.email == email))


def look_into_family(session: Session, *, family_id: int, municipality_code: str) -> Children:
    """Return the family's children, and whether the municipality is one of the region, in one question."""
    is_known = exists(select(Library.id).where(Library.municipality_code == municipality_code))
    rows = session.execute(
        select(is_known.label("is_known"), Participant)
        .select_from(Family)
        .outerjoin(Participant, Participant.family_id == Family.id)
        .where(Family.id == family_id)
        .order_by(Participant.id)
    ).all()
    return Children(
        known=tuple(child for _is_known, child in rows if child is not None),
        knows_municipality=any(is_known for is_known, _child in rows),
    )
