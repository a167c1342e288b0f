"""Counting by what can be told apart: library, activity, kind, sector, age, grade, place, week and month."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

import numpy as np

from booking.participation.columns import dense, once, once_with_counts
from booking.participation.month_queries import Months
from booking.participation.months import Numbers, days_of, partners_in, week_of
from booking.participation.person_queries import visitors_of_each
from booking.participation.rules import AgeBand, HeadcountBand
from booking.participation.tallies import NONE, OF_PERSONS, UNKNOWN, Dimension

Counts = Counter[tuple[str, ...]]

_DAYS_IN_A_WEEK: Final = 7
_MONTH_LETTERS: Final = 7
_IN_PERSON_WORD: Final = {Dimension.MUNICIPALITY: 0, Dimension.AGE_BAND: 1, Dimension.GRADE_BAND: 2}
_IDS: Final = {Dimension.LIBRARY: "library_id", Dimension.ACTIVITY: "activity_id"}


@dataclass(frozen=True, kw_only=True)
class Cells:
    """In which cells each row stands: a place in a list, and what such a place is called.

    A place has several names where a row counts in several cells, as a meeting does for each sector.
    """

    places: Numbers
    names: Sequence[Sequence[str]]

    def at(self, rows: Numbers) -> "Cells":
        """Return the cells of other rows, each of which is about one of these."""
        return Cells(places=self.places[rows], names=self.names)


def meetings_counted(months: Months, by: Sequence[Dimension], numbers: Numbers) -> Counts:
    """Add up a number of each meeting; nothing is known of persons' bands."""
    return _counted([_of_meetings(months, each) for each in by], numbers)


def headcounts_counted(months: Months, by: Sequence[Dimension], *, adults: bool) -> Counts:
    """Count those without a name by their band, and adults among them if they are asked for."""
    counts: Counts = Counter()
    for band in HeadcountBand:
        if band is HeadcountBand.ADULTS and not adults:
            continue
        name = AgeBand.OVER_18.value if band is HeadcountBand.ADULTS else band.value
        cells = [
            _all_in(months, name) if each is Dimension.AGE_BAND else _of_meetings(months, each) for each in by
        ]
        counts.update(_counted(cells, months.counted[band]))
    return counts


def visits_counted(months: Months, by: Sequence[Dimension]) -> Counts:
    """Count the visits of children and youth with a name, each with the bands it had at the time."""
    return _visits(months, by, months.visits.meeting, months.told)


def adults_counted(months: Months, by: Sequence[Dimension]) -> Counts:
    """Count the visits of grown-ups with a name."""
    return _visits(months, by, *months.adults)


def newcomers_counted(months: Months, by: Sequence[Dimension]) -> Counts:
    """Count who came for the first time ever, at the meeting and with the bands of that time."""
    told = months.told if OF_PERSONS & set(by) else months.visits.meeting
    return _visits(months, by, months.visits.meeting[months.is_first], told[months.is_first])


def persons_counted(months: Months, by: Sequence[Dimension]) -> Counts:
    """Count persons once in each cell, with the bands they had when they last came."""
    told_apart = [each for each in by if each not in OF_PERSONS]
    cells = [_of_meetings(months, each) for each in told_apart]
    keys, _ = _keys_of(cells, len(months.meetings["day"]))
    groups, which = dense(keys)
    visitor, group, _ = visitors_of_each(months, which)
    at_groups = _cells_of(groups, cells)
    if Dimension.PARTNER_SECTOR not in by and not OF_PERSONS & set(by):
        return _counted(at_groups, np.bincount(group, minlength=len(groups)))
    found = [each.at(group) for each in at_groups]
    if Dimension.PARTNER_SECTOR in by:
        visitor, found = _once_in_each(visitor, found, told_apart.index(Dimension.PARTNER_SECTOR))
    at = dict(zip(told_apart, found, strict=True))
    last = months.last_told[visitor] if OF_PERSONS & set(by) else visitor
    every = [at[each] if each in at else _of_persons(months, each, last) for each in by]
    return _counted(every, None, rows=len(visitor))


def _once_in_each(visitor: Numbers, cells: Sequence[Cells], place: int) -> tuple[Numbers, list[Cells]]:
    """Return persons once for each sector, also where it is in several sets of partners."""
    rows, by_sector = _one_by_one(cells[place])
    several = [by_sector if each is cells[place] else each.at(rows) for each in cells]
    keys, size = _keys_of(several, len(rows))
    pairs = once(visitor[rows] * size + keys)
    return pairs // size, _cells_of(pairs % size, several)


