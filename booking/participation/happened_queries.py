"""Meetings by themselves: when they were, how long and with how many places, and nothing of who came."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.columns import sums_by
from booking.participation.figures import Period, Scope
from booking.participation.meeting_queries import with_other_sector
from booking.participation.month_queries import NUMBERS, Months, read_months
from booking.participation.months import Numbers
from booking.participation.rules import PILOT

_DAYS_IN_A_WEEK = 7
Sums = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What meetings that were held come to by library, by pilot, and by library and week.

    A week is told by the number of its Monday. `did_not_happen` is the number of others, by library and week.
    """

    by_library: Sums
    by_pilot: Sums
    by_week: Mapping[tuple[int, int], Mapping[str, int]]
    did_not_happen: Mapping[tuple[int, int], int]


def what_happened(session: Session, *, period: Period, leaving_out: Collection[str]) -> Happened:
    """Return what the meetings of all libraries come to; no number in it is of persons."""
    libraries = session.scalars(select(Library.id)).all()
    scope = Scope(library_ids=libraries, period=period, leaving_out=leaving_out)
    months = read_months(session, scope=scope, columns=NUMBERS)
    held, known, told = months.meetings, months.known, _told(months)
    is_off = known["was_held"] == 0
    off = _by_week(known["library_id"][is_off], known["day"][is_off], {})
    return Happened(
        by_library=sums_by(held["library_id"], told),
        by_pilot=_by_pilot(months, told),
        by_week=_by_week(held["library_id"], held["day"], told),
        did_not_happen={key: sums["meetings"] for key, sums in off.items()},
    )


def _told(months: Months) -> Mapping[str, Numbers]:
    capacity = months.counted["capacity"]
    return {
        "meetings": np.ones_like(capacity),
        "seconds": months.meetings["seconds"],
        "places": np.maximum(capacity - 1, 0),
        "with_limit": (capacity > 0).astype(np.int64),
        "with_other_sector": with_other_sector(months),
    }


def _by_pilot(months: Months, told: Mapping[str, Numbers]) -> Sums:
    is_pilot = months.meetings["activity_kind"] == months.kinds.places.get(PILOT, -1)
    pilots = {name: column[is_pilot] for name, column in told.items()}
    return sums_by(months.meetings["activity_id"][is_pilot], pilots)


def _by_week(
    libraries: Numbers, days: Numbers, told: Mapping[str, Numbers]
) -> Mapping[tuple[int, int], Mapping[str, int]]:
    weeks = (days - 1) // _DAYS_IN_A_WEEK
    so_many = int(weeks.max(initial=0)) + 1
    return {
        (key // so_many, key % so_many * _DAYS_IN_A_WEEK + 1): sums
        for key, sums in sums_by(
            libraries * so_many + weeks, {"meetings": np.ones_like(weeks), **told}
        ).items()
    }
