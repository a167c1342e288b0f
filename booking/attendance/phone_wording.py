"""The day's list as a phone keeps it: first name, initial and marks, and nothing else of anybody."""

from datetime import datetime, time, timedelta
from typing import Any

from booking.attendance.booked import Group
from booking.attendance.facts import erased_present_in
from booking.attendance.queries import Register, is_called_off
from booking.attendance.rows import Row, rows_of, takes_ticks
from booking.attendance.wording import age_words, title_of
from booking.clock import instant_at, local_date
from booking.i18n import when


def phone_list(register: Register, *, now: datetime) -> dict[str, Any]:
    """Return what a phone keeps of a register until midnight."""
    meeting = register.meeting
    return {
        "meeting": meeting.id,
        "title": title_of(meeting),
        "when": when(meeting.starts_at, meeting.ends_at),
        "room": meeting.room,
        "until": milliseconds(midnight_after(now)),
        "open": takes_ticks(register, now=now),
        "closed": register.closing is not None,
        "off": is_called_off(meeting),
        "people": [_person(row, group) for group in Group for row in rows_of(register, group)],
        "headcount": {band.value: count for band, count in register.headcount.items()},
        "others": erased_present_in(register),
    }


def milliseconds(instant: datetime) -> int:
    """Return the instant as phones count time."""
    return round(instant.timestamp() * 1000)


def midnight_after(now: datetime) -> datetime:
    """Return when the day in Oslo is over, and the list is to be gone from the phone."""
    return instant_at(local_date(now) + timedelta(days=1), time(0))


def _person(row: Row, group: Group) -> dict[str, Any]:
    return {
        "id": row.participant_id,
        "group": group.value,
        "name": row.name,
        "detail": age_words(row.age),
        "marks": [mark.value for mark in row.marks],
        "sibling": row.is_with_sibling,
        "standing": row.standing.value,
        "disagree": row.is_contradicted,
    }
