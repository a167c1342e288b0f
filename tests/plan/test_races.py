"""Several change the plan at the same moment: each item has its number, and nobody overwrites another."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.plan.models import PlanItem
from booking.plan.operations import add_item, change_item, tie_meeting
from booking.plan.queries import facts_of, take_item
from booking.plan.rules import ItemFacts, ItemKind, MeetingTaken, PlanChangedMeanwhile
from booking.staff.rules import Role
from booking.versions import seen_as
from booking.work import unit_of_work
from tests.factories import make_account, make_plan_item
from tests.signups.test_races import at_once, slow_clock

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]

FACTS = ItemFacts(
    kind=ItemKind.MILESTONE, title="Sluttrapport", first_on=date(2026, 12, 1), last_on=date(2026, 12, 20)
)


@pytest.fixture
def who(arranging: Arranging) -> int:
    with arranging() as session:
        return make_account(session, Role.COORDINATOR).id


def test_whoever_adds_at_the_same_moment_gets_another_number(
    app: Flask, arranging: Arranging, who: int
) -> None:
    def act(_number: int) -> object:
        with unit_of_work() as (session, _clock):
            return add_item(session, slow_clock, facts=FACTS, account_id=who).number

    told = at_once(app, act, times=6)

    assert sorted(map(str, told)) == [str(number) for number in range(1, 7)]


def test_of_several_who_save_what_they_saw_one_is_saved(app: Flask, arranging: Arranging, who: int) -> None:
    with arranging() as session:
        item = make_plan_item(session)
        number, opened = item.id, facts_of(item)

    def act(turn: int) -> object:
        try:
            with unit_of_work() as (session, _clock):
                change_item(
                    session,
                    slow_clock,
                    item=take_item(session, number),
                    facts=replace(opened, title=f"Nummer {turn}"),
                    seen=seen_as(opened),
                    account_id=who,
                )
        except PlanChangedMeanwhile:
            return "refused"
        return "saved"

    assert Counter(at_once(app, act, times=5)) == {"saved": 1, "refused": 4}


def test_of_several_items_one_becomes_the_meeting(app: Flask, arranging: Arranging, who: int) -> None:
    with arranging() as session:
        numbers = [make_plan_item(session, kind=ItemKind.FOLLOW_UP).id for _item in range(4)]

    def act(turn: int) -> object:
        try:
            with unit_of_work() as (session, _clock):
                item = take_item(session, numbers[turn])
                tie_meeting(session, slow_clock, item=item, meeting_uid="a", account_id=who)
        except MeetingTaken:
            return "refused"
        return "tied"

    assert Counter(at_once(app, act, times=4)) == {"tied": 1, "refused": 3}
    with arranging() as session:
        assert session.scalars(select(PlanItem.meeting_uid)).all().count("a") == 1
