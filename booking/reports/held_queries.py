"""Meetings held, as everybody may know them: how many, how long, with how many places; not who came."""

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.participation.models import MeetingFact
from booking.participation.reckoning import sectors_in
from booking.participation.rules import OWN_SECTOR, WAS_HELD
from booking.reports.halves import monday_of
from booking.reports.rules import LEFT_OUT


@dataclass(frozen=True, kw_only=True)
class Held:
    """Meetings of one activity, how long they were together, and the places at those that had a limit."""

    meetings: int = 0
    seconds: int = 0
    places: int = 0
    with_limit: int = 0

    def with_more(self, other: "Held") -> "Held":
        """Return both together."""
        return Held(**{name: getattr(self, name) + getattr(other, name) for name in _NUMBERS})


_NUMBERS: Final = tuple(each.name for each in fields(Held))


@dataclass(frozen=True, kw_only=True)
class MeetingsHeld:
    """What there is to count of meetings in a half-year, by library, week and activity."""

    held: Counter[int] = field(default_factory=Counter)
    did_not_happen: Counter[int] = field(default_factory=Counter)
    by_week: Counter[tuple[int, date]] = field(default_factory=Counter)
    by_activity: dict[int, Held] = field(default_factory=dict)
    with_other_sector: Counter[int] = field(default_factory=Counter)


def meetings_held(session: Session, *, period: Period) -> MeetingsHeld:
    """Count the meetings of a half-year that left facts; those among staff are no part of it."""
    named = (
        MeetingFact.library_id,
        MeetingFact.activity_id,
        MeetingFact.held_on,
        MeetingFact.outcome,
        MeetingFact.partner_sectors,
    )
    numbers = (
        func.count(),
        func.sum(MeetingFact.seconds),
        func.coalesce(func.sum(MeetingFact.capacity), 0),
        func.count(MeetingFact.capacity),
    )
    rows = session.execute(
        select(*named, *numbers)
        .where(
            MeetingFact.held_on.between(period.first, period.last),
            MeetingFact.activity_kind.not_in(LEFT_OUT),
            MeetingFact.is_withdrawn.is_(False),
        )
        .group_by(*named)
    )
    counts = MeetingsHeld()
    for library_id, activity_id, held_on, outcome, sectors, *told in rows:
        one = Held(**{name: int(number or 0) for name, number in zip(_NUMBERS, told, strict=True)})
        if outcome not in WAS_HELD:
            counts.did_not_happen[library_id] += one.meetings
            continue
        counts.held[library_id] += one.meetings
        counts.by_week[library_id, monday_of(held_on)] += one.meetings
        if set(sectors_in(sectors)) - {OWN_SECTOR}:
            counts.with_other_sector[library_id] += one.meetings
        counts.by_activity[activity_id] = one.with_more(counts.by_activity.get(activity_id, Held()))
    return counts
