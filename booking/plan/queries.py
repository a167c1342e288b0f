"""Finding what the plan holds."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from booking.clock import instant_at
from booking.errors import NotFound
from booking.plan.models import PlanItem
from booking.plan.rules import ItemFacts


def list_items(session: Session) -> Sequence[PlanItem]:
    """Return the whole plan in the order of time, with what was called off."""
    return session.scalars(
        select(PlanItem).order_by(PlanItem.first_on, PlanItem.last_on, PlanItem.number)
    ).all()


def items_between(
    session: Session, *, first_on: date, last_on: date, shared_only: bool
) -> Sequence[PlanItem]:
    """Return the items of which a day lies in the span; only those that partners see, if so wished.

    The day of a follow-up meeting whose time is settled counts too: it may lie far from those of the plan.
    """
    starts, ends = instant_at(first_on, time(0)), instant_at(last_on + timedelta(days=1), time(0))
    is_planned = and_(PlanItem.last_on >= first_on, PlanItem.first_on <= last_on)
    is_settled = and_(PlanItem.starts_at >= starts, PlanItem.starts_at < ends)
    wanted = select(PlanItem).where(or_(is_planned, is_settled))
    if shared_only:
        wanted = wanted.where(PlanItem.is_shared)
    return session.scalars(wanted.order_by(PlanItem.first_on, PlanItem.number)).all()


def get_item(session: Session, item_id: int) -> PlanItem:
    """Return the item, or raise NotFound."""
    return _found(session.get(PlanItem, item_id))


def take_item(session: Session, item_id: int) -> PlanItem:
    """Return the item as `get_item` does, after taking its turn: nobody else changes it now."""
    wanted = select(PlanItem).where(PlanItem.id == item_id).with_for_update()
    return _found(session.scalar(wanted.execution_options(populate_existing=True)))


def what_follows_what(session: Session) -> Mapping[int, int | None]:
    """Return for each item which one it follows, if it follows one."""
    return {row.id: row.after_id for row in session.execute(select(PlanItem.id, PlanItem.after_id))}


def facts_of(item: PlanItem) -> ItemFacts:
    """Return a row as what is told of the item."""
    return ItemFacts(**{name: getattr(item, name) for name in ItemFacts.__dataclass_fields__})


def _found(item: PlanItem | None) -> PlanItem:
    if item is None:
        raise NotFound
    return item
