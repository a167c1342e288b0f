"""Keeping what is added up true to the facts: half-years, and the first time that somebody came."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.half_years import days_of
from booking.participation.models import HalfYearFact, MeetingFact, PersonFact, Visitor
from booking.participation.visits import CAME_YOUNG, IS_COUNTED

_KEPT: Final = (
    MeetingFact.library_id,
    PersonFact.visitor_id,
    MeetingFact.occasion_id,
    MeetingFact.activity_id,
    MeetingFact.activity_kind,
    MeetingFact.partner_sectors,
    PersonFact.age_band,
    PersonFact.grade_band,
    PersonFact.municipality_code,
)
_ADDED: Final = ("visits", "seconds", "first_day", "last_day")
COLUMNS: Final = ("half_year", *(column.key for column in _KEPT), *_ADDED)


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


def add_up(session: Session, *, visitor_ids: Collection[int], blocks: Collection[tuple[int, int]]) -> None:
    """Add up anew what concerns these visitors, and these occasions each in one half-year."""
    session.flush()
    for occasion_id, half_year in blocks:
        _add_up_occasion(session, occasion_id, half_year)
    _forget_strangers(session, visitor_ids)
    _find_first_meetings(session, visitor_ids)


def added_up(half_year: int) -> Select[*tuple[Any, ...]]:
    """Return what the facts of a half-year add up to, by the columns in which it is kept."""
    days = days_of(half_year)
    return (
        select(
            literal(half_year).label("half_year"),
            *_KEPT,
            func.count().label("visits"),
            func.sum(MeetingFact.seconds).label("seconds"),
            func.min(MeetingFact.day).label("first_day"),
            func.max(MeetingFact.day).label("last_day"),
        )
        .join(PersonFact.meeting)
        .where(CAME_YOUNG, IS_COUNTED, MeetingFact.held_on.between(days.first, days.last))
        .group_by(*_KEPT)
    )


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


def _add_up_occasion(session: Session, occasion_id: int, half_year: int) -> None:
    session.execute(
        delete(HalfYearFact).where(
            HalfYearFact.occasion_id == occasion_id, HalfYearFact.half_year == half_year
        )
    )
    sums = added_up(half_year).where(MeetingFact.occasion_id == occasion_id)
    session.execute(insert(HalfYearFact).from_select(COLUMNS, sums))


def _forget_strangers(session: Session, visitor_ids: Collection[int]) -> None:
    # A tick that was a mistake leaves nobody behind.
    session.execute(
        delete(Visitor).where(
            Visitor.id.in_(visitor_ids),
            ~select(PersonFact.id).where(PersonFact.visitor_id == Visitor.id).exists(),
        )
    )


def _find_first_meetings(session: Session, visitor_ids: Collection[int]) -> None:
    first = earliest(session.execute(first_meetings(visitor_ids)).all())
    rows = select(Visitor.id, Visitor.first_fact_id).where(Visitor.id.in_(visitor_ids))
    for visitor_id, known in session.execute(rows).all():
        if first.get(visitor_id) != known:
            told = update(Visitor).where(Visitor.id == visitor_id)
            session.execute(told.values(first_fact_id=first.get(visitor_id)))


def _known(session: Session, library_id: int, person_keys: Collection[str]) -> Mapping[str, int]:
    found = select(Visitor.person_key, Visitor.id).where(
        Visitor.library_id == library_id, Visitor.person_key.in_(person_keys)
    )
    return dict(session.execute(found).all())
