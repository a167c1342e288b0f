"""What a family wishes to see, read from an address, and which dates that is."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, Audience, birth_year_in_grade, may_come
from booking.activities.rules import MeetingState, Mode
from booking.clock import local_date
from booking.libraries.rules import Language

LONGEST_WORDS: Final = 100
_MONTHS_BACK, _MONTHS_AHEAD = 24, 24
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LETTERS: Final = str.maketrans({"æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "å": "a"})
# People without the letters on their keyboard write them in two.
_IN_TWO: Final = (("oe", "o"), ("aa", "a"))
_COMING: Final[Mapping[Mode, frozenset[Mode]]] = {
    Mode.DROP_IN: frozenset({Mode.DROP_IN, Mode.SIGN_UP_AND_WALK_IN}),
    Mode.SIGN_UP: frozenset({Mode.SIGN_UP, Mode.SIGN_UP_AND_WALK_IN}),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wishes to see; nothing in a field means that it does not matter."""

    library: str | None = None
    grade: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    mode: Mode | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An address as it was understood: the wish, and a code for each field that makes no sense.

    What makes no sense is never taken for "all": then nothing is shown, and the page says why.
    `typed` is what goes back into the form.
    """

    wish: Wish
    page: int = 1
    wrong: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A date with as much of its activity as it takes to choose it."""

    meeting_id: int
    starts_at: datetime
    ends_at: datetime
    state: MeetingState
    mode: Mode
    activity_id: int
    library_slug: str
    room: str
    audience: Audience

    @property
    def is_on(self) -> bool:
        """Tell whether the date is not called off."""
        return self.state is not MeetingState.CALLED_OFF

    @property
    def is_moved(self) -> bool:
        """Tell whether the date is another than was first said."""
        return self.state is MeetingState.MOVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """What an activity is called in a language, and the piece of its address."""

    language: Language
    title: str
    slug: str


@dataclass(frozen=True, kw_only=True)
class Days:
    """From which day to which, both included."""

    first_on: date
    last_on: date


def read_wish(args: Mapping[str, Sequence[str]], *, libraries: Collection[str]) -> Asked:
    """Return what an address asks for; names that we do not know are left alone, values are not."""
    wrong: dict[str, str] = {}

    def told(name: str) -> str:
        values = {value.strip() for value in args.get(name, ())} - {""}
        if len(values) > 1:
            wrong[name] = "chosen_twice"
        return next(iter(values)) if len(values) == 1 else ""

    wish = Wish(
        library=_one_of(told("library"), libraries, "library", "library_unknown", wrong),
        grade=_grade(told("grade"), wrong),
        first_on=_day(told("from"), "from", wrong),
        last_on=_day(told("to"), "to", wrong),
        mode=_mode(told("mode"), wrong),
        words=_words(told("q"), wrong),
    )
    if wish.first_on and wish.last_on and wish.last_on < wish.first_on:
        wrong["to"] = "days_in_disorder"
    page = told("page")
    if page and not re.fullmatch(r"[1-9][0-9]{0,2}", page):
        wrong["page"] = "page_unknown"
    typed = {**{name: _printable(values[0]) for name, values in args.items() if values}, **as_args(wish)}
    return Asked(wish=wish, page=1 if "page" in wrong or not page else int(page), wrong=wrong, typed=typed)


def fits(brief: Brief, wish: Wish) -> bool:
    """Tell whether a date is one that was wished for, in all but the words."""
    day = local_date(brief.starts_at)
    return (
        wish.library in {None, brief.library_slug}
        and (wish.first_on or day) <= day <= (wish.last_on or day)
        and (wish.mode is None or brief.mode in _COMING[wish.mode])
        and (wish.grade is None or may_come(brief.audience, birth_year_in_grade(wish.grade, day), day))
    )


def next_of_each(briefs: Iterable[Brief]) -> list[Brief]:
    """Return one date for each activity: its next one that is on, or its next one if all are called off."""
    chosen: dict[int, Brief] = {}
    for brief in briefs:
        kept = chosen.get(brief.activity_id)
        if kept is None or (not kept.is_on and brief.is_on):
            chosen[brief.activity_id] = brief
    return sorted(chosen.values(), key=lambda brief: (brief.starts_at, brief.meeting_id))


def folded(text: str) -> str:
    """Return the text as it is searched: «lørdag», «LÖRDAG», «loerdag» and «lordag» are one."""
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    plain = "".join(each for each in unicodedata.normalize("NFD", letters) if not unicodedata.combining(each))
    for two, one in _IN_TWO:
        plain = plain.replace(two, one)
    return plain


def searchable(text: str) -> str:
    """Return the text as words are looked for in it: folded, and as it was written.

    Folding makes one letter of two, so that a word's second half may be found in the written text only.
    """
    return f"{folded(text)}\n{text.casefold()}"


