"""Whether what is told of an item can stand in a plan: its texts, days and hours, and what it follows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from booking.plan.rules import (
    LONGEST_NOTE,
    LONGEST_TITLE,
    MOST_TOLERANCE,
    DayOutOfReach,
    DoneBeforeBegun,
    EndsBeforeStart,
    FollowsItself,
    FollowsNothing,
    HoursOfNoMeeting,
    ItemFacts,
    ItemKind,
    LastBeforeFirst,
    NoteTooLong,
    NotYetBegun,
    NotYetDone,
    TitleSaysNothing,
    TitleTooLong,
    ToleranceUnfit,
    is_in_reach,
)
from booking.wording import check_plain, says_something, tidied, tidied_line


def tidied_facts(facts: ItemFacts) -> ItemFacts:
    """Return the facts as they are kept."""
    return replace(
        facts,
        title=tidied_line(facts.title),
        title_nn=tidied_line(facts.title_nn),
        title_en=tidied_line(facts.title_en),
        note=tidied(facts.note),
    )


def check_facts(facts: ItemFacts, *, today: date) -> None:
    """Let facts pass that a plan can hold, and refuse what it cannot, for the field that it is about."""
    _check_texts(facts)
    _check_planned(facts)
    _check_hours(facts)
    _check_happened(facts, today)


def check_order(after: Mapping[int, int | None], *, item_id: int, wanted: int | None) -> None:
    """Refuse FollowsNothing, and FollowsItself when the item would in the end follow itself."""
    if wanted is not None and wanted not in after:
        raise FollowsNothing
    seen = {item_id}
    while wanted is not None:
        if wanted in seen:
            raise FollowsItself
        seen.add(wanted)
        wanted = after.get(wanted)


def _check_texts(facts: ItemFacts) -> None:
    titles = (facts.title, facts.title_nn, facts.title_en)
    check_plain([*titles, facts.note])
    if any(len(title) > LONGEST_TITLE for title in titles):
        raise TitleTooLong
    if not says_something(facts.title) or not all(says_something(title) for title in titles if title):
        raise TitleSaysNothing
    if len(facts.note) > LONGEST_NOTE:
        raise NoteTooLong


def _check_planned(facts: ItemFacts) -> None:
    days = (facts.first_on, facts.last_on, facts.began_on, facts.done_on)
    if not all(is_in_reach(day) for day in days if day is not None):
        raise DayOutOfReach
    if facts.last_on < facts.first_on:
        raise LastBeforeFirst
    if not 0 <= facts.tolerance_months <= MOST_TOLERANCE:
        raise ToleranceUnfit(most=MOST_TOLERANCE)


def _check_hours(facts: ItemFacts) -> None:
    if facts.starts_at is None and facts.ends_at is None:
        return
    if facts.kind is not ItemKind.FOLLOW_UP:
        raise HoursOfNoMeeting
    if facts.starts_at is None or facts.ends_at is None or facts.ends_at <= facts.starts_at:
        raise EndsBeforeStart


def _check_happened(facts: ItemFacts, today: date) -> None:
    if facts.began_on is not None and facts.began_on > today:
        raise NotYetBegun
    if facts.done_on is not None and facts.done_on > today:
        raise NotYetDone
    if facts.began_on is not None and facts.done_on is not None and facts.done_on < facts.began_on:
        raise DoneBeforeBegun
