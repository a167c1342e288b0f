"""Counting persons: how many there were, how often each came, and for how long."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from booking.participation.columns import dense, once, once_with_counts, places_within, spread
from booking.participation.month_queries import Months
from booking.participation.months import Numbers
from booking.participation.rules import WORKSHOP, AgeBand

_DAYS_IN_A_WEEK: Final = 7
# A course is begun by who came to one of the first two meetings, and completed by who came to three of four.
_COMPLETED: Final = (3, 4)
_FIRST_MEETINGS: Final = 2
_NOWHERE: Final = -1

_OF_SCHOOL_AGE: Final = frozenset({AgeBand.AGE_6_12, AgeBand.AGE_13_15, AgeBand.AGE_16_18})

Found = Mapping[int, Mapping[str, Any]]


def person_tallies(months: Months) -> Found:
    """Return of each library how many persons came so often, for so long and over so many weeks."""
    who = _each_person(months)
    found: dict[int, dict[str, Any]] = {}
    for library_id in once(who["library_id"]).tolist():
        here = who["library_id"] == library_id
        found[library_id] = {
            **{name: spread(who[name][here]) for name in ("visits_each", "seconds_each", "weeks_each")},
            **{name: int(who[name][here].sum()) for name in ("returned", "in_workshops")},
            "unique": int(here.sum()),
        }
    return found


def breadth_tallies(months: Months) -> Found:
    """Return of each library to how many activities, and kinds of them, its persons came, added up."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for name, column in (("activities_each", "activity_id"), ("kinds_each", "activity_kind")):
        _, which = dense(months.meetings[column])
        visitors, _, _ = visitors_of_each(months, which)
        _count(months, found, name, visitors)
    return found


def resident_tallies(months: Months, *, home: Mapping[int, str]) -> Found:
    """Return of each library how many of school age came who live in its municipality, as `home` tells."""
    visitors = months.visitors
    words = [word.split("|") for word in months.person_words.listed]
    of_age = np.array([age in _OF_SCHOOL_AGE for _, age, _ in words], dtype=np.bool_)
    found: dict[int, dict[str, int]] = {}
    for library_id in once(months.library_of[visitors]).tolist():
        lives_there = of_age & np.array([place == home[library_id] for place, _, _ in words], dtype=np.bool_)
        here = visitors[months.library_of[visitors] == library_id]
        found[library_id] = {"residents": int(lives_there[months.last_told[here]].sum())}
    return found


def course_tallies(months: Months) -> Found:
    """Return of each library how many began the fixed courses of the scope, and how many completed them."""
    at_course = np.flatnonzero(months.meetings["is_course"])
    _, course = dense(months.meetings["occasion_id"][at_course])
    any_of_it = np.full(len(months.meetings["is_course"]), _NOWHERE)
    any_of_it[at_course] = course
    beginning = any_of_it.copy()
    beginning[at_course[places_within(course) >= _FIRST_MEETINGS]] = _NOWHERE
    began, _, _ = visitors_of_each(months, beginning)
    came, courses, times = visitors_of_each(months, any_of_it)
    part, whole = _COMPLETED
    completed = came[whole * times >= part * np.bincount(course)[courses]]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    _count(months, found, "began_course", began)
    _count(months, found, "completed", completed)
    return found


def visitors_of_each(months: Months, which: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return who came to which group of meetings, and how often; below nought is no group."""
    group = which[months.visits.meeting]
    inside = group >= 0
    visitor = months.visits.visitor
    if not inside.all():
        group, visitor = group[inside], visitor[inside]
    groups = int(which.max(initial=0)) + 1
    pairs, times = once_with_counts(visitor * groups + group)
    visitors = pairs // groups
    # What is left over, by means that a processor has for many numbers at once.
    return visitors, pairs - visitors * groups, times


def _each_person(months: Months) -> Mapping[str, Numbers]:
    visits, held = months.visits, months.meetings
    visitors = months.visitors
    size = len(months.library_of)
    times = np.bincount(visits.visitor, minlength=size)
    seconds = np.bincount(visits.visitor, weights=held["seconds"][visits.meeting], minlength=size)
    first = held["day"][visits.meeting[months.first_visit[visitors]]]
    last = held["day"][visits.meeting[months.last_visit[visitors]]]
    in_workshops = np.zeros(size, dtype=np.int64)
    is_workshop = held["activity_kind"] == months.kinds.places.get(WORKSHOP, _NOWHERE)
    in_workshops[visits.visitor[is_workshop[visits.meeting]]] = 1
    return {
        "library_id": months.library_of[visitors],
        "visits_each": times[visitors],
        "seconds_each": seconds[visitors].astype(np.int64),
        "weeks_each": (last - first) // _DAYS_IN_A_WEEK + 1,
        "returned": (last > first).astype(np.int64),
        "in_workshops": in_workshops[visitors],
    }


def _count(months: Months, found: dict[int, dict[str, int]], name: str, visitors: Numbers) -> None:
    for library_id, number in spread(months.library_of[visitors]).items():
        found[library_id][name] = number
