"""What the pages about many activities show: a list by pages, and the weeks ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.showing import Card
from booking.clock import local_date
from booking.whats_on.queries import briefs_for, cards_for, said_about
from booking.whats_on.rules import (
    Asked,
    Days,
    Wish,
    fits,
    next_of_each,
    parts_of,
    says_all,
    week_after,
    week_of,
    without,
)

ON_A_PAGE: Final = 36
IN_A_WEEK: Final = 9


class Soon(StrEnum):
    """How soon a date is; a list is read by weeks."""

    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What would be found if one part were left out of a wish that nothing fits."""

    name: str
    wish: Wish
    found: int


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of the list: one card for each activity, and how many activities there are in all."""

    stretches: Sequence[tuple[Soon, Sequence[Card]]]
    found: int
    page: int
    has_more: bool
    instead: Instead | None


@dataclass(frozen=True, kw_only=True)
class Week:
    """The dates of one ISO week that are still to come: the first few, and how many more."""

    days: Days
    number: int
    is_this: bool
    cards: Sequence[Card]
    more: int


def listed(session: Session, asked: Asked, *, now: datetime, language: str) -> Listed:
    """Return the page of the list that was asked for; nothing where the address made no sense."""
    chosen = [] if asked.wrong else next_of_each(briefs_for(session, asked.wish, now=now))
    begins = (asked.page - 1) * ON_A_PAGE
    cards = cards_for(session, chosen[begins : begins + ON_A_PAGE], language=language, now=now)
    return Listed(
        stretches=in_stretches(cards, local_date(now)),
        found=len(chosen),
        page=asked.page,
        has_more=len(chosen) > begins + ON_A_PAGE,
        instead=None if chosen or asked.wrong else instead_of(session, asked.wish, now=now),
    )


def in_stretches(cards: Iterable[Card], today: date) -> list[tuple[Soon, list[Card]]]:
    """Return the cards, in their order, by how soon they are."""
    ends = {Soon.THIS_WEEK: week_of(today).last_on, Soon.NEXT_WEEK: week_after(today).last_on}
    stretches: dict[Soon, list[Card]] = {}
    for card in cards:
        day = local_date(card.meeting.starts_at)
        soon = next((soon for soon, end in ends.items() if day <= end), Soon.LATER)
        stretches.setdefault(soon, []).append(card)
    return list(stretches.items())


def instead_of(session: Session, wish: Wish, *, now: datetime) -> Instead | None:
    """Return the one part whose leaving out finds most, or nothing if leaving out one is not enough."""
    briefs = briefs_for(session, Wish(), now=now)
    said = said_about(session, briefs) if wish.words else {}
    hopes = []
    for name in parts_of(wish):
        less = without(wish, name)
        found = {each.activity_id for each in briefs if fits(each, less)}
        saying = {number for number in found if says_all(said.get(number, ""), less.words)}
        hopes.append(Instead(name=name, wish=less, found=len(saying)))
    best = max(hopes, key=lambda hope: hope.found, default=None)
    return best if best and best.found else None


def weeks_ahead(session: Session, *, now: datetime, language: str) -> list[Week]:
    """Return this week and the next by ISO weeks, those that have a date that is not over."""
    this, following = week_of(local_date(now)), week_after(local_date(now))
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


def _within(days: Days) -> Wish:
    return Wish(first_on=days.first_on, last_on=days.last_on)
