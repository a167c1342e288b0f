"""What is known of the meetings of one library: from facts alone, and which have none."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import MeetingState, Status
from booking.api.rules import Unreadable, Wanted
from booking.attendance.door import AMONG_STAFF
from booking.clock import instant_at
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact
from booking.participation.rules import HeadcountBand, MeetingOutcome, Outcome


class Recorded(StrEnum):
    """What became of a meeting that is over. Nobody came and not recorded are two things."""

    HELD = "held"
    NOBODY_CAME = "nobody_came"
    DID_NOT_HAPPEN = "did_not_happen"
    CALLED_OFF = "called_off"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One meeting that is over. Counts are missing, and not nought, where no register was closed."""

    uid: str
    activity: str
    starts_at: datetime
    ends_at: datetime
    capacity: int | None
    status: Recorded
    closed_at: datetime | None = None
    present_named: int | None = None
    headcount: Mapping[HeadcountBand, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """Some meetings in the order of their time, and the one after which more follow."""

    meetings: Sequence[Attendance]
    next_after: str | None


def attendance_at(session: Session, *, library_id: int, wanted: Wanted, now: datetime) -> Listed:
    """Return what became of the library's meetings that are over.

    Refuses Unreadable for an `after` that is none of them.
    """
    found = session.scalars(
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(*_of_library(library_id), Meeting.ends_at <= now, *_wanted(session, library_id, wanted))
        .options(contains_eager(Meeting.occasion).contains_eager(Occasion.activity))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(wanted.limit + 1)
    ).all()
    shown = found[: wanted.limit]
    facts = _facts(session, [meeting.uid for meeting in shown])
    fact_ids = [fact.id for fact in facts.values()]
    named, counted = _named(session, fact_ids), _counted(session, fact_ids)
    return Listed(
        meetings=[_attendance(meeting, facts.get(meeting.uid), named, counted) for meeting in shown],
        next_after=shown[-1].uid if len(found) > len(shown) else None,
    )


def _of_library(library_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Activity.library_id == library_id,
        Activity.status != Status.DRAFT,
        Activity.kind.not_in(AMONG_STAFF),
    )


def _wanted(session: Session, library_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.first_on is not None:
        conditions.append(Meeting.starts_at >= instant_at(wanted.first_on, time(0)))
    if wanted.last_on is not None:
        conditions.append(Meeting.starts_at < instant_at(wanted.last_on + timedelta(days=1), time(0)))
    if wanted.after is not None:
        conditions.append(_comes_after(session, library_id, wanted.after))
    return conditions


def _comes_after(session: Session, library_id: int, uid: str) -> ColumnElement[bool]:
    place = session.execute(
        select(Meeting.starts_at, Meeting.id)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(Meeting.uid == uid, *_of_library(library_id))
    ).one_or_none()
    if place is None:
        raise Unreadable(parameter="after")
    starts_at, number = place
    return or_(Meeting.starts_at > starts_at, and_(Meeting.starts_at == starts_at, Meeting.id > number))


def _facts(session: Session, uids: Collection[str]) -> Mapping[str, MeetingFact]:
    found = session.scalars(
        select(MeetingFact).where(MeetingFact.meeting_uid.in_(uids), MeetingFact.is_withdrawn.is_(False))
    )
    return {fact.meeting_uid: fact for fact in found}


def _named(session: Session, fact_ids: Collection[int]) -> Mapping[int, int]:
    rows = session.execute(
        select(PersonFact.meeting_fact_id, func.count())
        .where(PersonFact.meeting_fact_id.in_(fact_ids), PersonFact.outcome == Outcome.CAME)
        .group_by(PersonFact.meeting_fact_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def _counted(session: Session, fact_ids: Collection[int]) -> Mapping[int, Mapping[HeadcountBand, int]]:
    counted: dict[int, dict[HeadcountBand, int]] = defaultdict(dict)
    for fact_id, band, persons in session.execute(
        select(HeadcountFact.meeting_fact_id, HeadcountFact.band, HeadcountFact.persons).where(
            HeadcountFact.meeting_fact_id.in_(fact_ids)
        )
    ):
        counted[fact_id][band] = int(persons)
    return counted


def _attendance(
    meeting: Meeting,
    fact: MeetingFact | None,
    named: Mapping[int, int],
    counted: Mapping[int, Mapping[HeadcountBand, int]],
) -> Attendance:
    told = Attendance(
        uid=meeting.uid,
        activity=meeting.occasion.activity.slug,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        capacity=meeting.occasion.capacity,
        status=_status(meeting, fact),
    )
    if fact is None or fact.outcome is MeetingOutcome.DID_NOT_HAPPEN:
        return _closed(told, fact)
    counts = counted.get(fact.id, {})
    return Attendance(
        **{
            **vars(told),
            "closed_at": fact.recorded_at,
            "present_named": named.get(fact.id, 0),
            "headcount": {band: counts.get(band, 0) for band in HeadcountBand},
        }
    )


def _closed(told: Attendance, fact: MeetingFact | None) -> Attendance:
    return Attendance(**{**vars(told), "closed_at": fact.recorded_at if fact else None})


def _status(meeting: Meeting, fact: MeetingFact | None) -> Recorded:
    if fact is not None:
        return Recorded(fact.outcome.value)
    if meeting.state is MeetingState.CALLED_OFF:
        return Recorded.CALLED_OFF
    return Recorded.NOT_RECORDED
