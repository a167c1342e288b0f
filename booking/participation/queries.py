"""Computing figures, from facts alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, extract, func, select
from sqlalchemy.orm import Session

from booking.participation.figures import Figures, MeetingCounts, Scope
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact, Visitor
from booking.participation.rules import (
    WAS_HELD,
    AgeBand,
    HeadcountBand,
    MeetingOutcome,
    Outcome,
    PersonEntry,
)

_CAME = PersonFact.outcome == Outcome.CAME
_IS_YOUNG = PersonFact.age_band != AgeBand.OVER_18
_IS_ADULT = HeadcountFact.band == HeadcountBand.ADULTS
_SECONDS = extract("epoch", MeetingFact.ends_at) - extract("epoch", MeetingFact.starts_at)


def figures_by_library(session: Session, *, scope: Scope) -> Mapping[int, Figures]:
    """Return the exact figures of each of these libraries; to be shown to its own staff only."""
    parts = [
        _by_library(session, statement.where(*_held(scope)))
        for statement in (_sessions(), _persons(), _headcounts())
    ]
    return {
        library_id: _put_together([part.get(library_id, {}) for part in parts])
        for library_id in scope.library_ids
    }


def meeting_counts_by_library(session: Session, *, scope: Scope) -> Mapping[int, MeetingCounts]:
    """Return how many meetings each library held; nothing in the answer counts persons."""
    rows = session.execute(
        select(
            MeetingFact.library_id,
            _count(MeetingFact.outcome.in_(WAS_HELD)),
            _count(MeetingFact.outcome == MeetingOutcome.DID_NOT_HAPPEN),
        )
        .where(*_in_scope(scope))
        .group_by(MeetingFact.library_id)
    )
    found = {row[0]: MeetingCounts(held=int(row[1]), did_not_happen=int(row[2])) for row in rows}
    return {library_id: found.get(library_id, MeetingCounts()) for library_id in scope.library_ids}


def recorded_uids(session: Session, *, scope: Scope) -> frozenset[str]:
    """Return which meetings of the period have facts; every other one is missing, not nought."""
    return frozenset(session.scalars(select(MeetingFact.meeting_uid).where(*_in_scope(scope))))


def person_entries_of(session: Session, meeting_uid: str) -> Sequence[PersonEntry]:
    """Return the persons in a meeting's facts, withdrawn ones too; none for a meeting without facts."""
    found = session.execute(
        select(PersonFact, Visitor.person_key)
        .join(PersonFact.meeting)
        .join(PersonFact.visitor)
        .where(MeetingFact.meeting_uid == meeting_uid)
        .order_by(PersonFact.id)
    )
    return [person_entry(person, key) for person, key in found]


def person_entry(person: PersonFact, person_key: str) -> PersonEntry:
    """Return a person's row as what was handed over."""
    names = [name for name in PersonEntry.__dataclass_fields__ if name != "person_key"]
    return PersonEntry(person_key=person_key, **{name: getattr(person, name) for name in names})


def _in_scope(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        MeetingFact.library_id.in_(scope.library_ids),
        MeetingFact.held_on.between(scope.period.first, scope.period.last),
        MeetingFact.activity_kind.not_in(scope.leaving_out),
        MeetingFact.is_withdrawn.is_(False),
    )


def _held(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (*_in_scope(scope), MeetingFact.outcome.in_(WAS_HELD))


def _sessions() -> Select[*tuple[Any, ...]]:
    return select(MeetingFact.library_id, func.count().label("sessions")).group_by(MeetingFact.library_id)


def _persons() -> Select[*tuple[Any, ...]]:
    child_came = and_(_CAME, _IS_YOUNG)
    booked = PersonFact.booked_at_deadline.is_(True)
    return (
        select(
            MeetingFact.library_id,
            _count(child_came).label("named_attendances"),
            _count(and_(_CAME, ~_IS_YOUNG)).label("adults"),
            func.count(distinct(case((child_came, PersonFact.visitor_id)))).label("unique"),
            _sum(case((child_came, _SECONDS), else_=0)).label("contact_seconds"),
            _count(booked).label("booked"),
            _count(and_(booked, PersonFact.outcome == Outcome.DID_NOT_COME)).label("no_shows"),
            _count(and_(booked, PersonFact.outcome == Outcome.CANCELLED_LATE)).label("late_cancellations"),
        )
        .join(PersonFact.meeting)
        .group_by(MeetingFact.library_id)
    )


def _headcounts() -> Select[*tuple[Any, ...]]:
    young = case((~_IS_ADULT, HeadcountFact.persons), else_=0)
    return (
        select(
            MeetingFact.library_id,
            _sum(young).label("anonymous_attendances"),
            _sum(case((_IS_ADULT, HeadcountFact.persons), else_=0)).label("adults"),
            _sum(young * _SECONDS).label("contact_seconds"),
        )
        .join(HeadcountFact.meeting)
        .group_by(MeetingFact.library_id)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return _sum(case((condition, 1), else_=0))


def _sum(values: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(values), 0)


def _by_library(session: Session, statement: Select[*tuple[Any, ...]]) -> dict[int, dict[str, int]]:
    return {row.library_id: _numbers(row) for row in session.execute(statement)}


def _numbers(row: Row[Any]) -> dict[str, int]:
    return {name: int(value) for name, value in row._asdict().items() if name != "library_id"}


def _put_together(parts: Sequence[Mapping[str, int]]) -> Figures:
    names = Figures.__dataclass_fields__
    return Figures(**{name: sum(part.get(name, 0) for part in parts) for name in names})
