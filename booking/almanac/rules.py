"""Red days by the Norwegian calendar, days that are half by custom, and the schools' breaks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

MOST_DAYS: Final = 100
LONGEST_SOURCE: Final = 200
_SCHOOL_YEAR_BEGINS: Final = 8


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
    PLANNING_DAY = "planning_day"
    OTHER = "other"


class BreakEndsBeforeStart(Refusal):
    """The last day of a break lies before its first."""

    code: ClassVar[str] = "break_ends_before_start"


class BreakTooLong(Refusal):
    """No break of a school lasts that long."""

    code: ClassVar[str] = "break_too_long"


class BreakSourceUnfit(Refusal):
    """Where the days come from is told in one short line."""

    code: ClassVar[str] = "school_break_source_unfit"


class UnknownMunicipality(Refusal):
    """None of the libraries lies in this municipality."""

    code: ClassVar[str] = "school_break_municipality_unknown"


BreakKey = tuple[str, BreakKind, date]
"""What tells two breaks apart: the municipality, the kind and the first day."""


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
    source: str = ""

    @property
    def school_year(self) -> int:
        """The year in which its school year began; a summer break belongs to the year that it ends."""
        return school_year_of(self.first_on)

    @property
    def key(self) -> BreakKey:
        """What no other break shares with it."""
        return self.municipality_code, self.kind, self.first_on


def check_break(each: Break) -> None:
    """Let a break pass that a school can have, or refuse it for its dates or its source."""
    if each.last_on < each.first_on:
        raise BreakEndsBeforeStart
    if (each.last_on - each.first_on).days >= MOST_DAYS:
        raise BreakTooLong(most=MOST_DAYS)
    if len(each.source) > LONGEST_SOURCE or not each.source.isprintable():
        raise BreakSourceUnfit(most=LONGEST_SOURCE)


def school_year_of(day: date) -> int:
    """Return the year in which the school year of the day began: it changes on 1 August."""
    return day.year - (day.month < _SCHOOL_YEAR_BEGINS)


def school_year_begins(day: date) -> date:
    """Return the first day of the day's school year."""
    return date(school_year_of(day), _SCHOOL_YEAR_BEGINS, 1)


def check_municipality(code: str, known: Collection[str]) -> None:
    """Refuse UnknownMunicipality for a code that is none of the known ones."""
    if code not in known:
        raise UnknownMunicipality(known=", ".join(sorted(known)) or "–")


class Fate(StrEnum):
    """What a file does to one break."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One break, what becomes of it, and how it was before if it was."""

    fate: Fate
    is_now: Break
    was: Break | None = None


def compare(held: Iterable[Break], told: Iterable[Break]) -> tuple[Step, ...]:
    """Return what becomes of each break when the told ones replace the held ones, by place and time.

    They replace only those of a municipality and a school year of which the told ones say something.
    """
    wanted = {each.key: each for each in told}
    told_of = {(each.municipality_code, each.school_year) for each in wanted.values()}
    before = {each.key: each for each in held if (each.municipality_code, each.school_year) in told_of}
    steps = [_step(each, before.get(key)) for key, each in wanted.items()]
    steps += [Step(fate=Fate.GONE, is_now=each) for key, each in before.items() if key not in wanted]
    return tuple(sorted(steps, key=_place_and_time))


def _step(told: Break, was: Break | None) -> Step:
    if was is None:
        return Step(fate=Fate.NEW, is_now=told)
    return Step(fate=Fate.SAME if told == was else Fate.CHANGED, is_now=told, was=was)


def _place_and_time(step: Step) -> tuple[str, date, BreakKind]:
    return step.is_now.municipality_code, step.is_now.first_on, step.is_now.kind


def changes_anything(steps: Iterable[Step]) -> bool:
    """Tell whether any of the steps leaves something unlike it was."""
    return any(step.fate is not Fate.SAME for step in steps)
