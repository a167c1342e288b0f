"""Words that try to be more than words, and dates around the nights on which clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from booking.clock import instant_at
from booking.feeds.rules import Entry

HOSTILE = [
    "x\r\nATTENDEE:mailto:a@example.org",
    "x\rX-EVIL:1",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "x\u2028X-EVIL:1",
    "x\u2029X-EVIL:1",
    "x\x85X-EVIL:1",
    "x\x0bX-EVIL:1",
    "x\x0cX-EVIL:1",
    "x\x00\x1b[31my",
    "x\ufeffy",
    "x\ud800y",
    "\\ ; , \" ' & < > ^n",
    "<b>fet</b> &amp; &lt;",
    "æøå مرحبا 👩‍👩‍👧‍👦 e\u0301",
    "🎲" * 300,
    "BEGIN:VCALENDAR",
]
# What is left of each: line ends of every kind are line ends, and what cannot be shown is not there.
CLEANED = [
    "x\nATTENDEE:mailto:a@example.org",
    "x\nX-EVIL:1",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    *["x\nX-EVIL:1"] * 5,
    "x[31my",
    "xy",
    "xy",
    *HOSTILE[11:],
]

_NIGHTS = (date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31), date(2028, 3, 26))


def entry(**changes: Any) -> Entry:
    """Something in a calendar, two hours on a Tuesday in December."""
    starts_at = changes.get("starts_at", datetime(2026, 12, 1, 16, 0, tzinfo=UTC))
    values: dict[str, Any] = {
        "uid": "8e3b2c9a-2f0e-4a0b-9f5e-1f6f5a4b3c2d",
        "sequence": 0,
        "made_at": datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 2, 9, 30, 15, 999999, tzinfo=UTC),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "is_called_off": False,
        "title": "Spillkveld",
        "description": "Brettspill og brus.",
        "place": "Granlia bibliotek, Barneavdelingen, Storgata 1, 2200 Granlia",
        "geo": (60.19, 12.0),
        "url": "https://booking.example.org/activities/spillkveld",
    }
    return Entry(**{**values, **changes})


def dates_over_both_changes() -> list[Entry]:
    """The days before, of and after each change; over midnight; over the change; and in the doubled hour."""
    found = []
    for night in _NIGHTS:
        evening = instant_at(night, time(0))
        # By the quarter of an hour through the change, when a wall shows no time, or the same one twice.
        starts = [evening + timedelta(minutes=15 * quarter) for quarter in range(4, 16)]
        for by in (-1, 0, 1):
            day = night + timedelta(days=by)
            starts += [instant_at(day, time(hour)) for hour in (0, 4, 12, 17, 23)]
        found += [
            entry(uid=f"{at:%Y%m%d%H%M}-{hours}", starts_at=at, ends_at=at + timedelta(hours=hours))
            for at in starts
            for hours in (1, 5)
        ]
    return list({each.uid: each for each in found}.values())
