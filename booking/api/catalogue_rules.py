"""What a program may ask of what is on: which library, which grade, which days, in which language."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from booking.activities.audience import FIRST_GRADE, LAST_GRADE
from booking.api.rules import Unreadable, one_of_each, read_day, read_limit, read_offset
from booking.libraries.rules import Language

Value = TypeVar("Value")

_GRADES: Final = {str(grade): grade for grade in range(FIRST_GRADE, LAST_GRADE + 1)}


@dataclass(frozen=True, kw_only=True)
class WantedDates:
    """Which dates are asked for, how many at once and how many to leave out before them."""

    library: str | None
    grade: int | None
    first_on: date | None
    last_on: date | None
    language: Language
    limit: int
    after: int


def read_wanted_dates(args: Mapping[str, Sequence[str]], *, libraries: Collection[str]) -> WantedDates:
    """Return what an address asks for; refuses Unreadable, which names the parameter."""
    said = one_of_each(args, known={"library", "grade", "from", "to", "lang", "limit", "after"})
    wanted = WantedDates(
        library=_one_of({slug: slug for slug in libraries}, "library", said),
        grade=_one_of(_GRADES, "grade", said),
        first_on=read_day("from", said),
        last_on=read_day("to", said),
        language=_one_of({str(each): each for each in Language}, "lang", said) or Language.NB,
        limit=read_limit(said),
        after=read_offset(said),
    )
    if wanted.first_on and wanted.last_on and wanted.last_on < wanted.first_on:
        raise Unreadable(parameter="to")
    return wanted


def _one_of(known: Mapping[str, Value], name: str, said: Mapping[str, str]) -> Value | None:
    if name not in said:
        return None
    if said[name] not in known:
        raise Unreadable(parameter=name)
    return known[said[name]]
