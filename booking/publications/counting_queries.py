"""Counting from facts what is let out later: exact, and read by the job that publishes alone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from booking.participation.figures import Period, Scope
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact
from booking.participation.rules import WAS_HELD, AgeBand, HeadcountBand, Outcome
from booking.publications.ledger import (
    CAME,
    LATE,
    NO_SHOW,
    ONCE,
    OTHER,
    PILOT,
    RETURNED,
    Key,
    Measure,
)
from booking.publications.room import Crowd, Gathering
from booking.publications.tables import ALL, ELSEWHERE

_COLUMN: Final = {
    Outcome.CAME: CAME,
    Outcome.DID_NOT_COME: NO_SHOW,
    Outcome.CANCELLED_LATE: LATE,
}
_CAME = PersonFact.outcome == Outcome.CAME
_IS_YOUNG = PersonFact.age_band != AgeBand.OVER_18
_KIND = case((MeetingFact.activity_kind == PILOT, PILOT), else_=OTHER)


def first_day_of_facts(session: Session) -> date | None:
    """Return the day of the earliest meeting that counts, if there is one."""
    return session.scalar(select(func.min(MeetingFact.held_on)).where(MeetingFact.is_withdrawn.is_(False)))


def held_by_library(session: Session, *, scope: Scope) -> Mapping[int, int]:
    """Return how many meetings each library held."""
    rows = session.execute(
        select(MeetingFact.library_id, func.count()).where(*_held(scope)).group_by(MeetingFact.library_id)
    )
    return {row[0]: row[1] for row in rows}


def counted(session: Session, *, scope: Scope, slugs: Mapping[int, str]) -> Mapping[Key, int]:
    """Return attendances by band and kind, and different persons by band."""
    found: Counter[Key] = Counter()
    for row in session.execute(_attendances(scope)):
        found[Measure.ATTENDANCES, slugs[row[0]], f"{row[1].value} {row[2]}"] += int(row[3])
    for row in session.execute(_anonymous(scope)):
        found[Measure.ATTENDANCES, slugs[row[0]], f"{row[1].value} {row[2]}"] += int(row[3])
    for row in session.execute(_unique(scope)):
        found[Measure.UNIQUE, slugs[row[0]], row[1].value] += int(row[2])
    return found


def counted_once(
    session: Session, *, scope: Scope, slugs: Mapping[int, str], municipalities: Sequence[str]
) -> Mapping[Key, int]:
    """Return what is counted when a half-year is over: who came again, booked places, where people live."""
    found: Counter[Key] = Counter()
    for library_id, days in session.execute(_days(scope)):
        found[Measure.RETURNING, slugs[library_id], RETURNED if days > 1 else ONCE] += 1
    for library_id, outcome, places in session.execute(_booked(scope)):
        if outcome in _COLUMN:
            found[Measure.BOOKED, slugs[library_id], _COLUMN[outcome]] += int(places)
    for code, persons in session.execute(_residents(scope)):
        found[Measure.RESIDENTS, code if code in municipalities else ELSEWHERE, ALL] += int(persons)
    return found


def gatherings(
    session: Session, *, scope: Scope, slugs: Mapping[int, str], month: Period, since: datetime | None
) -> Sequence[Gathering]:
    """Return every meeting that is counted anew, with its places and how many of each band were there.

    Those are the meetings of the month, and earlier ones whose register was closed only since an instant.
    """
    is_new: ColumnElement[bool] = MeetingFact.held_on.between(month.first, month.last)
    if since is not None:
        is_new = or_(is_new, MeetingFact.recorded_at > since)
    came: dict[int, Counter[str]] = {}
    for statement in (_came_to_each(scope), _counted_at_each(scope)):
        for meeting_id, band, persons in session.execute(statement):
            came.setdefault(meeting_id, Counter())[band.value] += int(persons)
    rows = session.execute(
        select(MeetingFact.id, MeetingFact.library_id, _KIND, MeetingFact.capacity).where(
            *_held(scope), is_new
        )
    )
    return [
        Gathering(library=slugs[library_id], kind=kind, places=places, came=came.get(meeting_id, {}))
        for meeting_id, library_id, kind, places in rows
    ]


def bookable(session: Session, *, scope: Scope, slugs: Mapping[int, str]) -> Mapping[Crowd, int]:
    """Return how many places could be booked at all meetings of a library and kind; drop-ins have none."""
    places = func.sum(func.coalesce(MeetingFact.capacity, 0))
    rows = session.execute(
        select(MeetingFact.library_id, _KIND, places)
        .where(*_held(scope))
        .group_by(MeetingFact.library_id, _KIND)
    )
    return {(slugs[library_id], kind, ()): int(total) for library_id, kind, total in rows}


def _held(scope: Scope) -> Iterator[ColumnElement[bool]]:
    yield MeetingFact.library_id.in_(scope.library_ids)
    yield MeetingFact.held_on.between(scope.period.first, scope.period.last)
    yield MeetingFact.activity_kind.not_in(scope.leaving_out)
    yield MeetingFact.is_withdrawn.is_(False)
    yield MeetingFact.outcome.in_(WAS_HELD)


def _attendances(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(MeetingFact.library_id, PersonFact.age_band, _KIND, func.count())
        .join(PersonFact.meeting)
        .where(*_held(scope), _CAME, _IS_YOUNG)
        .group_by(MeetingFact.library_id, PersonFact.age_band, _KIND)
    )


def _anonymous(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(MeetingFact.library_id, HeadcountFact.band, _KIND, func.sum(HeadcountFact.persons))
        .join(HeadcountFact.meeting)
        .where(*_held(scope), HeadcountFact.band != HeadcountBand.ADULTS)
        .group_by(MeetingFact.library_id, HeadcountFact.band, _KIND)
    )


def _came_to_each(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(MeetingFact.id, PersonFact.age_band, func.count())
        .join(PersonFact.meeting)
        .where(*_held(scope), _CAME, _IS_YOUNG)
        .group_by(MeetingFact.id, PersonFact.age_band)
    )


def _counted_at_each(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(MeetingFact.id, HeadcountFact.band, func.sum(HeadcountFact.persons))
        .join(HeadcountFact.meeting)
        .where(*_held(scope), HeadcountFact.band != HeadcountBand.ADULTS)
        .group_by(MeetingFact.id, HeadcountFact.band)
    )


def _unique(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(MeetingFact.library_id, PersonFact.age_band, func.count(distinct(PersonFact.visitor_id)))
        .join(PersonFact.meeting)
        .where(*_held(scope), _CAME, _IS_YOUNG)
        .group_by(MeetingFact.library_id, PersonFact.age_band)
    )


def _days(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return one row for each library, person and band, as the different persons are counted."""
    return (
        select(MeetingFact.library_id, func.count(distinct(MeetingFact.held_on)))
        .join(PersonFact.meeting)
        .where(*_held(scope), _CAME, _IS_YOUNG)
        .group_by(MeetingFact.library_id, PersonFact.visitor_id, PersonFact.age_band)
    )


def _booked(scope: Scope) -> Select[*tuple[Any, ...]]:
    booked = and_(PersonFact.booked_at_deadline.is_(True), _IS_YOUNG)
    return (
        select(MeetingFact.library_id, PersonFact.outcome, func.count())
        .join(PersonFact.meeting)
        .where(*_held(scope), booked)
        .group_by(MeetingFact.library_id, PersonFact.outcome)
    )


def _residents(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Return one count for each library and band, so that they add up to the different persons."""
    one = (
        select(
            PersonFact.municipality_code, MeetingFact.library_id, PersonFact.visitor_id, PersonFact.age_band
        )
        .join(PersonFact.meeting)
        .where(*_held(scope), _CAME, _IS_YOUNG, PersonFact.age_band != AgeBand.UNDER_6)
        .distinct()
        .subquery()
    )
    return select(one.c.municipality_code, func.count()).group_by(one.c.municipality_code)
