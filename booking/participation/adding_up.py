"""Keeping what is added up true to the facts: months, and the first time that somebody came."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.models import MeetingFact, MonthFact, PersonFact, Visitor
from booking.participation.month_sums import reckoned_month
from booking.participation.months import month_number
from booking.participation.visits import CAME_YOUNG, IS_COUNTED

# A month of a library, by their numbers.
Block = tuple[int, int]


def hold_library(session: Session, library_id: int) -> None:
    """Let nobody else add up the library's facts while this unit of work lasts."""
    # Without it two closings would each add up what the other had not kept yet.
    session.execute(select(Library.id).where(Library.id == library_id).with_for_update(key_share=True))


def visitors_of(session: Session, *, library_id: int, person_keys: Collection[str]) -> Mapping[str, int]:
    """Return the visitors with these keys at the library; those who are new are added."""
    known = _known(session, library_id, person_keys)
    session.add_all(
        Visitor(library_id=library_id, person_key=key)
        for key in dict.fromkeys(person_keys)
        if key not in known
    )
    session.flush()
    return _known(session, library_id, person_keys)


def add_up(session: Session, *, visitor_ids: Collection[int], blocks: Collection[Block]) -> None:
    """Add up anew what concerns these visitors, and these months."""
    session.flush()
    _forget_strangers(session, visitor_ids)
    moved = _find_first_meetings(session, visitor_ids)
    for library_id, month in sorted({*blocks, *_blocks_of(session, moved)}):
        _add_up_month(session, library_id, month)


def first_meetings(visitor_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Return the visits of these visitors in the order of their time."""
    return (
        select(PersonFact.visitor_id, PersonFact.meeting_fact_id)
        .join(PersonFact.meeting)
        .where(PersonFact.visitor_id.in_(visitor_ids), CAME_YOUNG, IS_COUNTED)
        .order_by(PersonFact.visitor_id, MeetingFact.starts_at, MeetingFact.meeting_uid)
    )


def earliest(rows: Iterable[Any]) -> Mapping[int, int]:
    """Return for each visitor the first meeting of the rows."""
    first: dict[int, int] = {}
    for visitor_id, fact_id in rows:
        first.setdefault(visitor_id, fact_id)
    return first


def _add_up_month(session: Session, library_id: int, month: int) -> None:
    session.execute(delete(MonthFact).where(MonthFact.library_id == library_id, MonthFact.month == month))
    values = reckoned_month(session, library_id=library_id, month=month)
    if values["size"]:
        session.execute(insert(MonthFact).values(library_id=library_id, month=month, **values))


def _forget_strangers(session: Session, visitor_ids: Collection[int]) -> None:
    # A tick that was a mistake leaves nobody behind.
    session.execute(
        delete(Visitor).where(
            Visitor.id.in_(visitor_ids),
            ~select(PersonFact.id).where(PersonFact.visitor_id == Visitor.id).exists(),
        )
    )


def _find_first_meetings(session: Session, visitor_ids: Collection[int]) -> set[int]:
    """Find them anew, and return the meetings that are, or were, the first one of somebody else now."""
    first = earliest(session.execute(first_meetings(visitor_ids)).all())
    rows = select(Visitor.id, Visitor.first_fact_id).where(Visitor.id.in_(visitor_ids))
    moved: set[int] = set()
    for visitor_id, known in session.execute(rows).all():
        found = first.get(visitor_id)
        if found != known:
            moved |= {fact_id for fact_id in (found, known) if fact_id is not None}
            session.execute(update(Visitor).where(Visitor.id == visitor_id).values(first_fact_id=found))
    return moved


def _blocks_of(session: Session, fact_ids: Collection[int]) -> set[Block]:
    rows = session.execute(
        select(MeetingFact.library_id, MeetingFact.held_on).where(MeetingFact.id.in_(fact_ids))
    )
    return {(row[0], month_number(row[1])) for row in rows}


def _known(session: Session, library_id: int, person_keys: Collection[str]) -> Mapping[str, int]:
    found = select(Visitor.person_key, Visitor.id).where(
        Visitor.library_id == library_id, Visitor.person_key.in_(person_keys)
    )
    return dict(session.execute(found).all())
