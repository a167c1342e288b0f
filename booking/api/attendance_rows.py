"""One meeting as other programs read it: the same values in JSON and in CSV."""

from datetime import datetime
from typing import Any, Final

from booking.api.attendance_queries import Attendance
from booking.clock import local_time
from booking.participation.rules import HeadcountBand

CSV_COLUMNS: Final = (
    "meeting",
    "activity",
    "starts_at",
    "ends_at",
    "status",
    "present_named",
    "headcount_0_5",
    "headcount_6_12",
    "headcount_13_15",
    "headcount_16_18",
    "adults",
    "capacity",
    "closed_at",
)
_YOUNG: Final = tuple(band for band in HeadcountBand if band is not HeadcountBand.ADULTS)


def as_json(meeting: Attendance) -> dict[str, Any]:
    """Return the meeting as an object; times are Oslo's, with their distance from UTC (RFC 3339)."""
    is_counted = meeting.present_named is not None
    return {
        "meeting": meeting.uid,
        "activity": meeting.activity,
        "starts_at": moment(meeting.starts_at),
        "ends_at": moment(meeting.ends_at),
        "status": meeting.status.value,
        "present_named": meeting.present_named,
        "headcount": {band.value: meeting.headcount[band] for band in _YOUNG} if is_counted else None,
        "adults": meeting.headcount[HeadcountBand.ADULTS] if is_counted else None,
        "capacity": meeting.capacity,
        "closed_at": moment(meeting.closed_at),
    }


def as_cells(meeting: Attendance) -> dict[str, str | int | None]:
    """Return the meeting as the cells of one row, by the names of their columns."""
    told = as_json(meeting)
    counted = {f"headcount_{band}": persons for band, persons in (told.pop("headcount") or {}).items()}
    return {column: {**told, **counted}.get(column) for column in CSV_COLUMNS}


def moment(instant: datetime | None) -> str | None:
    """Return the instant as RFC 3339 writes it, in Oslo's time, or nothing."""
    return None if instant is None else local_time(instant).isoformat(timespec="seconds")
