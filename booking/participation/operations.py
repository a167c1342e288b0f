"""Taking in what remains of a meeting when its register is closed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from booking.clock import Clock
from booking.db import Base
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact
from booking.participation.rules import MeetingFacts


def record_facts(session: Session, clock: Clock, *, facts: MeetingFacts) -> None:
    """Keep the facts of a meeting in place of all that was kept of it before; twice is once."""
    _forget_facts(session, meeting_uid=facts.meeting_uid)
    kept = MeetingFact(
        **{
            **_columns_of(MeetingFact, vars(facts)),
            "persons": [PersonFact(**_columns_of(PersonFact, asdict(entry))) for entry in facts.persons],
            "headcounts": [HeadcountFact(**asdict(entry)) for entry in facts.headcounts],
            "recorded_at": clock(),
        }
    )
    session.add(kept)
    session.flush()


def withdraw_facts(session: Session, *, meeting_uid: str) -> None:
    """Take a meeting out of all figures until facts are recorded anew; one without facts stays so."""
    session.execute(
        update(MeetingFact).where(MeetingFact.meeting_uid == meeting_uid).values(is_withdrawn=True)
    )


def _forget_facts(session: Session, *, meeting_uid: str) -> None:
    former = session.scalar(
        select(MeetingFact)
        .where(MeetingFact.meeting_uid == meeting_uid)
        .options(selectinload(MeetingFact.persons), selectinload(MeetingFact.headcounts))
        .execution_options(populate_existing=True)
    )
    if former is not None:
        session.delete(former)
        session.flush()


def _columns_of(table: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column.key: values[column.key] for column in table.__table__.columns if column.key in values}
