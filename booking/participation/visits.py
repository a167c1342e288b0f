"""Visits in the tables: which of them a scope is about, one by one or added up by half-years."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, literal, or_, select, union_all

from booking.participation.figures import Period, Scope
from booking.participation.half_years import cut
from booking.participation.models import HalfYearFact, MeetingFact, PersonFact
from booking.participation.reckoning import SECTOR_MARK
from booking.participation.rules import PILOT, WAS_HELD, AgeBand, Outcome

Columns = type[MeetingFact] | type[HalfYearFact]

# A child or youth with a name was there.
CAME_YOUNG = and_(PersonFact.outcome == Outcome.CAME, PersonFact.age_band != AgeBand.OVER_18)
IS_COUNTED = and_(MeetingFact.is_withdrawn.is_(False), MeetingFact.outcome.in_(WAS_HELD))

_OF_THE_MEETING = ("library_id", "occasion_id", "activity_id", "activity_kind", "partner_sectors")
_OF_THE_PERSON = ("visitor_id", "age_band", "grade_band", "municipality_code")


def known_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return what meetings of the scope with facts are known by, those that did not happen too."""
    days = MeetingFact.held_on.between(*_ends(scope.period))
    return (*_about(scope, MeetingFact), days, MeetingFact.is_withdrawn.is_(False))


def held_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return what meetings that were held in the scope are known by; missing ones have no facts."""
    return (*known_in(scope), MeetingFact.outcome.in_(WAS_HELD))


def single_visits(scope: Scope, *, period: Period | None = None) -> Select[*tuple[Any, ...]]:
    """Return each visit by itself, with its day and week."""
    days = period or scope.period
    return (
        select(
            *(getattr(MeetingFact, name) for name in _OF_THE_MEETING),
            *(getattr(PersonFact, name) for name in _OF_THE_PERSON),
            literal(1).label("visits"),
            MeetingFact.seconds,
            MeetingFact.day.label("first_day"),
            MeetingFact.day.label("last_day"),
            *(() if period else (MeetingFact.iso_week, MeetingFact.held_on)),
        )
        .join(PersonFact.meeting)
        .where(CAME_YOUNG, IS_COUNTED, MeetingFact.held_on.between(*_ends(days)), *_about(scope, MeetingFact))
    )


def visits_in(scope: Scope) -> Subquery:
    """Return the visits of a scope, added up by whole half-years as far as there are any."""
    parts = cut(scope.period)
    statements = [single_visits(scope, period=period) for period in parts.left]
    if parts.whole is not None:
        statements.append(_half_years(scope, *parts.whole))
    together = statements[0] if len(statements) == 1 else union_all(*statements)
    return together.subquery("visit")


def _half_years(scope: Scope, first: int, last: int) -> Select[*tuple[Any, ...]]:
    names = (*_OF_THE_MEETING, *_OF_THE_PERSON, "visits", "seconds", "first_day", "last_day")
    return select(*(getattr(HalfYearFact, name) for name in names)).where(
        HalfYearFact.half_year.between(first, last), *_about(scope, HalfYearFact)
    )


def _about(scope: Scope, table: Columns) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.library_id.in_(scope.library_ids)]
    if scope.leaving_out:
        conditions.append(table.activity_kind.not_in(scope.leaving_out))
    if scope.pilots_only:
        conditions.append(table.activity_kind == PILOT)
    if scope.kinds is not None:
        conditions.append(table.activity_kind.in_(scope.kinds))
    if scope.activity_ids is not None:
        conditions.append(table.activity_id.in_(scope.activity_ids))
    if scope.partner_sectors is not None:
        conditions.append(or_(*(_of_sector(table, sector) for sector in scope.partner_sectors), false()))
    return conditions


def _of_sector(table: Columns, sector: str) -> ColumnElement[bool]:
    return table.partner_sectors.contains(f"{SECTOR_MARK}{sector}{SECTOR_MARK}", autoescape=True)


def _ends(period: Period) -> tuple[Any, Any]:
    return period.first, period.last
