"""What the pages about many activities show: a list by pages, the weeks ahead, a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import ActivityText
from booking.activities.showing import Card
from booking.almanac.queries import special_days
from booking.almanac.rules import DayKind, SpecialDay
from booking.clock import local_date
from booking.libraries.rules import best_text
from booking.whats_on.queries import briefs_for, cards_for, municipality_of, slugs_of, texts_of
from booking.whats_on.rules import (
    Asked,
    Brief,
    Days,
    Wish,
    fits,
    month_beside,
    next_of_each,
    week_of,
    weeks_of_month,
)

ON_A_PAGE: Final = 36
IN_A_WEEK: Final = 9
_MONTHS_INDEXED: Final = 12


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of the list: one card for each activity, and how many activities there are in all."""

    cards: Sequence[Card]
    found: int
    page: int
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class Week:
    """The dates of one ISO week that are still to come: the first few, and how many more."""

    days: Days
    number: int
    is_this: bool
    cards: Sequence[Card]
    more: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A date in a month: its hours, its title and where it leads."""

    brief: Brief
    text: ActivityText
    slug: str


@dataclass(frozen=True, kw_only=True)
class MonthDay:
    """A day of a month's table; days of the months beside have nothing in them."""

    day: date
    is_in_month: bool
    is_today: bool
    special: Sequence[SpecialDay]
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True)
class MonthPage:
    """A month by weeks, and the months beside it."""

    first: date
    before: date
    after: date
    weeks: Sequence[tuple[int, Sequence[MonthDay]]]
    is_far: bool
    found: int


def listed(session: Session, asked: Asked, *, now: datetime, language: str) -> Listed:
    """Return the page of the list that was asked for; nothing where the address made no sense."""
    chosen = [] if asked.wrong else next_of_each(briefs_for(session, asked.wish, now=now))
    begins = (asked.page - 1) * ON_A_PAGE
    part = chosen[begins : begins + ON_A_PAGE]
    return Listed(
        cards=cards_for(session, part, language=language, now=now),
        found=len(chosen),
        page=asked.page,
        has_more=len(chosen) > begins + ON_A_PAGE,
    )


def weeks_ahead(session: Session, *, now: datetime, language: str) -> list[Week]:
    """Return this week and the next by ISO weeks, those that have a date that is not over."""
    this = week_of(local_date(now))
    following = week_of(this.last_on.fromordinal(this.last_on.toordinal() + 1))
    span = Wish(first_on=this.first_on, last_on=following.last_on)
    briefs = briefs_for(session, span, now=now)
    by_week = {
        days.first_on: [brief for brief in briefs if fits(brief, _within(days))] for days in (this, following)
    }
    shown = [brief for each in by_week.values() for brief in each[:IN_A_WEEK]]
    cards = {card.meeting.id: card for card in cards_for(session, shown, language=language, now=now)}
    return [
        Week(
            days=days,
            number=days.first_on.isocalendar().week,
            is_this=days is this,
            cards=[cards[brief.meeting_id] for brief in by_week[days.first_on][:IN_A_WEEK]],
            more=max(0, len(by_week[days.first_on]) - IN_A_WEEK),
        )
        for days in (this, following)
        if by_week[days.first_on]
    ]


def month_page(session: Session, asked: Asked, *, first: date, now: datetime, language: str) -> MonthPage:
    """Return the month's days with what is on; with nothing on where the address made no sense."""
    weeks = weeks_of_month(first)
    after = month_beside(first, 1)
    last = date.fromordinal(after.toordinal() - 1)
    wish = replace(asked.wish, first_on=first, last_on=last)
    briefs = [] if asked.wrong else briefs_for(session, wish)
    entries = _entries(session, briefs, language)
    special = special_days(
        session,
        municipality_code=municipality_of(session, asked.wish.library),
        first_on=weeks[0][0],
        last_on=weeks[-1][-1],
    )
    today = local_date(now)
    return MonthPage(
        first=first,
        before=month_beside(first, -1),
        after=after,
        weeks=[
            (week[0].isocalendar().week, [_day(day, first, today, special, entries) for day in week])
            for week in weeks
        ],
        is_far=abs((first.year - today.year) * 12 + first.month - today.month) > _MONTHS_INDEXED,
        found=len(briefs),
    )


def _within(days: Days) -> Wish:
    return Wish(first_on=days.first_on, last_on=days.last_on)


def _entries(session: Session, briefs: Sequence[Brief], language: str) -> Mapping[date, list[Entry]]:
    numbers = {brief.activity_id for brief in briefs}
    texts, slugs = (texts_of(session, numbers), slugs_of(session, numbers)) if numbers else ({}, {})
    entries: dict[date, list[Entry]] = {}
    for brief in briefs:
        text = best_text(texts[brief.activity_id], language)
        entry = Entry(brief=brief, text=text, slug=slugs[brief.activity_id])
        entries.setdefault(local_date(brief.starts_at), []).append(entry)
    return entries


def _day(
    day: date,
    first: date,
    today: date,
    special: Mapping[date, Sequence[SpecialDay]],
    entries: Mapping[date, list[Entry]],
) -> MonthDay:
    # Half days by custom are for the planner; a family wants to know when it is free.
    named = [each for each in special.get(day, ()) if each.kind is not DayKind.CUSTOMARY]
    is_in_month = (day.year, day.month) == (first.year, first.month)
    return MonthDay(
        day=day,
        is_in_month=is_in_month,
        is_today=day == today,
        special=named if is_in_month else (),
        entries=entries.get(day, ()) if is_in_month else (),
    )
