"""The region as everybody may know it: counts of meetings, and of persons only what was published."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText
from booking.activities.queries import list_libraries
from booking.activities.rules import Kind, Status
from booking.direct import as_one_parameter, is_among
from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.participation.population_queries import Residents, residents_by_library
from booking.publications.queries import publications, published_tables
from booking.publications.tables import PublishedTable, Table
from booking.reports.held_queries import Held, meetings_held
from booking.reports.known import as_known
from booking.reports.open_queries import InWeeks, meetings_without_facts
from booking.reports.rules import SafeMeetings


class Titled(Protocol):
    """What something is called in one language."""

    @property
    def language(self) -> Any: ...  # noqa: ANN401, D102 – a column in models, a value elsewhere

    @property
    def title(self) -> Any: ...  # noqa: ANN401, D102 – likewise


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """A pilot of a library, and what its meetings were: no count of persons.

    `not_recorded` tells how many are over and have no closed register: who came there is missing.
    """

    library: Library
    texts: Sequence[Titled]
    held: Held
    not_recorded: int = 0


@dataclass(frozen=True, kw_only=True)
class Region:
    """All libraries beside each other. Nothing in here counts persons but `tables`, which were published.

    `oldest` tells since when a library has had a register to close; `residents` how many of 6 to 18 years
    live in a municipality, where that is known; `told_through` the days through which figures were let out.
    Weeks are told by their Mondays.
    """

    period: Period
    libraries: Sequence[Library]
    meetings: Mapping[int, SafeMeetings]
    oldest: Mapping[int, datetime]
    by_week: Mapping[tuple[int, date], Held]
    weeks: Mapping[date, SafeMeetings]
    pilots: Sequence[Pilot]
    tables: Mapping[Table, PublishedTable]
    with_other_sector: Mapping[int, int]
    residents: Mapping[str, Residents]
    told_through: Sequence[date]


def region(session: Session, *, period: Period, now: datetime) -> Region:
    """Return the region in a half-year, in a fixed number of questions."""
    libraries = list_libraries(session)
    held = meetings_held(session, period=period)
    others = meetings_without_facts(session, period=period, now=now)
    several = {
        "held": Counter({week: each.meetings for week, each in held.by_week.items()}),
        "called_off": held.did_not_happen + others.called_off,
        "not_recorded": others.overdue,
    }
    return Region(
        period=period,
        libraries=libraries,
        meetings=_meetings(libraries, several),
        oldest=others.oldest,
        by_week=held.by_week,
        weeks=_weeks(several),
        pilots=_pilots(
            session, {library.id: library for library in libraries}, held.by_pilot, others.overdue_at
        ),
        tables=as_known(published_tables(session, period=period), places_of(libraries)),
        with_other_sector=held.with_other_sector,
        residents=_residents(session, libraries, period),
        told_through=[each.through_on for each in publications(session, period=period)],
    )


def places_of(libraries: Sequence[Library]) -> Mapping[str, str]:
    """Return the municipality of each library, by the words in their addresses."""
    return {library.slug: library.municipality_code for library in libraries}


def _residents(session: Session, libraries: Sequence[Library], period: Period) -> Mapping[str, Residents]:
    ids = [library.id for library in libraries]
    found = residents_by_library(session, library_ids=ids, year=period.last.year)
    return {each.municipality_code: known for each in libraries if (known := found[each.id]) is not None}


def _meetings(libraries: Sequence[Library], several: Mapping[str, InWeeks]) -> Mapping[int, SafeMeetings]:
    """Return what happened to the meetings of each library."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for what, numbers in several.items():
        for (library_id, _week), number in numbers.items():
            found[library_id][what] += number
    return {library.id: SafeMeetings(**found[library.id]) for library in libraries}


def _weeks(several: Mapping[str, InWeeks]) -> Mapping[date, SafeMeetings]:
    """Return what happened to the meetings of all libraries together in each week that had any."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for what, numbers in several.items():
        for (_library_id, week), number in numbers.items():
            found[week][what] += number
    return {week: SafeMeetings(**numbers) for week, numbers in found.items()}


def _pilots(
    session: Session,
    libraries: Mapping[int, Library],
    held: Mapping[int, Held],
    not_recorded: Mapping[int, int],
) -> Sequence[Pilot]:
    """Return the pilots that had meetings in the half-year, in the order of the libraries."""
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
        {"held": as_one_parameter(database, {*held, *not_recorded})},
    )
    texts: dict[tuple[int, int], list[ActivityText]] = {}
    for activity_id, library_id, text in rows:
        texts.setdefault((library_id, activity_id), []).append(text)
    order = list(libraries)
    return [
        Pilot(
            library=libraries[library_id],
            texts=found,
            held=held.get(activity_id, Held()),
            not_recorded=not_recorded.get(activity_id, 0),
        )
        for (library_id, activity_id), found in sorted(
            texts.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    ]
