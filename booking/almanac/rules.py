"""Red days by the Norwegian calendar, days that are half by custom, and the schools' breaks."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

MOST_DAYS: Final = 100


class DayKind(StrEnum):
    """What makes a day special."""

    PUBLIC_HOLIDAY = "public_holiday"
    CUSTOMARY = "customary"
    SCHOOL_BREAK = "school_break"


class BreakKind(StrEnum):
    """Which of the schools' breaks."""

    AUTUMN = "autumn"
    CHRISTMAS = "christmas"
    WINTER = "winter"
    EASTER = "easter"
    SUMMER = "summer"
    OTHER = "other"


class BreakEndsBeforeStart(Refusal):
    """The last day of a break lies before its first."""

    code: ClassVar[str] = "break_ends_before_start"


class BreakTooLong(Refusal):
    """No break of a school lasts that long."""

    code: ClassVar[str] = "break_too_long"


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day with a name: the names are those of the Norwegian calendar, or the kind of a break."""

    day: date
    kind: DayKind
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Break:
    """A break of a municipality's schools; both ends belong to it."""

    municipality_code: str
    kind: BreakKind
    first_on: date
    last_on: date


def check_break(each: Break) -> None:
    """Let a break pass that a school can have; refuse BreakEndsBeforeStart or BreakTooLong."""
    if each.last_on < each.first_on:
        raise BreakEndsBeforeStart
    if (each.last_on - each.first_on).days >= MOST_DAYS:
        raise BreakTooLong(most=MOST_DAYS)
