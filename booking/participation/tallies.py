"""The counts that figures are made of: whole numbers that add up over libraries."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Dimension(StrEnum):
    """What counts can be told by."""

    LIBRARY = "library"
    ACTIVITY = "activity"
    KIND = "kind"
    PARTNER_SECTOR = "partner_sector"
    AGE_BAND = "age_band"
    GRADE_BAND = "grade_band"
    MUNICIPALITY = "municipality"
    WEEK = "week"
    MONTH = "month"


class Measure(StrEnum):
    """What is counted. All but meetings count persons or their visits."""

    SESSIONS = "sessions"
    ATTENDANCES = "attendances"
    NAMED_ATTENDANCES = "named_attendances"
    ANONYMOUS_ATTENDANCES = "anonymous_attendances"
    ALL_ATTENDANCES = "all_attendances"
    UNIQUE = "unique"
    NEW = "new"


# Nobody knows this of somebody counted at the door; and a meeting without a partner is of no sector.
UNKNOWN = "unknown"
NONE = "none"

OF_PERSONS = frozenset({Dimension.AGE_BAND, Dimension.GRADE_BAND, Dimension.MUNICIPALITY})
_SPREAD_OUT = frozenset({Dimension.ACTIVITY, Dimension.KIND, Dimension.WEEK, Dimension.MONTH})


def adds_up(measure: Measure, by: Collection[Dimension]) -> bool:
    """Tell whether the parts add up to the whole: somebody who came to two activities is in two parts.

    By age, grade and municipality each person is told once, as it was when it last came.
    """
    if Dimension.PARTNER_SECTOR in by:
        return False
    return measure is not Measure.UNIQUE or not _SPREAD_OUT & set(by)


def counts_persons(measure: Measure) -> bool:
    """Tell whether a count is of persons or of their visits."""
    return measure is not Measure.SESSIONS


@dataclass(frozen=True, kw_only=True)
class Tallies:
    """All that is counted of a scope. A person is somebody at one library: nobody is matched across them.

    The mappings tell how many persons had so many visits, seconds, weeks.
    """

    sessions: int = 0
    named_attendances: int = 0
    anonymous_attendances: int = 0
    anonymous_at_workshops: int = 0
    anonymous_at_courses: int = 0
    adults: int = 0
    contact_seconds: int = 0
    named_seconds: int = 0
    booked: int = 0
    no_shows: int = 0
    late_cancellations: int = 0
    present_at_places: int = 0
    places: int = 0
    waited: int = 0
    offered_and_came: int = 0
    asked: int = 0
    permitted: int = 0
    permitted_and_came: int = 0
    with_other_sector: int = 0
    unique: int = 0
    returned: int = 0
    activities_each: int = 0
    kinds_each: int = 0
    in_workshops: int = 0
    new: int = 0
    completed: int = 0
    began_course: int = 0
    residents: int = 0
    population: int = 0
    visits_each: Mapping[int, int] = field(default_factory=dict)
    seconds_each: Mapping[int, int] = field(default_factory=dict)
    weeks_each: Mapping[int, int] = field(default_factory=dict)

    @property
    def attendances(self) -> int:
        """Visits by children and youth, named and anonymous (deltakelser)."""
        return self.named_attendances + self.anonymous_attendances

    @property
    def all_attendances(self) -> int:
        """Visits by everybody, adults too, as the national library statistics count (NB-deltakere)."""
        return self.attendances + self.adults


_MAPPINGS = frozenset({"visits_each", "seconds_each", "weeks_each"})
_NUMBERS = tuple(each.name for each in fields(Tallies) if each.name not in _MAPPINGS)


def sum_of(several: Iterable[Tallies]) -> Tallies:
    """Add tallies up; a child who goes to two libraries is two persons here."""
    every = list(several)
    joined: dict[str, Any] = {name: sum(getattr(one, name) for one in every) for name in _NUMBERS}
    joined.update({name: _joined(getattr(one, name) for one in every) for name in _MAPPINGS})
    return Tallies(**joined)


def median_of(spread: Mapping[int, int]) -> Fraction | None:
    """Return the value in the middle, of an even number the mean of the two there; nothing of nobody."""
    persons = sum(spread.values())
    if not persons:
        return None
    lower, upper = _at(spread, (persons - 1) // 2), _at(spread, persons // 2)
    return Fraction(lower + upper, 2)


def _at(spread: Mapping[int, int], place: int) -> int:
    for value, persons in sorted(spread.items()):
        place -= persons
        if place < 0:
            return value
    message = "the place is beyond the last person"
    raise ValueError(message)


def _joined(spreads: Iterable[Mapping[int, int]]) -> Mapping[int, int]:
    joined: Counter[int] = Counter()
    for spread in spreads:
        joined.update(spread)
    return dict(joined)
