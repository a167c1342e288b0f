"""What was wished for, in words, with the way to drop each part of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext

from booking.activities.audience import FIRST_GRADE, LAST_GRADE
from booking.activities.messages import grade_name
from booking.i18n import short_date
from booking.libraries.models import Library
from booking.whats_on.messages import MODE_CHOICES
from booking.whats_on.rules import Wish, as_args, week_of, weekend_of, without


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


def said_wish(wish: Wish, libraries: Iterable[Library]) -> list[Part]:
    """Return the parts of a wish as one says them: «5. trinn», «denne uka»."""
    names = {library.slug: library.name for library in libraries}
    said = {
        "grade": grade_name(wish.grade) if wish.grade else "",
        "library": names.get(wish.library or "", ""),
        "from": _said_days(wish.first_on, wish.last_on),
        "mode": gettext(MODE_CHOICES[wish.mode]) if wish.mode else "",
        "q": f"«{' '.join(wish.words)}»" if wish.words else "",
    }
    return [
        Part(name=name, words=words, others=as_args(without(wish, name)))
        for name, words in said.items()
        if words
    ]


def quick_ways(today: date) -> list[Way]:
    """Return the choices of days that most people want."""
    this, following = week_of(today), week_of(today + timedelta(days=7))
    weekend = weekend_of(today)
    return [
        Way(words=gettext("This week"), first_on=this.first_on, last_on=this.last_on),
        Way(words=gettext("This weekend"), first_on=weekend.first_on, last_on=weekend.last_on),
        Way(words=gettext("Next week"), first_on=following.first_on, last_on=following.last_on),
    ]


def grade_choices() -> list[tuple[str, str]]:
    """Return the grades that can be chosen."""
    return [(str(grade), grade_name(grade)) for grade in range(FIRST_GRADE, LAST_GRADE + 1)]


def library_choices(libraries: Iterable[Library]) -> list[tuple[str, str]]:
    """Return the libraries that can be chosen."""
    return [(library.slug, library.name) for library in libraries]


def mode_choices() -> list[tuple[str, str]]:
    """Return the ways of coming that can be chosen."""
    return [(mode, gettext(words)) for mode, words in MODE_CHOICES.items()]


def _said_days(first_on: date | None, last_on: date | None) -> str:
    if first_on and last_on:
        if first_on == last_on:
            return short_date(first_on)
        return f"{short_date(first_on)}–{short_date(last_on)}"
    if first_on:
        return str(gettext("from %(day)s", day=short_date(first_on)))
    return str(gettext("until %(day)s", day=short_date(last_on))) if last_on else ""
