"""Counting persons: how many there were, how often each came, and for how long."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.figures import Scope
from booking.participation.models import MeetingFact, PersonFact
from booking.participation.rules import WORKSHOP, AgeBand
from booking.participation.visits import CAME_YOUNG, held_in, visits_in

_DAYS_IN_A_WEEK: Final = 7
# A course is begun by who came to one of the first two meetings, and completed by who came to three of four.
_COMPLETED: Final = (3, 4)
_FIRST_MEETINGS: Final = 2

# A day's number has six digits until the year 2737, and a municipality four.
_DAY_DIGITS: Final = 6
_CODE_DIGITS: Final = 4

_OF_SCHOOL_AGE: Final = frozenset({AgeBand.AGE_6_12, AgeBand.AGE_13_15, AgeBand.AGE_16_18})

Found = Mapping[int, Mapping[str, Any]]


def person_tallies(session: Session, *, scope: Scope) -> Found:
    """Return of each library how many persons came so often, for so long and over so many weeks."""
    who = _each_person(visits_in(scope))
    spreads: dict[int, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    for name, library_id, value, persons in session.execute(union_all(*_spreads(who))):
        spreads[library_id][name][int(value)] = int(persons)
    return {library_id: _told(by_name) for library_id, by_name in spreads.items()}


def breadth_tallies(session: Session, *, scope: Scope) -> Found:
    """Return of each library to how many activities, and kinds of them, its persons came, added up."""
    visit = visits_in(scope)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for name, column in (("activities_each", visit.c.activity_id), ("kinds_each", visit.c.activity_kind)):
        pairs = select(visit.c.library_id, visit.c.visitor_id, column).distinct().subquery()
        for library_id, count in _by_library(session, pairs):
            found[library_id][name] = int(count)
    return found


def resident_tallies(session: Session, *, scope: Scope) -> Found:
    """Return of each library how many of school age came who live in its own municipality."""
    home = dict(session.execute(select(Library.id, Library.municipality_code)).all())
    found: dict[int, dict[str, int]] = defaultdict(lambda: {"residents": 0})
    for (library_id, code, band, _), persons in last_known_counts(session, scope=scope).items():
        if code == home[library_id] and band in _OF_SCHOOL_AGE:
            found[library_id]["residents"] += persons
    return found


def course_tallies(session: Session, *, scope: Scope) -> Found:
    """Return of each library how many began the fixed courses of the scope, and how many completed them."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for name, rows in (("completed", _completed(scope)), ("began_course", _began(scope))):
        for library_id, count in _by_library(session, rows):
            found[library_id][name] = int(count)
    return found


def last_known_counts(session: Session, *, scope: Scope) -> Mapping[tuple[int, str, str, str], int]:
    """Return how many persons there were by library and, as when each last came, by place and bands."""
    visit = visits_in(scope)
    library_id = func.max(visit.c.library_id).label("library_id")
    each = select(library_id, last_told(func.max(told_of(visit)))).group_by(visit.c.visitor_id)
    last = each.subquery()
    rows = session.execute(
        select(last.c.library_id, last.c.told, func.count()).group_by(*last.c["library_id", "told"])
    )
    return {(row[0], *parts_of(row[1])): int(row[2]) for row in rows}


def told_of(visit: Subquery) -> ColumnElement[str]:
    """Return the day of a visit and what was known of the person then, in one text."""
    # The greatest of such texts is that of the last day: both databases find it in one pass.
    told = cast(visit.c.last_day, String).concat(visit.c.municipality_code)
    told = told.concat(cast(visit.c.age_band, String)).concat("|")
    return told.concat(func.coalesce(cast(visit.c.grade_band, String), ""))


def last_told(latest: ColumnElement[str]) -> ColumnElement[str]:
    """Return such a text without its day."""
    return func.substr(latest, _DAY_DIGITS + 1).label("told")


def parts_of(told: str) -> tuple[str, str, str]:
    """Return municipality, age band and grade band of such a text; the grade may not be known."""
    age, grade = told[_CODE_DIGITS:].split("|")
    return told[:_CODE_DIGITS], age, grade


def _each_person(visit: Subquery) -> CTE:
    first, last = func.min(visit.c.first_day), func.max(visit.c.last_day)
    is_workshop = case((visit.c.activity_kind == WORKSHOP, 1), else_=0)
    return (
        select(
            func.max(visit.c.library_id).label("library_id"),
            func.sum(visit.c.visits).label("visits_each"),
            func.sum(visit.c.seconds).label("seconds_each"),
            ((last - first) // _DAYS_IN_A_WEEK + 1).label("weeks_each"),
            case((last > first, 1), else_=0).label("returned"),
            func.max(is_workshop).label("in_workshops"),
        )
        .group_by(visit.c.visitor_id)
        .cte("who")
    )


def _spreads(who: CTE) -> list[Select[*tuple[Any, ...]]]:
    return [
        select(
            literal(name).label("name"), who.c.library_id, who.c[name].label("value"), func.count()
        ).group_by(who.c.library_id, who.c[name])
        for name in ("visits_each", "seconds_each", "weeks_each", "returned", "in_workshops")
    ]


def _told(by_name: Mapping[str, Mapping[int, int]]) -> Mapping[str, Any]:
    each = {name: by_name[name] for name in ("visits_each", "seconds_each", "weeks_each")}
    so_many = {name: by_name[name].get(1, 0) for name in ("returned", "in_workshops")}
    return {**each, **so_many, "unique": sum(by_name["visits_each"].values())}


def _completed(scope: Scope) -> Subquery:
    visit = visits_in(scope)
    held = (
        select(MeetingFact.occasion_id, func.count().label("meetings"))
        .where(*held_in(scope), MeetingFact.is_course)
        .group_by(MeetingFact.occasion_id)
        .subquery()
    )
    part, whole = _COMPLETED
    return (
        select(func.max(visit.c.library_id).label("library_id"))
        .join(held, held.c.occasion_id == visit.c.occasion_id)
        .group_by(visit.c.occasion_id, visit.c.visitor_id)
        .having(whole * func.sum(visit.c.visits) >= part * func.max(held.c.meetings))
        .subquery()
    )


def _began(scope: Scope) -> Subquery:
    place: ColumnElement[int] = func.row_number().over(
        partition_by=MeetingFact.occasion_id, order_by=(MeetingFact.starts_at, MeetingFact.meeting_uid)
    )
    held = (
        select(MeetingFact.id, MeetingFact.library_id, MeetingFact.occasion_id, place.label("place"))
        .where(*held_in(scope), MeetingFact.is_course)
        .subquery()
    )
    return (
        select(held.c.library_id, held.c.occasion_id, PersonFact.visitor_id)
        .join(held, held.c.id == PersonFact.meeting_fact_id)
        .where(held.c.place <= _FIRST_MEETINGS, CAME_YOUNG)
        .distinct()
        .subquery()
    )


def _by_library(session: Session, rows: Subquery) -> list[tuple[int, int]]:
    counted = select(rows.c.library_id, func.count()).group_by(rows.c.library_id)
    return [(row[0], row[1]) for row in session.execute(counted)]
