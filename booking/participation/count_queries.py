"""Counting by what can be told apart: library, activity, kind, sector, age, grade, place, week and month."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import product
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    String,
    Subquery,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from booking.participation.figures import Scope
from booking.participation.models import HeadcountFact, MeetingFact, PersonFact, Visitor
from booking.participation.person_queries import last_told, parts_of, told_of
from booking.participation.reckoning import sectors_in
from booking.participation.rules import AgeBand, HeadcountBand, Outcome
from booking.participation.tallies import NONE, OF_PERSONS, UNKNOWN, Dimension
from booking.participation.visits import held_in, single_visits, visits_in

Counts = Counter[tuple[str, ...]]

# One row, one meeting or person.
ONE: Final = literal(1).label("one")

_MONTH_LETTERS: Final = 7
_NAMES: Final[Mapping[Dimension, str]] = {
    Dimension.LIBRARY: "library_id",
    Dimension.ACTIVITY: "activity_id",
    Dimension.KIND: "activity_kind",
    Dimension.PARTNER_SECTOR: "partner_sectors",
    Dimension.AGE_BAND: "age_band",
    Dimension.GRADE_BAND: "grade_band",
    Dimension.MUNICIPALITY: "municipality_code",
    Dimension.WEEK: "iso_week",
}
_BY_DAY: Final = frozenset({Dimension.WEEK, Dimension.MONTH})
_IN_LAST_KNOWN: Final = {Dimension.MUNICIPALITY: 0, Dimension.AGE_BAND: 1, Dimension.GRADE_BAND: 2}


def meetings_counted(
    session: Session, scope: Scope, by: Sequence[Dimension], number: SQLColumnExpression[Any]
) -> Counts:
    """Add up a number of each meeting; nothing is known of persons' bands."""
    cells = [_of_meeting(each).label(each.value) for each in by]
    return _counted(session, by, select(*cells, number).where(*held_in(scope)))


def headcounts_counted(session: Session, scope: Scope, by: Sequence[Dimension], *, adults: bool) -> Counts:
    """Count those without a name by their band, and adults among them if they are asked for."""
    cells = [HeadcountFact.band if each is Dimension.AGE_BAND else _of_meeting(each) for each in by]
    labelled = [cell.label(each.value) for cell, each in zip(cells, by, strict=True)]
    statement = select(*labelled, HeadcountFact.persons).join(HeadcountFact.meeting).where(*held_in(scope))
    if not adults:
        statement = statement.where(HeadcountFact.band != HeadcountBand.ADULTS)
    return _counted(session, by, statement)


def visits_counted(session: Session, scope: Scope, by: Sequence[Dimension]) -> Counts:
    """Count the visits of children and youth with a name, each with the bands it had at the time."""
    visit = _visits(scope, by)
    cells = [_of_visit(visit, each).label(each.value) for each in by]
    return _counted(session, by, select(*cells, visit.c.visits))


def adults_counted(session: Session, scope: Scope, by: Sequence[Dimension]) -> Counts:
    """Count the visits of grown-ups with a name."""
    cells = [_of_fact(each).label(each.value) for each in by]
    is_adult = (PersonFact.outcome == Outcome.CAME, PersonFact.age_band == AgeBand.OVER_18)
    statement = select(*cells, ONE).select_from(PersonFact).join(PersonFact.meeting)
    return _counted(session, by, statement.where(*is_adult, *held_in(scope)))


def persons_counted(session: Session, scope: Scope, by: Sequence[Dimension]) -> Counts:
    """Count persons once in each cell, with the bands they had when they last came."""
    each = _each_once(scope, by).subquery()
    cells = [each.c[dimension.value] for dimension in by if dimension not in OF_PERSONS]
    if Dimension.PARTNER_SECTOR not in by:
        rows = session.execute(select(each.c.told, *cells, func.count()).group_by(each.c.told, *cells))
        return _summed((key, row[-1]) for row in rows for key in _cell_keys(by, row))
    # Who came to meetings with two sets of partners is counted once for a sector that is in both.
    rows = session.execute(select(each.c.told, *cells, each.c.visitor_id))
    seen = {(key, row[-1]) for row in rows for key in _cell_keys(by, row)}
    return _summed((key, 1) for key, _ in seen)


