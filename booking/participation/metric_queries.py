"""Every figure of a scope, exact: for a library's own staff, and for the gate that protects the rest."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation import count_queries as count
from booking.participation import month_queries as read
from booking.participation.figures import Scope
from booking.participation.meeting_queries import (
    anonymous_in,
    everybody_in,
    meeting_tallies,
    new_tallies,
    partners_by_sector,
)
from booking.participation.metrics import Value, values_of
from booking.participation.month_queries import Months, read_months
from booking.participation.person_queries import (
    breadth_tallies,
    course_tallies,
    person_tallies,
    resident_tallies,
)
from booking.participation.population_queries import Residents, residents_by_library
from booking.participation.tallies import OF_PERSONS, Dimension, Measure, Tallies, sum_of

Columns = tuple[str, ...]
_Ask = Callable[[Months, Sequence[Dimension]], count.Counts]


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
    months = read_months(session, scope=scope, columns=read.EVERYTHING)
    by_library = _tallies(session, months)
    residents = residents_by_library(session, library_ids=scope.library_ids, year=scope.period.last.year)
    return Measured(
        tallies=_with_population(sum_of(by_library.values()), list(residents.values())),
        partners=partners_by_sector(months),
        population_year=_oldest(list(residents.values())),
    )


def measure_by_library(session: Session, *, scope: Scope) -> Mapping[int, Measured]:
    """Return every figure of each library of the scope."""
    months = read_months(session, scope=scope, columns=read.EVERYTHING)
    residents = residents_by_library(session, library_ids=scope.library_ids, year=scope.period.last.year)
    return {
        library_id: Measured(
            tallies=_with_population(tallies, [residents[library_id]]),
            partners=partners_by_sector(months, library_id=library_id),
            population_year=_oldest([residents[library_id]]),
        )
        for library_id, tallies in _tallies(session, months).items()
    }


def tallies_by_library(session: Session, *, scope: Scope) -> Mapping[int, Tallies]:
    """Return all that is counted of each library of the scope, without the population."""
    return _tallies(session, read_months(session, scope=scope, columns=read.EVERYTHING))


def counts_by(
    session: Session, *, scope: Scope, by: tuple[Dimension, ...], measure: Measure
) -> Mapping[tuple[str, ...], int]:
    """Return the counts of the scope by these dimensions; what is nought is left out.

    A meeting counts for each sector of its partners. ValueError for meetings by the bands of persons.
    """
    ask, columns, of_persons = _COUNTED[measure]
    wanted = (*columns, *(of_persons if OF_PERSONS & set(by) else ()))
    months = read_months(session, scope=scope, columns=wanted)
    return {key: number for key, number in ask(months, by).items() if number}


def _tallies(session: Session, months: Months) -> Mapping[int, Tallies]:
    home = dict(session.execute(select(Library.id, Library.municipality_code)).all())
    parts = (
        meeting_tallies(months),
        person_tallies(months),
        breadth_tallies(months),
        course_tallies(months),
        new_tallies(months),
        resident_tallies(months, home=home),
    )
    told: dict[int, dict[str, Any]] = {library_id: {} for library_id in months.scope.library_ids}
    for part in parts:
        for library_id, numbers in part.items():
            told[library_id].update(numbers)
    return {library_id: Tallies(**numbers) for library_id, numbers in told.items()}


def _sessions(months: Months, by: Sequence[Dimension]) -> count.Counts:
    if OF_PERSONS & set(by):
        message = "a meeting is of no age, no grade and no municipality"
        raise ValueError(message)
    return count.meetings_counted(months, by, np.ones_like(months.meetings["day"]))


def _named(months: Months, by: Sequence[Dimension]) -> count.Counts:
    if OF_PERSONS & set(by):
        return count.visits_counted(months, by)
    return count.meetings_counted(months, by, months.meetings["named"])


def _anonymous(months: Months, by: Sequence[Dimension]) -> count.Counts:
    if Dimension.AGE_BAND in by:
        return count.headcounts_counted(months, by, adults=False)
    return count.meetings_counted(months, by, anonymous_in(months))


def _attendances(months: Months, by: Sequence[Dimension]) -> count.Counts:
    return _together(_named(months, by), _anonymous(months, by))


def _everybody(months: Months, by: Sequence[Dimension]) -> count.Counts:
    if not OF_PERSONS & set(by):
        return count.meetings_counted(months, by, everybody_in(months))
    with_a_name = _together(count.visits_counted(months, by), count.adults_counted(months, by))
    return _together(with_a_name, count.headcounts_counted(months, by, adults=True))


# How each measure is counted, from which columns, and from which others where persons' bands are told apart.
_COUNTED: Final[Mapping[Measure, tuple[_Ask, Columns, Columns]]] = {
    Measure.SESSIONS: (_sessions, (), ()),
    Measure.NAMED_ATTENDANCES: (_named, (), read.BANDS),
    Measure.ANONYMOUS_ATTENDANCES: (_anonymous, read.NUMBERS, ()),
    Measure.ATTENDANCES: (_attendances, read.NUMBERS, read.BANDS),
    Measure.ALL_ATTENDANCES: (_everybody, read.NUMBERS, (*read.BANDS, *read.ADULTS)),
    Measure.UNIQUE: (count.persons_counted, read.VISITS, read.BANDS),
    Measure.NEW: (count.newcomers_counted, read.FIRSTS, read.BANDS),
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
