"""Every figure of a scope, exact: for a library's own staff, and for the gate that protects the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.libraries.models import Library
from booking.participation.figures import Scope
from booking.participation.metrics import Value, values_of
from booking.participation.models import MeetingFact
from booking.participation.naive import counts_of, tallies_of
from booking.participation.rules import HeadcountEntry, MeetingFacts, PersonEntry
from booking.participation.tallies import Dimension, Measure, Tallies, sum_of


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a scope comes to. `partners` tells how many organisations of each sector had a part."""

    tallies: Tallies
    partners: Mapping[str, int] = field(default_factory=dict)
    population_year: int | None = None

    @property
    def values(self) -> Mapping[str, Value]:
        """Every figure, by its code."""
        return values_of(self.tallies)


def measure(session: Session, *, scope: Scope) -> Measured:
    """Return every figure of the scope; libraries add up, and nobody is matched across them."""
    return Measured(
        tallies=sum_of(each.tallies for each in measure_by_library(session, scope=scope).values())
    )


def measure_by_library(session: Session, *, scope: Scope) -> Mapping[int, Measured]:
    """Return every figure of each library of the scope."""
    facts = _facts(session)
    home = dict(session.execute(select(Library.id, Library.municipality_code)).tuples().all())
    return {
        library_id: Measured(
            tallies=tallies_of(facts, replace(scope, library_ids=[library_id]), population={}, home=home)
        )
        for library_id in scope.library_ids
    }


def counts_by(
    session: Session, *, scope: Scope, by: tuple[Dimension, ...], measure: Measure
) -> Mapping[tuple[str, ...], int]:
    """Return the counts of the scope by these dimensions; what is nought is left out."""
    return counts_of(_facts(session), scope, by=by, measure=measure)


def _facts(session: Session) -> Sequence[MeetingFacts]:
    found = session.scalars(
        select(MeetingFact)
        .where(MeetingFact.is_withdrawn.is_(False))
        .options(selectinload(MeetingFact.persons), selectinload(MeetingFact.headcounts))
    )
    return [_fact(each) for each in found]


def _fact(row: MeetingFact) -> MeetingFacts:
    told = {name: getattr(row, name) for name in MeetingFacts.__dataclass_fields__ if hasattr(row, name)}
    persons = tuple(
        PersonEntry(
            **{name: getattr(each, name) for name in PersonEntry.__dataclass_fields__ if hasattr(each, name)}
        )
        for each in row.persons
    )
    headcounts = tuple(HeadcountEntry(band=each.band, persons=each.persons) for each in row.headcounts)
    return MeetingFacts(**{**told, "persons": persons, "headcounts": headcounts})
