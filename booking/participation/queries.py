"""Looking at facts: which meetings have some, how those went, and who was there."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from booking.participation.figures import MeetingCounts, Scope
from booking.participation.models import MeetingFact, PersonFact, Visitor
from booking.participation.rules import (
    WAS_HELD,
    MeetingOutcome,
    PersonEntry,
)
from booking.participation.visits import known_in


def meeting_counts_by_library(session: Session, *, scope: Scope) -> Mapping[int, MeetingCounts]:
    """Return how many meetings each library held; nothing in the answer counts persons."""
    rows = session.execute(
        select(
            MeetingFact.library_id,
            _count(MeetingFact.outcome.in_(WAS_HELD)),
            _count(MeetingFact.outcome == MeetingOutcome.DID_NOT_HAPPEN),
        )
        .where(*known_in(scope))
        .group_by(MeetingFact.library_id)
    )
    found = {row[0]: MeetingCounts(held=int(row[1]), did_not_happen=int(row[2])) for row in rows}
    return {library_id: found.get(library_id, MeetingCounts()) for library_id in scope.library_ids}


def recorded_uids(session: Session, *, scope: Scope) -> frozenset[str]:
    """Return which meetings of the period have facts; every other one is missing, not nought."""
    return frozenset(session.scalars(select(MeetingFact.meeting_uid).where(*known_in(scope))))


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


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
