"""Finding families and participants."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
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
    """A family's children, and how many of the municipalities that were asked about are of the region."""

    known: Sequence[Participant]
    municipalities_known: int

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
