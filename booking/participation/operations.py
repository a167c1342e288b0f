"""Taking in what remains of a meeting when its register is closed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.clock import Clock
from booking.db import Base
from booking.participation.adding_up import add_up, hold_library, visitors_of
from booking.participation.models import HeadcountFact, MeetingFact, PartnerFact, PersonFact
from booking.participation.months import month_number
from booking.participation.reckoning import reckoned
from booking.participation.rules import MeetingFacts

_ENTRIES = {"persons", "headcounts", "partners"}


def record_facts(session: Session, clock: Clock, *, facts: MeetingFacts) -> None:
    """Keep the facts of a meeting in place of all that was kept of it before; twice is once."""
    hold_library(session, facts.library_id)
    former = _fact_of(session, facts.meeting_uid)
    visitors, blocks = _touched(former)
    told = _with_the_erased(facts, former)
    if former is not None:
        session.delete(former)
        session.flush()
    kept = _kept(session, clock, told)
    session.add(kept)
    now_visitors, now_blocks = _touched(kept)
    add_up(session, visitor_ids=visitors | now_visitors, blocks=blocks | now_blocks)


def withdraw_facts(session: Session, *, meeting_uid: str) -> None:
    """Take a meeting out of all figures until facts are recorded anew; one without facts stays so."""
    fact = _fact_of(session, meeting_uid)
    if fact is None:
        return
    hold_library(session, fact.library_id)
    fact.is_withdrawn = True
    visitors, blocks = _touched(fact)
    add_up(session, visitor_ids=visitors, blocks=blocks)


def _fact_of(session: Session, meeting_uid: str) -> MeetingFact | None:
    return session.scalar(
        select(MeetingFact)
        .where(MeetingFact.meeting_uid == meeting_uid)
        .options(
            selectinload(MeetingFact.persons),
            selectinload(MeetingFact.headcounts),
            selectinload(MeetingFact.partners),
        )
        .execution_options(populate_existing=True)
    )


def _touched(fact: MeetingFact | None) -> tuple[set[int], set[tuple[int, int]]]:
    if fact is None:
        return set(), set()
    block = (fact.library_id, month_number(fact.held_on))
    return {person.visitor_id for person in fact.persons}, {block}


def _with_the_erased(facts: MeetingFacts, former: MeetingFact | None) -> Mapping[str, int]:
    # Who asked and was erased since is in no register any more, and was counted all the same.
    names = ("asked", "waited_in_vain")
    return {**vars(facts), **{name: max(getattr(facts, name), getattr(former, name, 0)) for name in names}}


def _kept(session: Session, clock: Clock, told: Mapping[str, Any]) -> MeetingFact:
    facts = MeetingFacts(**told)
    keys = [entry.person_key for entry in facts.persons]
    visitors = visitors_of(session, library_id=facts.library_id, person_keys=keys)
    return MeetingFact(
        **{name: value for name, value in told.items() if name not in _ENTRIES},
        **reckoned(facts),
        persons=[
            PersonFact(**_columns_of(PersonFact, asdict(entry)), visitor_id=visitors[entry.person_key])
            for entry in facts.persons
        ],
        headcounts=[HeadcountFact(**asdict(entry)) for entry in facts.headcounts],
        partners=[PartnerFact(**asdict(entry)) for entry in facts.partners],
        recorded_at=clock(),
    )


def _columns_of(table: type[Base], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column.key: values[column.key] for column in table.__table__.columns if column.key in values}
