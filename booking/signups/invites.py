"""What a letter tells the family's calendar: which dates are on, and which are not any more."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.clock import Clock
from booking.signups.booked import Booked, Household, entries_of
from booking.signups.booked_queries import households_with
from booking.signups.booked_rules import Standing
from booking.signups.models import Signup
from booking.signups.rules import SignupState

Told = list[dict[str, Any]]
"""For each method (RFC 5546 section 1.4) the entries that it is about, as a letter's facts hold them."""

_METHODS: Final[Mapping[Standing, str]] = {
    Standing.ON: "REQUEST",
    Standing.CALLED_OFF: "CANCEL",
    Standing.LEFT: "CANCEL",
}


def told_of_places(
    session: Session, clock: Clock, *, signups: Sequence[Signup], left: Sequence[Signup] = ()
) -> Told:
    """Return what a letter about these sign-ups of one household tells, and about places `left` for them.

    Nothing for who has only asked or waits: there is no date before there is a place.
    """
    states = {signup.state for signup in signups}
    if not states & {SignupState.CONFIRMED, SignupState.WITHDRAWN}:
        return []
    ours = _entries(households_with(session, signups))
    given_back = _entries(households_with(session, left)) if left else []
    is_taken = SignupState.CONFIRMED in states
    told = [entry for entry in ours if _is_news(entry, is_taken=is_taken)]
    gone = [entry for entry in given_back if entry.standing is Standing.LEFT]
    return _told([*told, *gone], clock())


def told_of_dates(
    households: Iterable[Household], *, meetings: Collection[Meeting], now: datetime, are_on: bool
) -> Told:
    """Return what a letter tells of these dates, which were moved or put back on, or else called off."""
    numbers = {meeting.id for meeting in meetings}
    wanted = Standing.ON if are_on else Standing.CALLED_OFF
    entries = [entry for entry in _entries(households) if entry.meeting_id in numbers]
    return _told([entry for entry in entries if entry.standing is wanted], now)


def _entries(households: Iterable[Household]) -> list[Booked]:
    return [entry for household in households for entry in entries_of(household)]


def _is_news(entry: Booked, *, is_taken: bool) -> bool:
    if entry.standing is Standing.ON:
        # Where a sibling stays when another leaves, only an entry that tells names says another thing.
        return is_taken or bool(entry.names)
    return entry.standing is Standing.LEFT and not is_taken


def _told(entries: Iterable[Booked], now: datetime) -> Told:
    by_method: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda each: each.starts_at):
        # What is over is told of to nobody: a calendar that has it keeps it as it was.
        if entry.ends_at > now:
            by_method.setdefault(_METHODS[entry.standing], []).append(_facts(entry))
    return [
        {"method": method, "entries": theirs} for method, theirs in sorted(by_method.items(), reverse=True)
    ]


def _facts(entry: Booked) -> dict[str, Any]:
    return {
        "uid": entry.uid,
        "sequence": entry.sequence,
        "starts_at": entry.starts_at.isoformat(),
        "ends_at": entry.ends_at.isoformat(),
        "title": entry.title,
        "names": list(entry.names),
        "place": entry.place,
        "slug": entry.slug,
    }
