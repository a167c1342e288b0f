"""What was wished for, in words, with the way to drop each part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from booking.activities.audience import FIRST_GRADE, LAST_GRADE, Audience, Span, ages_shown
from booking.activities.messages import grade_name
from booking.almanac.messages import say_special
from booking.i18n import day_and_month, long_date
from booking.libraries.models import Library
from booking.whats_on.messages import MODE_CHOICES
from booking.whats_on.month import Named
from booking.whats_on.rules import Days, Wish, as_args, week_after, week_of, weekend_of, without


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a wish: what it is in words, and the address's arguments without it."""

    name: str
    words: str
    others: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Way:
    """A choice of days in one tap."""

    words: str
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class GradeWay:
    """A school grade in one tap, with the age of those who are in it."""

    grade: str
    name: str
    age: str


def said_wish(wish: Wish, libraries: Iterable[Library], today: date) -> list[Part]:
    """Return the parts of a wish as one says them: «5. trinn», «denne uka»."""
    names = {library.slug: library.name for library in libraries}
    said = {
        "grade": grade_name(wish.grade) if wish.grade else "",
        "library": names.get(wish.library or "", ""),
        "from": _said_days(wish.first_on, wish.last_on, today),
        "mode": gettext(MODE_CHOICES[wish.mode]) if wish.mode else "",
        "q": gettext("“%(words)s”", words=" ".join(wish.words)) if wish.words else "",
    }
    return [
        Part(name=name, words=words, others=as_args(without(wish, name)))
        for name, words in said.items()
        if words
    ]


def say_whole_wish(wish: Wish, libraries: Iterable[Library], today: date) -> str:
    """Return a wish in one line: «5. trinn · Kongsvinger bibliotek · denne uka»."""
    return " · ".join(part.words for part in said_wish(wish, libraries, today))


def say_named(named: Named) -> str:
    """Return what a day is called: «17. mai», and «Høstferie (Granlia)» where it is not so everywhere."""
    words = say_special(named.special)
    if not named.municipalities:
        return words
    return str(gettext("%(what)s (%(where)s)", what=words, where=", ".join(named.municipalities)))


def quick_ways(today: date) -> list[Way]:
    """Return the choices of days that most people want."""
    this, following = week_of(today), week_after(today)
    weekend = weekend_of(today)
    return [
        Way(words=gettext("This week"), first_on=this.first_on, last_on=this.last_on),
        Way(words=gettext("This weekend"), first_on=weekend.first_on, last_on=weekend.last_on),
        Way(words=gettext("Next week"), first_on=following.first_on, last_on=following.last_on),
    ]


def grade_choices() -> list[tuple[str, str]]:
    """Return the grades that can be chosen."""
    return [(str(grade), grade_name(grade)) for grade in range(FIRST_GRADE, LAST_GRADE + 1)]


def grade_ways() -> list[GradeWay]:
    """Return the grades as a family thinks of them: by the age that a child in the grade turns in autumn."""
    return [
        GradeWay(grade=grade, name=name, age=gettext("age %(age)s", age=_age(int(grade))))
        for grade, name in grade_choices()
    ]


def library_choices(libraries: Iterable[Library]) -> list[tuple[str, str]]:
    """Return the libraries that can be chosen."""
    return [(library.slug, library.name) for library in libraries]


def mode_choices() -> list[tuple[str, str]]:
    """Return the ways of coming that can be chosen."""
    return [(mode, gettext(words)) for mode, words in MODE_CHOICES.items()]


def _age(grade: int) -> int | None:
    return ages_shown(Audience(grades=Span(least=grade, most=grade), ages=Span())).least


def _said_days(first_on: date | None, last_on: date | None, today: date) -> str:
    if first_on and last_on:
        return _said_span(Days(first_on=first_on, last_on=last_on), today)
    if first_on:
        return str(gettext("from %(day)s", day=_said_day(first_on, today)))
    return str(gettext("until %(day)s", day=_said_day(last_on, today))) if last_on else ""


def _said_span(days: Days, today: date) -> str:
    for named, words in (
        (week_of(today), gettext("this week")),
        (weekend_of(today), gettext("this weekend")),
        (week_after(today), gettext("next week")),
    ):
        if days == named:
            return str(words)
    if days.first_on == days.last_on:
        return _said_day(days.first_on, today)
    first, last = _said_day(days.first_on, today), _said_day(days.last_on, today)
    return str(gettext("%(first)s to %(last)s", first=first, last=last))


def _said_day(day: date, today: date) -> str:
    return day_and_month(day) if day.year == today.year else long_date(day)
