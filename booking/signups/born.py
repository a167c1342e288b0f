"""When a child was born, as a year or as the grade it goes to."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, birth_year_in_grade
from booking.errors import Refusal

_YEAR: Final = re.compile(r"[0-9]{4}\Z")
_GRADE: Final = re.compile(r"([0-9]{1,2})\.?(?:\s*(?:trinn|klasse|trinnet|klassen|grade|class))?\Z")
_UPPER_SECONDARY: Final = re.compile(r"vg\s?([123])\Z")
_BEFORE_UPPER_SECONDARY: Final = 10


class BornNotUnderstood(Refusal):
    """What was written is neither a year of birth nor a school grade."""

    code: ClassVar[str] = "born_not_understood"
    field: ClassVar[str | None] = "born"


class YearNeeded(Refusal):
    """A grade does not tell how old somebody is, and here that decides who answers."""

    code: ClassVar[str] = "year_needed"
    field: ClassVar[str | None] = "born"


@dataclass(frozen=True)
class Born:
    """A year of birth, and whether it was worked out from a grade: it may then be a year off."""

    year: int
    is_by_grade: bool = False


def check_born(text: str) -> None:
    """Let a year or a grade pass, however it is written; refuse BornNotUnderstood otherwise."""
    _read(text)


def read_born(text: str, *, today: date) -> Born:
    """Return what was written: «2016», «5», «5. trinn», «VG1». Refuses BornNotUnderstood.

    Whether a child or youth may be born in the year, another rule says.
    """
    year, grade = _read(text)
    if year is not None:
        return Born(year)
    return Born(birth_year_in_grade(grade or 0, today), is_by_grade=True)


def _read(text: str) -> tuple[int | None, int | None]:
    plain = text.strip().casefold()
    if _YEAR.match(plain):
        return int(plain), None
    grade = _grade_in(plain)
    if grade is None or not FIRST_GRADE <= grade <= LAST_GRADE:
        raise BornNotUnderstood
    return None, grade


def _grade_in(plain: str) -> int | None:
    if found := _UPPER_SECONDARY.match(plain):
        return _BEFORE_UPPER_SECONDARY + int(found[1])
    found = _GRADE.match(plain)
    return int(found[1]) if found else None