def says_all(haystack: str, words: Iterable[str]) -> bool:
    """Tell whether each of the words stands somewhere in the searchable text."""
    return all(folded(word) in haystack or word.casefold() in haystack for word in words)


def week_of(day: date) -> Days:
    """Return the days of the ISO week, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return Days(first_on=monday, last_on=monday + timedelta(days=6))


def week_after(day: date) -> Days:
    """Return the days of the ISO week after that of the day."""
    return week_of(day + timedelta(days=7))


def weekend_of(day: date) -> Days:
    """Return the Saturday and Sunday of the ISO week."""
    sunday = week_of(day).last_on
    return Days(first_on=sunday - timedelta(days=1), last_on=sunday)


def read_month(text: str, today: date) -> date | None:
    """Return the first day of a month written 2026-11, or nothing for what is none or is years away."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}", text, re.ASCII):
        return None
    year, month = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12:  # noqa: PLR2004 – months of a year
        return None
    first = date(year, month, 1) if year else date.min
    return first if is_month_shown(first, today) else None


def is_month_shown(first: date, today: date) -> bool:
    """Tell whether the month is near enough to have a page."""
    return -_MONTHS_BACK <= months_between(today, first) <= _MONTHS_AHEAD


def months_between(day: date, other: date) -> int:
    """Return how many months on the other day's month is; below zero if it comes before."""
    return (other.year - day.year) * 12 + other.month - day.month


def month_beside(first: date, by: int) -> date:
    """Return the first day of the month that many months on, or back."""
    months = first.year * 12 + first.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def weeks_of_month(first: date) -> list[list[date]]:
    """Return the weeks that a month touches, each with its seven days, Monday first."""
    last = month_beside(first, 1) - timedelta(days=1)
    monday = week_of(first).first_on
    count = (last - monday).days // 7 + 1
    return [[monday + timedelta(days=7 * week + day) for day in range(7)] for week in range(count)]


def is_worth_showing(brief: Brief, now: datetime) -> bool:
    """Tell whether a date belongs on a page that shows what was: nobody need know what was not."""
    return brief.is_on or brief.ends_at > now


def parts_of(wish: Wish) -> list[str]:
    """Return the names of what a wish consists of, as `without` takes them; both days are one."""
    named = ["from" if name == "to" else name for name in as_args(wish)]
    return list(dict.fromkeys(named))


def without(wish: Wish, name: str) -> Wish:
    """Return the wish with one thing that does not matter any more."""
    fields = {"from": {"first_on": None, "last_on": None}, "q": {"words": ()}}
    return replace(wish, **fields.get(name, {name: None}))  # type: ignore[arg-type]


def as_args(wish: Wish) -> dict[str, str]:
    """Return the wish as it stands in an address."""
    told = {
        "library": wish.library,
        "grade": wish.grade,
        "from": wish.first_on,
        "to": wish.last_on,
        "mode": wish.mode,
        "q": " ".join(wish.words),
    }
    return {name: str(value) for name, value in told.items() if value}


def args_of(wish: Wish, *names: str) -> dict[str, str]:
    """Return only these parts of the wish as they stand in an address."""
    return {name: value for name, value in as_args(wish).items() if name in names}


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())


def _one_of(told: str, known: Collection[str], name: str, code: str, wrong: dict[str, str]) -> str | None:
    if told and told not in known:
        wrong[name] = code
    return told if told in known else None


def _grade(told: str, wrong: dict[str, str]) -> int | None:
    grades = {str(grade): grade for grade in range(FIRST_GRADE, LAST_GRADE + 1)}
    if told and told not in grades:
        wrong["grade"] = "grade_unknown"
    return grades.get(told)


def _day(told: str, name: str, wrong: dict[str, str]) -> date | None:
    if not told:
        return None
    day = _calendar_day(told)
    if day is None:
        wrong[name] = "date_unreadable"
    elif not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        wrong[name] = "date_out_of_reach"
        return None
    return day


def _calendar_day(told: str) -> date | None:
    # As machines write it, and as people here do.
    written = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", told)
    typed = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", told)
    parts = written.groups() if written else typed.groups()[::-1] if typed else ()
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _mode(told: str, wrong: dict[str, str]) -> Mode | None:
    if told and told not in {Mode.DROP_IN, Mode.SIGN_UP}:
        wrong["mode"] = "mode_unknown"
        return None
    return Mode(told) if told else None


def _words(told: str, wrong: dict[str, str]) -> tuple[str, ...]:
    if len(told) > LONGEST_WORDS:
        wrong["q"] = "words_too_long"
        return ()
    if "\x00" in told:
        wrong["q"] = "text_not_plain"
        return ()
    return tuple(told.split())