def newcomers_counted(session: Session, scope: Scope, by: Sequence[Dimension]) -> Counts:
    """Count who came for the first time ever, at the meeting and with the bands of that time."""
    cells = [_of_fact(each).label(each.value) for each in by]
    is_first = and_(PersonFact.meeting_fact_id == MeetingFact.id, PersonFact.visitor_id == Visitor.id)
    statement = (
        select(*cells, ONE)
        .select_from(MeetingFact)
        .join(Visitor, Visitor.first_fact_id == MeetingFact.id)
        .join(PersonFact, is_first)
    )
    return _counted(session, by, statement.where(*held_in(scope)))


def _visits(scope: Scope, by: Sequence[Dimension]) -> Subquery:
    return single_visits(scope).subquery("visit") if _BY_DAY & set(by) else visits_in(scope)


def _each_once(scope: Scope, by: Sequence[Dimension]) -> Select[*tuple[Any, ...]]:
    visit = _visits(scope, by)
    cells = [_of_visit(visit, each).label(each.value) for each in by if each not in OF_PERSONS]
    if not OF_PERSONS & set(by):
        return select(literal("").label("told"), visit.c.visitor_id, *cells).distinct()
    latest = func.max(told_of(visit)).label("latest")
    once = select(visit.c.visitor_id, *cells, latest).group_by(visit.c.visitor_id, *cells).subquery()
    of_all = func.max(once.c.latest).over(partition_by=once.c.visitor_id)
    return select(last_told(of_all), once)


def _cell_keys(by: Sequence[Dimension], row: Any) -> list[tuple[str, ...]]:  # noqa: ANN401 – of any length
    told = parts_of(row.told) if row.told else ()
    values = [told[_IN_LAST_KNOWN[each]] if each in OF_PERSONS else getattr(row, each.value) for each in by]
    return _keys(by, values)


def _of_meeting(dimension: Dimension) -> ColumnElement[Any]:
    if dimension is Dimension.MONTH:
        return _month(MeetingFact.held_on)
    if dimension in OF_PERSONS:
        return literal(UNKNOWN)
    column: ColumnElement[Any] = getattr(MeetingFact, _NAMES[dimension])
    return column


def _of_fact(dimension: Dimension) -> ColumnElement[Any]:
    if dimension not in OF_PERSONS:
        return _of_meeting(dimension)
    column: ColumnElement[Any] = getattr(PersonFact, _NAMES[dimension])
    return column


def _of_visit(visit: Subquery, dimension: Dimension) -> ColumnElement[Any]:
    return _month(visit.c.held_on) if dimension is Dimension.MONTH else visit.c[_NAMES[dimension]]


def _month(day: Any) -> ColumnElement[Any]:  # noqa: ANN401 – a column of a table, or of a subquery
    return func.substr(cast(day, String), 1, _MONTH_LETTERS)


def _counted(session: Session, by: Sequence[Dimension], statement: Select[*tuple[Any, ...]]) -> Counts:
    # By place: what has no column of its own is the same in every row.
    cells = statement.subquery()
    *keys, number = cells.c
    rows = session.execute(select(*keys, func.sum(number)).group_by(*keys))
    return _summed((key, row[-1]) for row in rows for key in _keys(by, row[:-1]))


def _keys(by: Sequence[Dimension], values: Sequence[Any]) -> list[tuple[str, ...]]:
    return list(product(*(_parts(each, value) for each, value in zip(by, values, strict=True))))


def _parts(dimension: Dimension, value: Any) -> list[str]:  # noqa: ANN401 – whatever a column holds
    if dimension is Dimension.PARTNER_SECTOR:
        return sectors_in(value) or [NONE]
    if value is HeadcountBand.ADULTS:
        return [AgeBand.OVER_18.value]
    return [value.value if isinstance(value, Enum) else str(value or UNKNOWN)]


def _summed(counted: Iterable[tuple[tuple[str, ...], int]]) -> Counts:
    counts: Counts = Counter()
    for key, number in counted:
        counts[key] += int(number or 0)  # the sum of no rows is nothing
    return counts
