"""Every figure of a scope, exact: for a library's own staff, and for the gate that protects the rest."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.participation import count_queries as count
from booking.participation.figures import Scope
from booking.participation.meeting_queries import meeting_tallies, new_tallies, partners_by_sector
from booking.participation.metrics import Value, values_of
from booking.participation.models import MeetingFact
from booking.participation.person_queries import (
    breadth_tallies,
    course_tallies,
    person_tallies,
    resident_tallies,
)
from booking.participation.population_queries import Residents, residents_by_library
from booking.participation.tallies import OF_PERSONS, Dimension, Measure, Tallies, sum_of

_PARTS: Final = (
    meeting_tallies,
    person_tallies,
    breadth_tallies,
    course_tallies,
    new_tallies,
    resident_tallies,
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a scope comes to. `partners` tells how many organisations of each sector had a part.

    `population_year` is the year on whose first day the population was counted; the oldest, where libraries
    differ, and nothing where somebody's is not known: there is no reach then.
    """

    tallies: Tallies
    partners: Mapping[str, int] = field(default_factory=dict)
    population_year: int | None = None

    @property
    def values(self) -> Mapping[str, Value]:
        """Every figure, by its code."""
        return values_of(self.tallies)


def measure(session: Session, *, scope: Scope) -> Measured:
    """Return every figure of the scope; libraries add up, and nobody is matched across them."""
    by_library = tallies_by_library(session, scope=scope)
    residents = residents_by_library(session, library_ids=scope.library_ids, year=scope.period.last.year)
    return Measured(
        tallies=_with_population(sum_of(by_library.values()), list(residents.values())),
        partners=partners_by_sector(session, scope=scope),
        population_year=_oldest(list(residents.values())),
    )


def measure_by_library(session: Session, *, scope: Scope) -> Mapping[int, Measured]:
    """Return every figure of each library of the scope."""
    residents = residents_by_library(session, library_ids=scope.library_ids, year=scope.period.last.year)
    return {
        library_id: Measured(
            tallies=_with_population(tallies, [residents[library_id]]),
            partners=partners_by_sector(session, scope=replace(scope, library_ids=[library_id])),
            population_year=_oldest([residents[library_id]]),
        )
        for library_id, tallies in tallies_by_library(session, scope=scope).items()
    }


def tallies_by_library(session: Session, *, scope: Scope) -> Mapping[int, Tallies]:
    """Return all that is counted of each library of the scope, without the population."""
    parts = [part(session, scope=scope) for part in _PARTS]
    told: dict[int, dict[str, Any]] = {library_id: {} for library_id in scope.library_ids}
    for part in parts:
        for library_id, numbers in part.items():
            told[library_id].update(numbers)
    return {library_id: Tallies(**numbers) for library_id, numbers in told.items()}


def counts_by(
    session: Session, *, scope: Scope, by: tuple[Dimension, ...], measure: Measure
) -> Mapping[tuple[str, ...], int]:
    """Return the counts of the scope by these dimensions; what is nought is left out.

    A meeting counts for each sector of its partners. ValueError for meetings by the bands of persons.
    """
    counts = _COUNTED[measure](session, scope, by)
    return {key: number for key, number in counts.items() if number}


def _sessions(session: Session, scope: Scope, by: Sequence[Dimension]) -> count.Counts:
    if OF_PERSONS & set(by):
        message = "a meeting is of no age, no grade and no municipality"
        raise ValueError(message)
    return count.meetings_counted(session, scope, by, count.ONE)


def _named(session: Session, scope: Scope, by: Sequence[Dimension]) -> count.Counts:
    if OF_PERSONS & set(by):
        return count.visits_counted(session, scope, by)
    return count.meetings_counted(session, scope, by, MeetingFact.named)


def _anonymous(session: Session, scope: Scope, by: Sequence[Dimension]) -> count.Counts:
    if Dimension.AGE_BAND in by:
        return count.headcounts_counted(session, scope, by, adults=False)
    return count.meetings_counted(session, scope, by, MeetingFact.anonymous)


def _attendances(session: Session, scope: Scope, by: Sequence[Dimension]) -> count.Counts:
    return _together(_named(session, scope, by), _anonymous(session, scope, by))


def _everybody(session: Session, scope: Scope, by: Sequence[Dimension]) -> count.Counts:
    if not OF_PERSONS & set(by):
        persons = MeetingFact.named + MeetingFact.named_adults
        return count.meetings_counted(
            session, scope, by, persons + MeetingFact.anonymous + MeetingFact.companions
        )
    with_a_name = _together(
        count.visits_counted(session, scope, by), count.adults_counted(session, scope, by)
    )
    return _together(with_a_name, count.headcounts_counted(session, scope, by, adults=True))


_COUNTED: Final[Mapping[Measure, Callable[[Session, Scope, Sequence[Dimension]], count.Counts]]] = {
    Measure.SESSIONS: _sessions,
    Measure.NAMED_ATTENDANCES: _named,
    Measure.ANONYMOUS_ATTENDANCES: _anonymous,
    Measure.ATTENDANCES: _attendances,
    Measure.ALL_ATTENDANCES: _everybody,
    Measure.UNIQUE: count.persons_counted,
    Measure.NEW: count.newcomers_counted,
}


def _together(one: count.Counts, other: count.Counts) -> count.Counts:
    both: count.Counts = Counter(one)
    both.update(other)
    return both


def _with_population(tallies: Tallies, residents: Sequence[Residents | None]) -> Tallies:
    known = [each.persons for each in residents if each is not None]
    return replace(tallies, population=sum(known) if len(known) == len(residents) else 0)


def _oldest(residents: Sequence[Residents | None]) -> int | None:
    years = [None if each is None else each.year for each in residents]
    return None if None in years else min((year for year in years if year), default=None)
