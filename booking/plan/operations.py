"""Adding to the plan, changing what is told of an item, calling it off, and tying it to a meeting."""

from dataclasses import asdict

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.errors import NotFound
from booking.identity import Identity, Sight, identity_after, lifted
from booking.plan.check_rules import check_facts, check_order, tidied_facts
from booking.plan.models import PlanItem
from booking.plan.queries import facts_of, what_follows_what
from booking.plan.rules import (
    ItemFacts,
    ItemKind,
    ItemState,
    MeetingTaken,
    PlanChangedMeanwhile,
)
from booking.revision import Catalogue
from booking.tokens import new_uid
from booking.versions import seen_as
from booking.witness import note_told


def add_item(session: Session, clock: Clock, *, facts: ItemFacts, account_id: int) -> PlanItem:
    """Return a new item with the next number; refuses what `check_facts` refuses."""
    told = tidied_facts(facts)
    check_facts(told, today=local_date(clock()))
    _check_follows(session, told, item_id=0)
    # Two who add at once get two numbers: this row is written at the end of each such work in any case.
    session.execute(select(Catalogue.id).with_for_update())
    number = (session.scalar(select(func.max(PlanItem.number))) or 0) + 1
    now = clock()
    item = PlanItem(
        **asdict(told), number=number, uid=new_uid(), state=ItemState.PLANNED, made_at=now, shown_at=now
    )
    session.add(item)
    session.flush()
    _settle(session, clock, item)
    _note(session, clock, "plan_item_added", item, account_id)
    return item


def change_item(
    session: Session, clock: Clock, *, item: PlanItem, facts: ItemFacts, seen: str, account_id: int
) -> None:
    """Tell the item's facts anew; telling what stands already changes nothing.

    Take the item's turn before. Refuses what `add_item` refuses, and PlanChangedMeanwhile when the facts are
    no longer those that were seen (`seen_as`). What is no follow-up meeting any more is no meeting's.
    """
    told = tidied_facts(facts)
    check_facts(told, today=local_date(clock()))
    _check_follows(session, told, item_id=item.id)
    if facts_of(item) == told:
        return
    if seen_as(facts_of(item)) != seen:
        raise PlanChangedMeanwhile
    for name, value in asdict(told).items():
        setattr(item, name, value)
    if told.kind is not ItemKind.FOLLOW_UP:
        item.meeting_uid = None
    _settle(session, clock, item)
    _note(session, clock, "plan_item_changed", item, account_id)


def call_off_item(session: Session, clock: Clock, *, item: PlanItem, account_id: int) -> None:
    """Cross the item out, on the page and in calendars. Twice is once."""
    if item.state is not ItemState.CALLED_OFF:
        item.state = ItemState.CALLED_OFF
        _settle(session, clock, item)
        _note(session, clock, "plan_item_called_off", item, account_id)


def put_item_back_on(session: Session, clock: Clock, *, item: PlanItem, account_id: int) -> None:
    """Let the item be planned again. Twice is once."""
    if item.state is not ItemState.PLANNED:
        item.state = ItemState.PLANNED
        _settle(session, clock, item)
        _note(session, clock, "plan_item_put_back_on", item, account_id)


def tie_meeting(
    session: Session, clock: Clock, *, item: PlanItem, meeting_uid: str | None, account_id: int
) -> None:
    """Let calendars show the meeting of that identity in place of the item, or the item itself again.

    Whether there is such a meeting is known to who calls. Refuses MeetingTaken when another item is that
    meeting, and raises NotFound for what is no follow-up meeting. Twice is once.
    """
    if item.kind is not ItemKind.FOLLOW_UP:
        raise NotFound
    if item.meeting_uid == meeting_uid:
        return
    try:
        # The database decides: of two items that would become one meeting at once, it lets one pass.
        with session.begin_nested():
            item.meeting_uid = meeting_uid
    except IntegrityError:
        raise MeetingTaken from None
    _settle(session, clock, item)
    _note(session, clock, "plan_item_tied" if meeting_uid else "plan_item_untied", item, account_id)


def lift_plan(session: Session, clock: Clock) -> int:
    """Lift all items above whatever calendars may have seen of them; return how many.

    Needed once, when an older copy of the database was put back.
    """
    items = session.scalars(select(PlanItem).order_by(PlanItem.id).with_for_update()).all()
    for item in items:
        _take_on(item, lifted(_identity(item), _sight(item), clock()))
        note_told(session, item.shown_at)
    return len(items)


def _check_follows(session: Session, facts: ItemFacts, *, item_id: int) -> None:
    if facts.after_id is not None:
        check_order(what_follows_what(session), item_id=item_id, wanted=facts.after_id)


def _settle(session: Session, clock: Clock, item: PlanItem) -> None:
    # All that calendars show of an item stands in its own row, so who writes the row settles it.
    before = _identity(item)
    after = identity_after(before, _sight(item), clock(), was_seen=True)
    if after != before:
        _take_on(item, after)
        note_told(session, item.shown_at)
    session.flush()


def _sight(item: PlanItem) -> Sight:
    is_called_off = item.state is ItemState.CALLED_OFF
    days = (item.first_on, item.last_on, item.starts_at, item.ends_at)
    return Sight(
        # What partners may no longer see goes from their calendars, and so does what became a meeting.
        moment=(*days, is_called_off, item.is_shared, item.meeting_uid),
        words=(item.title, item.title_nn, item.title_en, item.kind, item.done_on),
    )


def _identity(item: PlanItem) -> Identity:
    return Identity(sequence=item.shown_sequence or 0, changed_at=item.shown_at, seen=item.shown_as or "")


def _take_on(item: PlanItem, identity: Identity) -> None:
    item.shown_sequence, item.shown_at, item.shown_as = (
        identity.sequence,
        identity.changed_at,
        identity.seen,
    )


def _note(session: Session, clock: Clock, action: str, item: PlanItem, account_id: int) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="plan_item",
        subject_id=item.id,
        account_id=account_id,
    )
