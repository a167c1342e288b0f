"""The region as everybody may know it: counts of meetings, and of persons only what was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText, Meeting, Occasion
from booking.activities.queries import list_libraries
from booking.activities.rules import Kind, MeetingState, Status
from booking.clock import instant_at
from booking.direct import as_one_parameter, is_among
from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.participation.models import MeetingFact
from booking.participation.population_queries import Residents, residents_by_library
from booking.publications.queries import published_tables
from booking.publications.tables import PublishedTable, Table
from booking.reports.held_queries import Held, meetings_held
from booking.reports.rules import LEFT_OUT, SafeMeetings
from booking.reports.snapshot_queries import snapshot_days


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """A pilot of a library, and what its meetings were: no count of persons."""

    library: Library
    texts: Sequence[ActivityText]
    held: Held


@dataclass(frozen=True, kw_only=True)
class Region:
    """All libraries beside each other. Nothing in here counts persons but `tables`, which were published.

    `oldest` tells since when a library has had a register to close; `residents` how many of 6 to 18 years
    live in a municipality, where that is known; `told_through` the days through which figures were let out.
    """

    period: Period
    libraries: Sequence[Library]
    meetings: Mapping[int, SafeMeetings]
    oldest: Mapping[int, datetime]
    by_week: Mapping[tuple[int, date], int]
    pilots: Sequence[Pilot]
    tables: Mapping[Table, PublishedTable]
    with_other_sector: Mapping[int, int]
    residents: Mapping[str, Residents]
    told_through: Sequence[date]


@dataclass(frozen=True, kw_only=True)
class _Open:
    called_off: dict[int, int]
    overdue: dict[int, int]
    oldest: dict[int, datetime]


def region(session: Session, *, period: Period, now: datetime) -> Region:
    """Return the region in a half-year, in a fixed number of questions."""
    libraries = list_libraries(session)
    counts, still_open = meetings_held(session, period=period), _open(session, period, now)
    return Region(
        period=period,
        libraries=libraries,
        meetings={
            library.id: SafeMeetings(
                held=counts.held.get(library.id, 0),
                called_off=counts.did_not_happen.get(library.id, 0)
                + still_open.called_off.get(library.id, 0),
                not_recorded=still_open.overdue.get(library.id, 0),
            )
            for library in libraries
        },
        oldest=still_open.oldest,
        by_week=counts.by_week,
        pilots=_pilots(session, {library.id: library for library in libraries}, counts.by_pilot),
        tables=published_tables(session, period=period),
        with_other_sector=counts.with_other_sector,
        residents=_residents(session, libraries, period),
        told_through=snapshot_days(session, period=period),
    )


def _residents(session: Session, libraries: Sequence[Library], period: Period) -> Mapping[str, Residents]:
    ids = [library.id for library in libraries]
    found = residents_by_library(session, library_ids=ids, year=period.last.year)
    return {each.municipality_code: known for each in libraries if (known := found[each.id]) is not None}


def _open(session: Session, period: Period, now: datetime) -> _Open:
    """Return what has left no facts: called off, or over and not recorded."""
    is_off = Meeting.state == MeetingState.CALLED_OFF
    is_overdue = ~is_off & (Meeting.ends_at <= now)
    starts, ends = instant_at(period.first, time(0)), instant_at(period.last + timedelta(days=1), time(0))
    has_facts = select(MeetingFact.id).where(
        MeetingFact.meeting_uid == Meeting.uid, MeetingFact.is_withdrawn.is_(False)
    )
    rows = session.execute(
        select(
            Activity.library_id,
            _count(is_off),
            _count(is_overdue),
            func.min(case((is_overdue, Meeting.starts_at))),
        )
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(
            Activity.status != Status.DRAFT,
            Activity.kind.not_in(LEFT_OUT),
            Meeting.starts_at >= starts,
            Meeting.starts_at < ends,
            ~has_facts.exists(),
        )
        .group_by(Activity.library_id)
    )
    found = list(rows)
    return _Open(
        called_off={row[0]: int(row[1]) for row in found},
        overdue={row[0]: int(row[2]) for row in found},
        oldest={row[0]: row[3] for row in found if row[3] is not None},
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _pilots(session: Session, libraries: Mapping[int, Library], held: Mapping[int, Held]) -> Sequence[Pilot]:
    """Return the pilots with meetings in the half-year, in the order of the libraries."""
    database = session.get_bind().dialect.name
    rows = session.execute(
        select(Activity.id, Activity.library_id, ActivityText)
        .join(ActivityText, ActivityText.activity_id == Activity.id)
        .where(
            Activity.kind == Kind.PILOT,
            Activity.status != Status.DRAFT,
            is_among(database, Activity.id, "held"),
        )
        .order_by(Activity.id),
        {"held": as_one_parameter(database, held)},
    )
    texts: dict[tuple[int, int], list[ActivityText]] = {}
    for activity_id, library_id, text in rows:
        texts.setdefault((library_id, activity_id), []).append(text)
    order = list(libraries)
    return [
        Pilot(library=libraries[library_id], texts=found, held=held[activity_id])
        for (library_id, activity_id), found in sorted(
            texts.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]
