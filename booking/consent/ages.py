"""Who answers for somebody of an age: a guardian, the youth with a guardian's leave, or the youth alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from booking.errors import Refusal


class Answerer(StrEnum):
    """Whose yes it takes to take part."""

    GUARDIAN = "guardian"
    GUARDIAN_CONFIRMS = "guardian_confirms"
    SELF = "self"


class AgeUnclear(Refusal):
    """The year of birth alone does not tell whether the age is reached: one question does."""

    code: ClassVar[str] = "age_unclear"
    field: ClassVar[str | None] = "has_turned"


@dataclass(frozen=True, kw_only=True)
class Ages:
    """From which ages somebody may ask, answer alone, say their own yes to pictures, and is grown up."""

    youth_from: int
    alone_from: int
    photo_own_yes_from: int
    adult_from: int


@dataclass(frozen=True, kw_only=True)
class KnownAge:
    """What is known of somebody's age.

    A year worked out from a school grade may be one off. `declared` is an age that was said to be reached
    by a day; `has_turned` is the answer given just now to the one question, about the limit it asks for.
    """

    birth_year: int
    is_by_grade: bool = False
    declared: tuple[int, date] | None = None
    has_turned: bool | None = None


def has_reached(limit: int, *, age: KnownAge, today: date) -> bool:
    """Tell whether somebody has turned so many years; refuse AgeUnclear where only they can tell.

    Who has only the year knows: a year more than the limit is surely reached, a year less surely not, and
    between them the birthday decides.
    """
    years, off_by = today.year - age.birth_year, int(age.is_by_grade)
    if years - off_by > limit:
        return True
    if years + off_by < limit:
        return False
    if age.declared is not None and age.declared[0] >= limit:
        return True
    if age.has_turned is not None:
        return age.has_turned
    raise AgeUnclear(limit=limit)


def answerer(*, age: KnownAge, today: date, ages: Ages, guardian_until: int | None) -> Answerer:
    """Return whose yes it takes; an activity may be stricter than the house. Refuses AgeUnclear."""
    if not has_reached(ages.youth_from, age=age, today=today):
        return Answerer.GUARDIAN
    alone_from = max(ages.alone_from, guardian_until or 0)
    return Answerer.SELF if has_reached(alone_from, age=age, today=today) else Answerer.GUARDIAN_CONFIRMS
