"""Who an activity is for: school grades, ages, and the birth years that belong to them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from booking.errors import Refusal

# A child starts school in the year of its sixth birthday; grades 11 to 13 are VG1 to VG3.
_AGE_BEFORE_FIRST_GRADE: Final = 5
_SCHOOL_YEAR_STARTS_IN: Final = 8
FIRST_GRADE: Final = 1
LAST_GRADE: Final = 13


class OutsideAudience(Refusal):
    """The activity is for children born in other years."""

    code: ClassVar[str] = "outside_audience"
    field: ClassVar[str | None] = "born"


class TooOld(Refusal):
    """The activity is for children born later."""

    code: ClassVar[str] = "too_old"
    field: ClassVar[str | None] = "born"


class TooYoung(Refusal):
    """The activity is for children born earlier."""

    code: ClassVar[str] = "too_young"
    field: ClassVar[str | None] = "born"


@dataclass(frozen=True, kw_only=True)
class Span:
    """From and to, both included; nothing means no limit on that side."""

    least: int | None = None
    most: int | None = None

    @property
    def is_limited(self) -> bool:
        """Tell whether the span leaves anybody out."""
        return self.least is not None or self.most is not None

    def holds(self, number: int) -> bool:
        """Tell whether the number lies in the span."""
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)

    def moved(self, by: int) -> "Span":
        """Return the span that much higher."""
        least = None if self.least is None else self.least + by
        most = None if self.most is None else self.most + by
        return Span(least=least, most=most)


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who an activity is for, by grade or by age; both without limits when it is for everyone."""

    grades: Span
    ages: Span

    @property
    def is_by_grade(self) -> bool:
        """Tell whether grades were chosen; the ages are then those of the grades."""
        return self.grades.is_limited


def audience_of(
    *, grade_from: int | None, grade_to: int | None, age_from: int | None, age_to: int | None
) -> Audience:
    """Return the audience that an activity's columns mean; grades win when both are given."""
    return Audience(grades=Span(least=grade_from, most=grade_to), ages=Span(least=age_from, most=age_to))


def grades_shown(audience: Audience) -> Span:
    """Return the grades to write: those chosen, or those of the ages when all of them go to school."""
    if audience.is_by_grade:
        return audience.grades
    grades = audience.ages.moved(-_AGE_BEFORE_FIRST_GRADE)
    ends = [end for end in (grades.least, grades.most) if end is not None]
    return grades if all(FIRST_GRADE <= end <= LAST_GRADE for end in ends) else Span()


def ages_shown(audience: Audience) -> Span:
    """Return the ages to write: those chosen, or those that children in the grades turn in autumn."""
    return audience.grades.moved(_AGE_BEFORE_FIRST_GRADE) if audience.is_by_grade else audience.ages


def school_year_of(day: date) -> int:
    """Return the year in which the school year of this day began: it switches on 1 August."""
    return day.year if day.month >= _SCHOOL_YEAR_STARTS_IN else day.year - 1


def grade_of(birth_year: int, day: date) -> int:
    """Return the grade of somebody born in the year; below 1 is not yet at school, above 13 has left it."""
    return school_year_of(day) - birth_year - _AGE_BEFORE_FIRST_GRADE


def birth_year_in_grade(grade: int, day: date) -> int:
    """Return the year in which those are born who began school on time and are in the grade on the day."""
    return school_year_of(day) - _AGE_BEFORE_FIRST_GRADE - grade


def birth_years(audience: Audience, day: date) -> Span:
    """Return the birth years of those who may come on the day.

    By grade the school year decides. By age, who knows only a year of birth lets in everybody
    who may be of the age that day: the birthday may have been or may be still to come.
    """
    if audience.is_by_grade:
        newest = school_year_of(day) - _AGE_BEFORE_FIRST_GRADE
        return _backwards(newest, audience.grades)
    years = _backwards(day.year, audience.ages)
    return Span(least=None if years.least is None else years.least - 1, most=years.most)


def may_come(audience: Audience, birth_year: int, day: date) -> bool:
    """Tell whether somebody born in the year belongs to the audience on the meeting's day."""
    return birth_years(audience, day).holds(birth_year)


def check_may_come(audience: Audience, birth_year: int, day: date) -> None:
    """Let through who belongs to the audience; refuse others with the birth years that do."""
    years = birth_years(audience, day)
    if years.holds(birth_year):
        return
    if years.least is None:
        raise TooYoung(born_to=years.most)
    if years.most is None:
        raise TooOld(born_from=years.least)
    raise OutsideAudience(born_from=years.least, born_to=years.most)


def _backwards(year: int, span: Span) -> Span:
    least = None if span.most is None else year - span.most
    most = None if span.least is None else year - span.least
    return Span(least=least, most=most)
