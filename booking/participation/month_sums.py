"""Reckoning a month of a library from its facts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, select
from sqlalchemy.orm import Session

from booking.participation.models import HeadcountFact, MeetingFact, PartnerFact, PersonFact, Visitor
from booking.participation.months import (
    COUNTED,
    MEETING,
    MonthMeeting,
    Visit,
    days_of,
    month_of,
    partners_word,
    person_word,
)
from booking.participation.rules import WAS_HELD, AgeBand, HeadcountBand, Outcome

# What the row of a meeting tells as it stands.
_AS_IT_STANDS: Final = (
    *(name for name in MEETING if name not in {"was_held", "activity_kind", "partners", "named"}),
    *(name for name in COUNTED if name not in {"capacity", *(band.value for band in HeadcountBand)}),
)
_IN_ORDER: Final = (MeetingFact.held_on, MeetingFact.starts_at, MeetingFact.meeting_uid)

Conditions = Sequence[ColumnElement[bool]]


def reckoned_month(session: Session, *, library_id: int, month: int) -> Mapping[str, Any]:
    """Return what the facts of a library in a month come to, by the columns in which it is kept."""
    days = days_of(month)
    of_month = (
        MeetingFact.library_id == library_id,
        MeetingFact.held_on.between(days.first, days.last),
        MeetingFact.is_withdrawn.is_(False),
    )
    visits, adults = _who_came(session, of_month)
    headcounts, partners = _headcounts(session, of_month), _partners(session, of_month)
    names = ("id", "outcome", "activity_kind", "capacity", *_AS_IT_STANDS)
    columns = [getattr(MeetingFact, name) for name in names]
    rows = session.execute(select(*columns).where(*of_month).order_by(*_IN_ORDER)).mappings()
    return month_of(
        [
            MonthMeeting(
                numbers={**_numbers(row), **headcounts[row["id"]]},
                activity_kind=row["activity_kind"],
                partners=partners_word(partners[row["id"]]),
                young=visits[row["id"]],
                adults=adults[row["id"]],
            )
            for row in rows
        ]
    )


def _numbers(row: RowMapping) -> dict[str, int]:
    return {
        **{name: int(row[name]) for name in _AS_IT_STANDS},
        "was_held": int(row["outcome"] in WAS_HELD),
        "capacity": 0 if row["capacity"] is None else 1 + row["capacity"],
    }


def _who_came(
    session: Session, of_month: Conditions
) -> tuple[Mapping[int, list[Visit]], Mapping[int, list[str]]]:
    """Return who came to each meeting that was held: children and youth, and the bands of grown-ups."""
    rows = session.execute(
        select(
            PersonFact.meeting_fact_id,
            PersonFact.visitor_id,
            PersonFact.municipality_code,
            PersonFact.age_band,
            PersonFact.grade_band,
            Visitor.first_fact_id,
        )
        .join(PersonFact.meeting)
        .join(PersonFact.visitor)
        .where(*of_month, MeetingFact.outcome.in_(WAS_HELD), PersonFact.outcome == Outcome.CAME)
        .order_by(PersonFact.visitor_id)
    )
    visits: dict[int, list[Visit]] = defaultdict(list)
    adults: dict[int, list[str]] = defaultdict(list)
    for fact_id, visitor_id, place, age, grade, first_id in rows:
        told = person_word(place, age.value, None if grade is None else grade.value)
        if age is AgeBand.OVER_18:
            adults[fact_id].append(told)
        else:
            visit = Visit(visitor_id=visitor_id, told=told, is_first=first_id == fact_id)
            visits[fact_id].append(visit)
    return visits, adults


def _headcounts(session: Session, of_month: Conditions) -> Mapping[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(HeadcountBand, 0))
    counted = select(HeadcountFact.meeting_fact_id, HeadcountFact.band, HeadcountFact.persons)
    for fact_id, band, persons in session.execute(counted.join(HeadcountFact.meeting).where(*of_month)):
        found[fact_id][band] = persons
    return found


def _partners(session: Session, of_month: Conditions) -> Mapping[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = session.execute(
        select(PartnerFact.meeting_fact_id, PartnerFact.partner_id, PartnerFact.sector)
        .join(MeetingFact, MeetingFact.id == PartnerFact.meeting_fact_id)
        .where(*of_month)
    )
    for fact_id, partner_id, sector in rows:
        found[fact_id].append((partner_id, sector))
    return found
