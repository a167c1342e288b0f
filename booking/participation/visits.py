"""Visits in the tables of facts: which meetings a scope is about, and who counts as having come."""

from sqlalchemy import ColumnElement, and_, false, or_

from booking.participation.figures import Scope
from booking.participation.models import MeetingFact, PersonFact
from booking.participation.reckoning import SECTOR_MARK
from booking.participation.rules import PILOT, WAS_HELD, AgeBand, Outcome

# A child or youth with a name was there.
CAME_YOUNG = and_(PersonFact.outcome == Outcome.CAME, PersonFact.age_band != AgeBand.OVER_18)
IS_COUNTED = and_(MeetingFact.is_withdrawn.is_(False), MeetingFact.outcome.in_(WAS_HELD))


def known_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return what meetings of the scope with facts are known by, those that did not happen too."""
    days = MeetingFact.held_on.between(scope.period.first, scope.period.last)
    return (*_about(scope), days, MeetingFact.is_withdrawn.is_(False))


def _about(scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [MeetingFact.library_id.in_(scope.library_ids)]
    if scope.leaving_out:
        conditions.append(MeetingFact.activity_kind.not_in(scope.leaving_out))
    if scope.pilots_only:
        conditions.append(MeetingFact.activity_kind == PILOT)
    if scope.kinds is not None:
        conditions.append(MeetingFact.activity_kind.in_(scope.kinds))
    if scope.activity_ids is not None:
        conditions.append(MeetingFact.activity_id.in_(scope.activity_ids))
    if scope.partner_sectors is not None:
        conditions.append(or_(*(_of_sector(sector) for sector in scope.partner_sectors), false()))
    return conditions


def _of_sector(sector: str) -> ColumnElement[bool]:
    return MeetingFact.partner_sectors.contains(f"{SECTOR_MARK}{sector}{SECTOR_MARK}", autoescape=True)
