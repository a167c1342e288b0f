"""What is on, for other programs: what is public, and nothing else."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from booking.activities.audience import audience_of, birth_year_in_grade, may_come
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import IS_PUBLIC, public_meetings
from booking.activities.rules import MeetingState
from booking.api.catalogue_rules import WantedDates
from booking.clock import instant_at, local_date
from booking.libraries.models import Library


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some dates in their order, and whether more follow."""

    meetings: Sequence[Meeting]
    has_more: bool


@dataclass(frozen=True, kw_only=True)
class _Date:
    meeting_id: int
    activity_id: int
    is_on: bool


def dates_page(session: Session, wanted: WantedDates, *, now: datetime) -> Page:
    """Return the dates that are wanted; without a first day those that are not over."""
    found = [date.meeting_id for date in _dates(session, wanted, now)]
    shown = found[wanted.after : wanted.after + wanted.limit]
    return Page(
        meetings=session.scalars(public_meetings().where(Meeting.id.in_(shown))).all(),
        has_more=len(found) > wanted.after + len(shown),
    )


def activities_page(session: Session, wanted: WantedDates, *, now: datetime) -> Page:
    """Return the next date of each activity that has one among those wanted: one that is on, if there is."""
    nearest: dict[int, _Date] = {}
    for date in _dates(session, wanted, now):
        known = nearest.get(date.activity_id)
        if known is None or (date.is_on and not known.is_on):
            nearest[date.activity_id] = date
    found = [date.meeting_id for date in nearest.values()]
    shown = found[wanted.after : wanted.after + wanted.limit]
    by_number = {
        meeting.id: meeting for meeting in session.scalars(public_meetings().where(Meeting.id.in_(shown)))
    }
    return Page(
        meetings=[by_number[number] for number in shown if number in by_number],
        has_more=len(found) > wanted.after + len(shown),
    )


def library_slugs(session: Session) -> Collection[str]:
    """Return the last part of the address of each library's page."""
    return session.scalars(select(Library.slug)).all()


def _dates(session: Session, wanted: WantedDates, now: datetime) -> list[_Date]:
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.starts_at,
            Meeting.state,
            Activity.id,
            Activity.grade_from,
            Activity.grade_to,
            Activity.age_from,
            Activity.age_to,
        )
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .join(Activity.library)
        .where(*IS_PUBLIC, *_conditions(wanted, now))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [
        _Date(meeting_id=row[0], activity_id=row[3], is_on=row[2] is not MeetingState.CALLED_OFF)
        for row in rows
        if wanted.grade is None
        or _is_for(
            wanted.grade,
            row[1],
            grade_from=row[4],
            grade_to=row[5],
            age_from=row[6],
            age_to=row[7],
        )
    ]


def _is_for(grade: int, starts_at: datetime, **columns: int | None) -> bool:
    day = local_date(starts_at)
    return may_come(audience_of(**columns), birth_year_in_grade(grade, day), day)


def _conditions(wanted: WantedDates, now: datetime) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.library is not None:
        conditions.append(Library.slug == wanted.library)
    if wanted.first_on is None:
        conditions.append(Meeting.ends_at > now)
    else:
        conditions.append(Meeting.starts_at >= instant_at(wanted.first_on, time(0)))
    if wanted.last_on is not None:
        conditions.append(Meeting.starts_at < instant_at(wanted.last_on + timedelta(days=1), time(0)))
    return conditions
