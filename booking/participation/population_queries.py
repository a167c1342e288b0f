"""Looking up how many live around a library, and what the project has set itself."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.participation.population import Ages
from booking.participation.population_models import Population, Target


@dataclass(frozen=True, kw_only=True)
class Residents:
    """How many lived in a library's municipality on the first of January of the year, and who says so."""

    persons: int
    year: int
    source: str


def residents_by_library(
    session: Session, *, library_ids: Collection[int], year: int, ages: Ages = Ages.AGE_6_18
) -> Mapping[int, Residents | None]:
    """Return the residents of each library's municipality in the year, or in the last one known before it."""
    found: dict[int, Residents | None] = dict.fromkeys(library_ids)
    rows = session.execute(
        select(Library.id, Population)
        .join(Population, Population.municipality_code == Library.municipality_code)
        .where(Library.id.in_(library_ids), Population.ages == ages, Population.year <= year)
        .order_by(Population.year)
    )
    for library_id, row in rows:
        found[library_id] = Residents(persons=row.persons, year=row.year, source=row.source)
    return found


def targets_in(session: Session, *, period: Period) -> Sequence[Target]:
    """Return what the project has set itself for exactly this period; nothing that nobody entered."""
    return session.scalars(
        select(Target)
        .where(Target.first_on == period.first, Target.last_on == period.last)
        .order_by(Target.metric_code, Target.library_id)
    ).all()
