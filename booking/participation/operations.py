"""Taking in what remains of a meeting when its register is closed."""

from dataclasses import asdict

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from booking.clock import Clock
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact
from booking.participation.rules import MeetingFacts


def record_facts(session: Session, clock: Clock, *, facts: MeetingFacts) -> None:
    """Keep the facts of a meeting in place of all that was kept of it before; twice is once."""
    _forget_facts(session, meeting_uid=facts.meeting_uid)
    kept = MeetingFact(
        **{
            **{name: getattr(facts, name) for name in facts.__dataclass_fields__},
            "persons": [PersonFact(**asdict(entry)) for entry in facts.persons],
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
