"""Changing the plan: what is written, who did it, and what calendars know an item by."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.errors import NotFound
from booking.plan.models import PlanItem
from booking.plan.operations import (
    add_item,
    call_off_item,
    change_item,
    lift_plan,
    put_item_back_on,
    tie_meeting,
)
from booking.plan.queries import facts_of, get_item, items_between, list_items, take_item
from booking.plan.rules import (
    FollowsItself,
    ItemFacts,
    ItemKind,
    ItemState,
    MeetingTaken,
    PlanChangedMeanwhile,
    TitleSaysNothing,
)
from booking.revision import Catalogue
from booking.staff.rules import Role
from booking.versions import seen_as
from booking.work import House, database, mend_identities
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_plan_item

Arranging = Callable[[], AbstractContextManager[Session]]

FACTS = ItemFacts(
    kind=ItemKind.FOLLOW_UP,
    title="Oppfølgingsmøte",
    first_on=date(2026, 12, 1),
    last_on=date(2026, 12, 15),
    is_shared=True,
)


@pytest.fixture
def who(session: Session) -> int:
    return make_account(session, Role.COORDINATOR).id


@pytest.fixture
def item(session: Session, clock: StoppedClock, who: int) -> PlanItem:
    return add_item(session, clock, facts=FACTS, account_id=who)


def acts(session: Session) -> list[tuple[str, int | None]]:
    write_down(session)
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject_id) for row in rows if row.subject == "plan_item"]


def change(session: Session, clock: StoppedClock, item: PlanItem, who: int, **changes: object) -> None:
    told = replace(facts_of(item), **changes)  # type: ignore[arg-type]
    seen = seen_as(facts_of(item))
    change_item(session, clock, item=item, facts=told, seen=seen, account_id=who)


def test_items_are_numbered_in_the_order_in_which_they_are_added(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    second = add_item(session, clock, facts=replace(FACTS, after_id=item.id), account_id=who)

    assert (item.number, second.number) == (1, 2)
    assert (facts_of(item), facts_of(second).after_id) == (FACTS, item.id)
    assert acts(session) == [("plan_item_added", item.id), ("plan_item_added", second.id)]
    assert (item.shown_sequence, item.shown_at, bool(item.shown_as)) == (0, NOON, True)


def test_the_plan_stands_in_the_order_of_time(session: Session) -> None:
    late = make_plan_item(session, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2))
    early = make_plan_item(session, first_on=date(2026, 4, 1), last_on=date(2026, 12, 2))
    short = make_plan_item(session, first_on=date(2026, 4, 1), last_on=date(2026, 4, 2))

    assert [each.id for each in list_items(session)] == [short.id, early.id, late.id]


@pytest.mark.parametrize(
    ("first", "last", "is_found"),
    [(1, 14, False), (1, 15, True), (20, 21, True), (30, 31, True), (31, 31, False)],
)
def test_what_has_a_day_in_the_span_is_found(session: Session, first: int, last: int, is_found: bool) -> None:
    make_plan_item(session, first_on=date(2026, 10, 15), last_on=date(2026, 10, 30), is_shared=True)
    make_plan_item(session, first_on=date(2026, 10, 15), last_on=date(2026, 10, 30))
    span = {"first_on": date(2026, 10, first), "last_on": date(2026, 10, last)}

    assert len(items_between(session, **span, shared_only=True)) == is_found
    assert len(items_between(session, **span, shared_only=False)) == 2 * is_found


@pytest.mark.parametrize(("day", "is_found"), [(23, False), (24, True), (25, False)])
def test_the_day_on_which_a_meeting_really_is_counts_too(session: Session, day: int, is_found: bool) -> None:
    make_plan_item(
        session,
        kind=ItemKind.FOLLOW_UP,
        first_on=date(2026, 1, 1),
        last_on=date(2026, 1, 31),
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    day_of = date(2026, 11, day)

    assert len(items_between(session, first_on=day_of, last_on=day_of, shared_only=False)) == is_found


# What is changed, and whether calendars are told of another time, of other words, or of nothing.
CHANGES: dict[str, tuple[dict[str, object], str]] = {
    "another first day": ({"first_on": date(2026, 12, 2)}, "moment"),
    "another last day": ({"last_on": date(2026, 12, 16)}, "moment"),
    "a time": ({"starts_at": NOON, "ends_at": NOON + timedelta(hours=1)}, "moment"),
    "no longer for partners": ({"is_shared": False}, "moment"),
    "another title": ({"title": "Møte"}, "words"),
    "a title in English": ({"title_en": "Meeting"}, "words"),
    "done": ({"done_on": date(2026, 11, 20)}, "words"),
    "another kind": ({"kind": ItemKind.PHASE}, "words"),
    "a note": ({"note": "Kari bestiller rom."}, "nothing"),
    "another tolerance": ({"tolerance_months": 2}, "nothing"),
    "begun": ({"began_on": date(2026, 11, 20)}, "nothing"),
    "the same": ({}, "nothing"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_calendars_are_told_of_what_their_readers_see(
    session: Session, clock: StoppedClock, who: int, item: PlanItem, name: str
) -> None:
    changes, told = CHANGES[name]
    clock.forward(hours=1)

    change(session, clock, item, who, **changes)

    assert item.shown_sequence == (told == "moment")
    assert item.shown_at == (NOON if told == "nothing" else clock())
    assert len(acts(session)) == (2 if changes else 1)


def test_two_changes_in_one_second_are_two_times_of_change(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    change(session, clock, item, who, title="Møte")
    change(session, clock, item, who, title="Oppfølgingsmøte")

    assert (item.shown_at, item.shown_sequence) == (NOON + timedelta(seconds=2), 0)


def test_what_is_called_off_stays_and_can_be_put_back_on_and_twice_is_once(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    for _time in range(2):
        call_off_item(session, clock, item=item, account_id=who)
    assert (item.state, item.shown_sequence) == (ItemState.CALLED_OFF, 1)
    for _time in range(2):
        put_item_back_on(session, clock, item=item, account_id=who)

    assert (item.state, item.shown_sequence) == (ItemState.PLANNED, 2)
    assert [action for action, _id in acts(session)] == [
        "plan_item_added",
        "plan_item_called_off",
        "plan_item_put_back_on",
    ]


def test_whoever_saves_second_overwrites_nothing_unless_it_is_the_same(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    opened = seen_as(facts_of(item))
    theirs, mine = replace(FACTS, title="Møte"), replace(FACTS, title="Treff")
    change_item(session, clock, item=item, facts=theirs, seen=opened, account_id=who)
    change_item(session, clock, item=item, facts=theirs, seen=opened, account_id=who)

    with pytest.raises(PlanChangedMeanwhile):
        change_item(session, clock, item=item, facts=mine, seen=opened, account_id=who)
    assert item.title == "Møte"


def test_what_cannot_be_is_refused_when_it_is_added_and_when_it_is_changed(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    with pytest.raises(TitleSaysNothing):
        add_item(session, clock, facts=replace(FACTS, title="…"), account_id=who)
    with pytest.raises(FollowsItself):
        change(session, clock, item, who, after_id=item.id)


def test_a_follow_up_meeting_is_one_meeting_and_no_two_items_are_the_same_one(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    other = add_item(session, clock, facts=FACTS, account_id=who)
    phase = add_item(session, clock, facts=replace(FACTS, kind=ItemKind.PHASE), account_id=who)
    for _time in range(2):
        tie_meeting(session, clock, item=item, meeting_uid="a", account_id=who)

    with pytest.raises(MeetingTaken):
        tie_meeting(session, clock, item=other, meeting_uid="a", account_id=who)
    with pytest.raises(NotFound):
        tie_meeting(session, clock, item=phase, meeting_uid="b", account_id=who)
    assert (item.meeting_uid, item.shown_sequence) == ("a", 1)
    tie_meeting(session, clock, item=item, meeting_uid=None, account_id=who)
    assert (item.meeting_uid, item.shown_sequence) == (None, 2)
    assert [action for action, number in acts(session) if number == item.id][1:] == [
        "plan_item_tied",
        "plan_item_untied",
    ]


def test_what_is_no_follow_up_meeting_any_more_is_no_meeting_s(
    session: Session, clock: StoppedClock, who: int, item: PlanItem
) -> None:
    tie_meeting(session, clock, item=item, meeting_uid="a", account_id=who)

    change(session, clock, item, who, kind=ItemKind.MILESTONE)

    assert item.meeting_uid is None


def test_what_is_not_there_is_not_found(session: Session) -> None:
    for look in (get_item, take_item):
        with pytest.raises(NotFound):
            look(session, 7)


def test_a_change_of_the_plan_is_a_new_revision(arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        who = make_account(session, Role.COORDINATOR).id
        number = add_item(session, clock, facts=FACTS, account_id=who).id
    with arranging() as session:
        before = session.scalars(select(Catalogue.revision)).one()
        change(session, clock, get_item(session, number), who, title="Møte")

    with arranging() as session:
        assert session.scalars(select(Catalogue.revision)).one() != before


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"title": ""},
        {"last_on": date(2026, 11, 1)},
        {"tolerance_months": 13},
        {"began_on": date(2026, 11, 22), "done_on": date(2026, 11, 21)},
        {"starts_at": NOON},
        {"kind": ItemKind.FOLLOW_UP, "starts_at": NOON, "ends_at": NOON},
        {"starts_at": NOON, "ends_at": NOON + timedelta(hours=1)},
        {"meeting_uid": "a"},
        {"shown_sequence": -1},
    ],
)
def test_the_database_itself_refuses(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        make_plan_item(session, **wrong)


def _put_back(app: Flask, rows: dict[type, list[dict[str, object]]]) -> None:
    """Put an older copy back, past all that a unit of work would note."""
    with app.app_context(), database.engine.begin() as connection:
        for table, copied in rows.items():
            connection.execute(table.__table__.delete())  # type: ignore[attr-defined]
            connection.execute(insert(table), copied)


def _copy(arranging: Arranging) -> dict[type, list[dict[str, object]]]:
    with arranging() as session:
        return {
            table: [dict(row._mapping) for row in session.execute(select(*table.__table__.columns))]
            for table in (PlanItem, Catalogue)
        }


def test_after_an_older_copy_was_put_back_no_item_is_lower_than_calendars_saw(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        who = make_account(session, Role.COORDINATOR).id
        numbers = [add_item(session, clock, facts=FACTS, account_id=who).id for _item in range(2)]
    copy = _copy(arranging)
    for hours in range(1, 4):
        clock.forward(hours=1)
        with arranging() as session:
            moved = FACTS.last_on + timedelta(days=hours)
            change(session, clock, take_item(session, numbers[0]), who, last_on=moved)
    with arranging() as session:
        saw = get_item(session, numbers[0])
    _put_back(app, copy)
    clock.forward(hours=1)

    with app.app_context():
        assert mend_identities() == 2
        assert mend_identities() == 0

    with arranging() as session:
        mended = get_item(session, numbers[0])
        assert mended.shown_sequence > saw.shown_sequence == 3
        assert mended.shown_at > saw.shown_at


def test_a_change_of_the_plan_is_remembered_beside_the_database(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    house: House = app.extensions["booking"]
    with arranging() as session:
        who = make_account(session, Role.COORDINATOR).id
        add_item(session, clock, facts=FACTS, account_id=who)

    with arranging() as session:
        catalogue = session.scalars(select(Catalogue)).one()
    assert catalogue.raised_at is not None
    assert house.identities.witness.newest(catalogue.lineage) == catalogue.raised_at >= NOON


def test_lifting_by_hand_lifts_the_plan_too(app: Flask, arranging: Arranging, clock: StoppedClock) -> None:
    house: House = app.extensions["booking"]
    with arranging() as session:
        make_plan_item(session)

    with arranging() as session:
        assert lift_plan(session, clock) == 1
    with arranging() as session:
        assert house.identities.lift(session, clock) == 1

    with arranging() as session:
        assert session.scalars(select(PlanItem.shown_sequence)).one() > 400_000