def _visits(months: Months, by: Sequence[Dimension], meeting: Numbers, told: Numbers) -> Counts:
    cells = [
        _of_persons(months, each, told) if each in OF_PERSONS else _of_meetings(months, each).at(meeting)
        for each in by
    ]
    return _counted(cells, None, rows=len(meeting))


def _of_meetings(months: Months, dimension: Dimension) -> Cells:
    held = months.meetings
    if dimension in OF_PERSONS:
        return _all_in(months, UNKNOWN)
    if dimension is Dimension.KIND:
        return Cells(places=held["activity_kind"], names=[[kind] for kind in months.kinds.listed])
    if dimension is Dimension.PARTNER_SECTOR:
        sets = [sorted({sector for _, sector in partners_in(word)}) for word in months.partner_sets.listed]
        return Cells(places=held["partners"], names=[each or [NONE] for each in sets])
    column, name_of = _TOLD_BY[dimension]
    each, places = dense(column(held))
    return Cells(places=places, names=[[name_of(number)] for number in each.tolist()])


def _of_persons(months: Months, dimension: Dimension, told: Numbers) -> Cells:
    words = [word.split("|")[_IN_PERSON_WORD[dimension]] for word in months.person_words.listed]
    return Cells(places=told, names=[[word or UNKNOWN] for word in words])


def _all_in(months: Months, name: str) -> Cells:
    return Cells(places=np.zeros_like(months.meetings["day"]), names=[[name]])


_TOLD_BY: Final[
    Mapping[Dimension, tuple[Callable[[Mapping[str, Numbers]], Numbers], Callable[[int], str]]]
] = {
    Dimension.LIBRARY: (lambda held: held["library_id"], str),
    Dimension.ACTIVITY: (lambda held: held["activity_id"], str),
    # The first day of all was a Monday.
    Dimension.WEEK: (
        lambda held: (held["day"] - 1) // _DAYS_IN_A_WEEK,
        lambda week: week_of(date.fromordinal(week * _DAYS_IN_A_WEEK + 1)),
    ),
    Dimension.MONTH: (
        lambda held: held["month"],
        lambda month: days_of(month).first.isoformat()[:_MONTH_LETTERS],
    ),
}


def _counted(cells: Sequence[Cells], numbers: Numbers | None, *, rows: int = 0) -> Counts:
    """Return the sum of the numbers in each cell, or how many rows there are in it."""
    keys, _ = _keys_of(cells, rows if numbers is None else len(numbers))
    if numbers is None:
        each, sums = once_with_counts(keys)
    else:
        each, places = dense(keys)
        sums = np.bincount(places, weights=numbers, minlength=len(each))
    counts: Counts = Counter()
    at_each = [_names_of(part) for part in _cells_of(each, cells)]
    named = zip(*at_each, strict=True) if cells else [()] * len(sums)
    for names, number in zip(named, sums.tolist(), strict=True):
        for key in product(*names):
            counts[key] += int(number)
    return counts


def _keys_of(cells: Sequence[Cells], rows: int) -> tuple[Numbers, int]:
    """Return one number for each row that tells its cells, and how many such numbers there may be."""
    if not cells:
        return np.zeros(rows, dtype=np.int64), 1
    keys, size = cells[0].places, max(len(cells[0].names), 1)
    for each in cells[1:]:
        keys, size = keys * len(each.names) + each.places, size * max(len(each.names), 1)
    return keys, size


def _cells_of(keys: Numbers, cells: Sequence[Cells]) -> list[Cells]:
    """Return the cells that such numbers tell."""
    found = []
    for each in reversed(cells):
        keys, places = np.divmod(keys, max(len(each.names), 1))
        found.append(Cells(places=places, names=each.names))
    return found[::-1]


def _names_of(cells: Cells) -> list[Sequence[str]]:
    return [cells.names[place] for place in cells.places.tolist()]


def _one_by_one(cells: Cells) -> tuple[Numbers, Cells]:
    """Return each cell of each row by itself, and which row it is of."""
    names = sorted({name for each in cells.names for name in each})
    flat = np.array([names.index(name) for each in cells.names for name in each], dtype=np.int64)
    sizes = np.array([len(each) for each in cells.names], dtype=np.int64)
    begins, so_many = np.cumsum(sizes) - sizes, sizes[cells.places]
    rows = np.repeat(np.arange(len(cells.places)), so_many)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(so_many) - so_many, so_many)
    return rows, Cells(places=flat[begins[cells.places][rows] + within], names=[[name] for name in names])
