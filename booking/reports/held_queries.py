"""Meetings held, as everybody may know them: how many, how long, with how many places; not who came."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.participation.happened_queries import Happened, what_happened
from booking.reports.rules import LEFT_OUT


@dataclass(frozen=True, kw_only=True)
class Held:
    """Some meetings, how long they were together, and the places at those that had a limit."""

    meetings: int = 0
    seconds: int = 0
    places: int = 0
    with_limit: int = 0


_NUMBERS: Final = tuple(each.name for each in fields(Held))


@dataclass(frozen=True, kw_only=True)
class MeetingsHeld:
    """What there is to count of meetings in a half-year, by library, week and pilot."""

    held: Counter[int] = field(default_factory=Counter)
    did_not_happen: Counter[tuple[int, date]] = field(default_factory=Counter)
    by_week: dict[tuple[int, date], Held] = field(default_factory=dict)
    by_pilot: dict[int, Held] = field(default_factory=dict)
    with_other_sector: Counter[int] = field(default_factory=Counter)


def meetings_held(session: Session, *, period: Period) -> MeetingsHeld:
    """Count the meetings of a half-year that left facts; those among staff are no part of it."""
    found = what_happened(session, period=period, leaving_out=LEFT_OUT)
    return MeetingsHeld(
        held=_number(found, "meetings"),
        did_not_happen=Counter(
            {
                (library_id, date.fromordinal(monday)): number
                for (library_id, monday), number in found.did_not_happen.items()
            }
        ),
        by_week={
            (library_id, date.fromordinal(monday)): _held(sums)
            for (library_id, monday), sums in found.by_week.items()
        },
        by_pilot={activity_id: _held(sums) for activity_id, sums in found.by_pilot.items()},
        with_other_sector=_number(found, "with_other_sector"),
    )


def _held(sums: Mapping[str, int]) -> Held:
    return Held(**{name: sums[name] for name in _NUMBERS})


def _number(found: Happened, name: str) -> Counter[int]:
    numbers = {library_id: sums[name] for library_id, sums in found.by_library.items()}
    return Counter({library_id: number for library_id, number in numbers.items() if number})
