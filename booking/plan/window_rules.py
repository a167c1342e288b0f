"""How far an item of the plan may move, where it stands on a day, and what comes before its time."""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from booking.plan.rules import ItemFacts, ItemState

_MONTHS = 12


class Standing(StrEnum):
    """Where an item stands on a day."""

    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    WITHIN_TOLERANCE = "within_tolerance"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_WITHIN_TOLERANCE = "done_within_tolerance"
    DONE_OUTSIDE = "done_outside"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, kw_only=True)
class Window:
    """The days within which an item may be done; both belong to it."""

    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where an item stands, and by how many days it missed its window, if it did."""

    standing: Standing
    days: int = 0


def months_from(day: date, months: int) -> date:
    """Return the day so many calendar months later, or earlier; the last of a month that is shorter."""
    count = day.year * _MONTHS + day.month - 1 + months
    year, month = count // _MONTHS, count % _MONTHS + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def window_of(facts: ItemFacts) -> Window:
    """Return the window: the plan's days, with the tolerance in calendar months to either side."""
    return Window(
        first_on=months_from(facts.first_on, -facts.tolerance_months),
        last_on=months_from(facts.last_on, facts.tolerance_months),
    )


def stand_of(facts: ItemFacts, state: ItemState, today: date) -> Stand:
    """Return where the item stands today: by what happened, and by the plan as far as nobody said."""
    if state is ItemState.CALLED_OFF:
        return Stand(standing=Standing.CALLED_OFF)
    if facts.done_on is not None:
        return _done(facts, facts.began_on or facts.done_on, facts.done_on)
    last_on = window_of(facts).last_on
    if today > last_on:
        return Stand(standing=Standing.OVERDUE, days=(today - last_on).days)
    if today > facts.last_on:
        return Stand(standing=Standing.WITHIN_TOLERANCE)
    has_begun = today >= (facts.began_on or facts.first_on)
    return Stand(standing=Standing.UNDER_WAY if has_begun else Standing.NOT_BEGUN)


def _done(facts: ItemFacts, began_on: date, done_on: date) -> Stand:
    window = window_of(facts)
    # What is further out counts: begun too early, or done too late.
    days = max((window.first_on - began_on).days, (done_on - window.last_on).days)
    if days > 0:
        return Stand(standing=Standing.DONE_OUTSIDE, days=days)
    is_as_planned = facts.first_on <= began_on and done_on <= facts.last_on
    return Stand(standing=Standing.DONE if is_as_planned else Standing.DONE_WITHIN_TOLERANCE)


def too_early(plan: Mapping[int, tuple[ItemFacts, ItemState]], today: date) -> Iterable[tuple[int, int]]:
    """Return which items begin before the one that they follow is done, each with that one.

    By what happened where somebody said so; what should be done and is not, lasts until today at least. Both
    may fall on one day.
    """
    for number, (facts, state) in plan.items():
        before = plan.get(facts.after_id) if facts.after_id is not None else None
        if facts.after_id is None or before is None or ItemState.CALLED_OFF in {state, before[1]}:
            continue
        if (facts.began_on or facts.first_on) < _end_of(before[0], today):
            yield number, facts.after_id


def _end_of(facts: ItemFacts, today: date) -> date:
    return facts.done_on or max(facts.last_on, today)
