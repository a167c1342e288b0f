"""Reckoning anew what is kept beside the facts, and telling where the two differ."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.participation.adding_up import earliest, first_meetings
from booking.participation.models import (
    MeetingFact,
    MonthFact,
    PartnerFact,
    PersonFact,
    Visitor,
)
from booking.participation.month_sums import reckoned_month
from booking.participation.months import month_number
from booking.participation.queries import person_entry
from booking.participation.reckoning import reckoned
from booking.participation.rules import HeadcountEntry, MeetingFacts, PartnerEntry

_AT_ONCE: Final = 500
_KEY: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE: Final = re.compile(r"[0-9]{4}")
_WORD: Final = re.compile(r"[a-z0-9_]*")


def facts_kept(session: Session, fact_ids: Sequence[int]) -> Mapping[int, MeetingFacts]:
    """Return facts as they were handed over, by their number."""
    rows = session.scalars(
        select(MeetingFact)
        .where(MeetingFact.id.in_(fact_ids))
        .options(
            selectinload(MeetingFact.persons).joinedload(PersonFact.visitor),
            selectinload(MeetingFact.headcounts),
            selectinload(MeetingFact.partners),
        )
        .execution_options(populate_existing=True)
    )
    return {row.id: _handed_over(row) for row in rows}


def wrong_meetings(session: Session) -> Iterator[str | None]:
    """Go through all meetings; tell of each that does not come to what is kept beside it."""
    for fact_ids in _parts(session.scalars(select(MeetingFact.id).order_by(MeetingFact.id)).all()):
        facts = facts_kept(session, fact_ids)
        for row in session.scalars(select(MeetingFact).where(MeetingFact.id.in_(fact_ids))):
            expected = reckoned(facts[row.id])
            wrong = [name for name, value in expected.items() if getattr(row, name) != value]
            yield f"meeting {row.meeting_uid}: {', '.join(wrong)}" if wrong else None
        session.expunge_all()


def wrong_months(session: Session) -> Iterator[str | None]:
    """Go through all months of all libraries; tell of each whose facts do not come to what is kept of it."""
    for library_id, month in _months(session):
        kept = session.get(MonthFact, (library_id, month), populate_existing=True)
        anew = reckoned_month(session, library_id=library_id, month=month)
        wrong = [name for name, value in anew.items() if value != getattr(kept, name, 0)]
        yield f"month {month} of library {library_id}: {', '.join(wrong)}" if wrong else None
        session.expunge_all()


def wrong_first_meetings(session: Session) -> Iterator[str | None]:
    """Go through all visitors; tell of each whose first meeting is another one."""
    for visitor_ids in _parts(session.scalars(select(Visitor.id).order_by(Visitor.id)).all()):
        first = earliest(session.execute(first_meetings(visitor_ids)))
        rows = select(Visitor.id, Visitor.first_fact_id).where(Visitor.id.in_(visitor_ids))
        for visitor_id, known in session.execute(rows):
            yield None if first.get(visitor_id) == known else f"visitor {visitor_id}: another first meeting"


def telling_texts(session: Session) -> Iterator[str | None]:
    """Go through all texts in facts; tell of each that is no random key, no number and no word of ours."""
    for column, shape in _SHAPES:
        of_table = f"{column.class_.__tablename__}.{column.key}"
        for text in session.scalars(select(column).distinct()):
            yield None if shape.fullmatch(text or "") else f"{of_table} holds what could be a name"


_SECTORS: Final = re.compile(r"(\|[a-z0-9_]+)*\|?")
_SHAPES: Final[Sequence[tuple[Any, re.Pattern[str]]]] = (
    (Visitor.person_key, _KEY),
    (PersonFact.municipality_code, _CODE),
    (MeetingFact.activity_kind, _WORD),
    (MeetingFact.statistics_type, _WORD),
    (MeetingFact.statistics_responsibility, _WORD),
    (MeetingFact.statistics_target, _WORD),
    (MeetingFact.partner_sectors, _SECTORS),
    (PartnerFact.sector, _WORD),
)


def _months(session: Session) -> Sequence[tuple[int, int]]:
    rows = session.execute(select(MeetingFact.library_id, MeetingFact.held_on).distinct())
    known = session.execute(select(MonthFact.library_id, MonthFact.month))
    with_facts = {(row[0], month_number(row[1])) for row in rows}
    return sorted(with_facts | {(row[0], row[1]) for row in known})


def _handed_over(row: MeetingFact) -> MeetingFacts:
    entries = {"persons", "headcounts", "partners"}
    names = set(MeetingFacts.__dataclass_fields__) - entries
    return MeetingFacts(
        **{name: getattr(row, name) for name in names},
        persons=tuple(person_entry(person, person.visitor.person_key) for person in row.persons),
        headcounts=tuple(HeadcountEntry(band=each.band, persons=each.persons) for each in row.headcounts),
        partners=tuple(PartnerEntry(partner_id=each.partner_id, sector=each.sector) for each in row.partners),
    )


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
