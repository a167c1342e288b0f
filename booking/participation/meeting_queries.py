"""Adding up meetings: what each of them already tells, and the organisations that had a part."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from booking.participation.columns import spread, sums_by
from booking.participation.month_queries import Months
from booking.participation.months import Numbers, partners_in
from booking.participation.rules import OWN_SECTOR, WORKSHOP, HeadcountBand

_YOUNG: Final = tuple(band.value for band in HeadcountBand if band is not HeadcountBand.ADULTS)

_NOWHERE: Final = -1


def meeting_tallies(months: Months) -> Mapping[int, Mapping[str, int]]:
    """Return what the meetings of each library add up to; a library without any is left out."""
    return sums_by(months.meetings["library_id"], _told(months))


def new_tallies(months: Months) -> Mapping[int, Mapping[str, int]]:
    """Return how many came for the first time ever to a meeting of the scope, by library."""
    first = months.visits.meeting[months.is_first]
    new = spread(months.meetings["library_id"][first])
    return {library_id: {"new": number} for library_id, number in new.items()}


def partners_by_sector(months: Months, *, library_id: int | None = None) -> Mapping[str, int]:
    """Return how many organisations of each sector had a part in meetings of the scope, or of one library."""
    sets = months.meetings["partners"]
    if library_id is not None:
        sets = sets[months.meetings["library_id"] == library_id]
    words = np.array(months.partner_sets.listed, dtype=object)[np.flatnonzero(np.bincount(sets))]
    pairs = {(sector, partner_id) for word in words for partner_id, sector in partners_in(word)}
    sectors = sorted(sector for sector, _ in pairs)
    return {sector: sectors.count(sector) for sector in dict.fromkeys(sectors)}


def anonymous_in(months: Months) -> Numbers:
    """Return how many children and youth were counted without a name at each meeting."""
    bands: Numbers = np.array([months.counted[band] for band in _YOUNG], dtype=np.int64)
    total: Numbers = bands.sum(axis=0)
    return total


def everybody_in(months: Months) -> Numbers:
    """Return how many were at each meeting, grown-ups too."""
    named = months.meetings["named"] + months.counted["named_adults"]
    return named + anonymous_in(months) + months.counted[HeadcountBand.ADULTS]


def with_other_sector(months: Months) -> Numbers:
    """Return one for each meeting with a partner of another sector than the libraries' own, else nought."""
    sets = [{sector for _, sector in partners_in(word)} for word in months.partner_sets.listed]
    return np.array([int(bool(each - {OWN_SECTOR})) for each in sets], dtype=np.int64)[
        months.meetings["partners"]
    ]


def _told(months: Months) -> Mapping[str, Numbers]:
    """Return what meetings add up to, by the names of the tallies."""
    held, counted, anonymous = months.meetings, months.counted, anonymous_in(months)
    named, adults = held["named"], counted["named_adults"]
    has_places = counted["capacity"] > 0
    is_workshop = held["activity_kind"] == months.kinds.places.get(WORKSHOP, _NOWHERE)
    names = ("booked", "no_shows", "late_cancellations", "offered_and_came", "asked", "permitted")
    return {
        **{name: counted[name] for name in (*names, "permitted_and_came")},
        "sessions": np.ones(len(named), dtype=np.int64),
        "named_attendances": named,
        "anonymous_attendances": anonymous,
        "anonymous_at_workshops": anonymous * is_workshop,
        "anonymous_at_courses": anonymous * held["is_course"],
        "adults": adults + counted[HeadcountBand.ADULTS],
        "contact_seconds": held["seconds"] * (named + anonymous),
        "named_seconds": held["seconds"] * named,
        "present_at_places": has_places * (named + adults + anonymous),
        "places": has_places * (counted["capacity"] - 1),
        "waited": counted["queued"] + counted["waited_in_vain"],
        "with_other_sector": with_other_sector(months),
    }
