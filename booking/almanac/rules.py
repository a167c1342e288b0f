"""What makes a day special, and what a file of school breaks changes."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

# The school summer is the longest break there is: ten weeks. Anything longer is a slip of the pen.
LONGEST_BREAK_DAYS: Final = 100
LONGEST_SOURCE: Final = 200
_SCHOOL_YEAR_BEGINS: Final = 8


class DayKind(StrEnum):
    """Why a day is unlike others."""

    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_BREAK = "school_break"
    CUSTOMARY = "customary"


class CustomaryDay(StrEnum):
    """The days on which, by custom and not by law, much closes early."""

    BEFORE_MAUNDY_THURSDAY = "before_maundy_thursday"
    EASTER_EVE = "easter_eve"
    WHITSUN_EVE = "whitsun_eve"
    CHRISTMAS_EVE = "christmas_eve"
    NEW_YEARS_EVE = "new_years_eve"


class BreakKind(StrEnum):
    """Why there is no school."""

    AUTUMN = "autumn"
    WINTER = "winter"
    CHRISTMAS = "christmas"
    EASTER = "easter"
    SUMMER = "summer"
    PLANNING_DAY = "planning_day"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class SpecialDay:
    """A day, why it is special, and what it is called: keys that `messages.say_special` puts into words."""

    day: date
    kind: DayKind
    names: tuple[str, ...]


class EndsBeforeStart(Refusal):
    """The last day of the break comes before the first."""

    code: ClassVar[str] = "school_break_ends_before_start"


class TooLong(Refusal):
    """No school break is as long as this one."""

    code: ClassVar[str] = "school_break_too_long"


class SourceUnfit(Refusal):
    """Where the days come from is told in one short line."""

    code: ClassVar[str] = "school_break_source_unfit"


class UnknownMunicipality(Refusal):
    """None of the libraries lies in this municipality."""

    code: ClassVar[str] = "school_break_municipality_unknown"


BreakKey = tuple[str, BreakKind, date]
"""What tells two breaks apart: the municipality, the kind and the first day."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """Days without school in one municipality; refuses EndsBeforeStart, TooLong and SourceUnfit."""

    municipality_code: str
    kind: BreakKind
    first_on: date
    last_on: date
    source: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.last_on < self.first_on:
            raise EndsBeforeStart
        if (self.last_on - self.first_on).days >= LONGEST_BREAK_DAYS:
            raise TooLong(most=LONGEST_BREAK_DAYS)
        if self.source and (len(self.source) > LONGEST_SOURCE or not self.source.isprintable()):
            raise SourceUnfit(most=LONGEST_SOURCE)

    @property
    def school_year(self) -> int:
        """The year in which its school year began; a summer break belongs to the year that it ends."""
        return school_year_of(self.first_on)

    @property
    def key(self) -> BreakKey:
        """What no other break shares with it."""
        return self.municipality_code, self.kind, self.first_on


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


def customary_days(year: int, *, easter: date) -> dict[date, CustomaryDay]:
    """Return the half days of a year, four of which lie around Easter Sunday and Christmas."""
    return {
        easter - timedelta(days=4): CustomaryDay.BEFORE_MAUNDY_THURSDAY,
        easter - timedelta(days=1): CustomaryDay.EASTER_EVE,
        easter + timedelta(days=48): CustomaryDay.WHITSUN_EVE,
        date(year, 12, 24): CustomaryDay.CHRISTMAS_EVE,
        date(year, 12, 31): CustomaryDay.NEW_YEARS_EVE,
    }


def days_between(first_on: date, last_on: date) -> Iterator[date]:
    """Yield each day from the first to the last, both of them too."""
    for passed in range((last_on - first_on).days + 1):
        yield first_on + timedelta(days=passed)


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
