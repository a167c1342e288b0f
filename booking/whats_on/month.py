"""A month by its weeks and days: what is special about each day, and what is on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.almanac.queries import special_days_of_each
from booking.almanac.rules import DayKind, SpecialDay
from booking.clock import local_date
from booking.libraries.models import Library
from booking.libraries.rules import best_text
from booking.whats_on.queries import briefs_for, titles_of
from booking.whats_on.rules import (
    Asked,
    Brief,
    Title,
    Wish,
    is_month_shown,
    is_worth_showing,
    month_beside,
    months_between,
    weeks_of_month,
)

_MONTHS_INDEXED: Final = 12

# By day: what is special about it, and the names of the municipalities where it is so.
SpecialByDay = Mapping[date, Mapping[SpecialDay, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A date in a month: its hours, its title, its library, and whether it is over."""

    brief: Brief
    title: Title
    library: str
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class Named:
    """What is special about a day, and in which municipalities if it is not so in all of them."""

    special: SpecialDay
    municipalities: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class MonthDay:
    """A day of a month's table; days of the months beside have nothing in them."""

    day: date
    is_in_month: bool
    is_today: bool
    named: Sequence[Named]
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """A month by weeks, and the months beside it as far as they have a page."""

    first: date
    before: date | None
    after: date | None
    weeks: Sequence[tuple[int, Sequence[MonthDay]]]
    is_far: bool
    found: int


def month_page(
    session: Session, asked: Asked, *, first: date, libraries: Sequence[Library], now: datetime, language: str
) -> MonthPage:
    """Return the month's days with what is on; with nothing on where the address made no sense."""
    before, after, today = month_beside(first, -1), month_beside(first, 1), local_date(now)
    wish = replace(asked.wish, first_on=first, last_on=after - timedelta(days=1))
    found = [] if asked.wrong else [each for each in briefs_for(session, wish) if is_worth_showing(each, now)]
    entries = _entries(session, found, libraries, language, now)
    special = _special_days(session, wish, libraries, (first, after - timedelta(days=1)))
    return MonthPage(
        first=first,
        before=before if is_month_shown(before, today) else None,
        after=after if is_month_shown(after, today) else None,
        weeks=[
            (
                week[0].isocalendar().week,
                [
                    MonthDay(
                        day=day,
                        is_in_month=day.month == first.month,
                        is_today=day == today,
                        named=_named(special.get(day, {}), libraries, wish),
                        entries=entries.get(day, ()),
                    )
                    for day in week
                ],
            )
            for week in weeks_of_month(first)
        ],
        is_far=abs(months_between(today, first)) > _MONTHS_INDEXED,
        found=len(found),
    )


def _entries(
    session: Session, briefs: Sequence[Brief], libraries: Iterable[Library], language: str, now: datetime
) -> Mapping[date, list[Entry]]:
    titles = titles_of(session, {brief.activity_id for brief in briefs})
    names = {library.slug: library.name for library in libraries}
    entries: dict[date, list[Entry]] = {}
    for brief in briefs:
        entry = Entry(
            brief=brief,
            title=best_text(titles[brief.activity_id], language),
            library=names[brief.library_slug],
            is_over=brief.ends_at <= now,
        )
        entries.setdefault(local_date(brief.starts_at), []).append(entry)
    return entries


def _special_days(
    session: Session, wish: Wish, libraries: Iterable[Library], span: tuple[date, date]
) -> SpecialByDay:
    names = {each.municipality_code: each.municipality_name for each in _wished(libraries, wish)}
    found = special_days_of_each(session, municipality_codes=names.keys(), first_on=span[0], last_on=span[1])
    special: dict[date, dict[SpecialDay, list[str]]] = {}
    for code, days in found.items():
        for each in (each for of_day in days.values() for each in of_day):
            # Half days by custom are for the planner; a family wants to know when it is free.
            if each.kind is not DayKind.CUSTOMARY:
                special.setdefault(each.day, {}).setdefault(each, []).append(names[code])
    return special


def _named(
    special: Mapping[SpecialDay, Sequence[str]], libraries: Iterable[Library], wish: Wish
) -> list[Named]:
    everywhere = {each.municipality_code for each in _wished(libraries, wish)}
    return [
        Named(special=each, municipalities=() if len(names) == len(everywhere) else sorted(names))
        for each, names in special.items()
    ]


def _wished(libraries: Iterable[Library], wish: Wish) -> list[Library]:
    return [library for library in libraries if wish.library in {None, library.slug}]
