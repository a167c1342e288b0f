"""Librarians change things while families ask for places: what was promised is kept, whoever comes first."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.dates import DatesCollide, Series
from booking.activities.meeting_operations import add_meetings
from booking.activities.models import Meeting, Occasion
from booking.activities.planning import ChangedMeanwhile, FewerThanTaken, Terms
from booking.activities.queries import get_own_occasion
from booking.activities.rows import terms_of
from booking.activities.rules import Mode
from booking.clock import local_time
from booking.libraries.models import Library
from booking.planner.operations import change_terms
from booking.signups.models import Signup
from booking.signups.operations import request_places
from booking.signups.rules import HOLDS_A_PLACE
from booking.signups.taking import take_open_occasion
from booking.staff.rules import Role
from booking.versions import seen_as
from booking.work import unit_of_work
from tests.browser import Browser
from tests.factories import make_account, make_activity
from tests.signups.asking import HOLDS, SEAL, open_occasion, place_request
from tests.signups.test_races import at_once, slow_clock

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def scene(arranging: Arranging) -> tuple[int, int, int]:
    """An occasion with four places, its library, and a librarian, by their numbers."""
    with arranging() as session:
        activity = make_activity(session)
        occasion = open_occasion(session, activity=activity, capacity=4)
        library = activity.library_id
        return occasion.id, library, make_account(session, Role.COORDINATOR).id


def test_places_are_never_fewer_than_the_children_who_have_one(
    app: Flask, arranging: Arranging, scene: tuple[int, int, int]
) -> None:
    occasion_id, library_id, who = scene

    def act(number: int) -> object:
        if number % 2:
            with unit_of_work() as (session, _clock):
                occasion = take_open_occasion(session, occasion_id)
                request = place_request(session, email=f"forelder-{number}@example.org")
                answer = request_places(
                    session, slow_clock, occasion=occasion, request=request, holds=HOLDS, seal=SEAL
                )
                return answer.state
        try:
            with unit_of_work() as (session, _clock):
                occasion = get_own_occasion(session, occasion_id, library_ids={library_id})
                terms = Terms(mode=Mode.SIGN_UP, capacity=1 + number // 2)
                seen = seen_as(terms_of(occasion))
                change_terms(session, slow_clock, occasion=occasion, terms=terms, seen=seen, account_id=who)
        except (FewerThanTaken, ChangedMeanwhile):
            return "refused"
        return "lowered"

    at_once(app, act)

    with arranging() as session:
        taken = session.scalar(
            select(func.count()).where(Signup.occasion_id == occasion_id, Signup.state.in_(HOLDS_A_PLACE))
        )
        capacity = session.get_one(Occasion, occasion_id).capacity
        assert taken is not None
        assert capacity is not None
        assert 1 <= taken <= capacity


def test_the_same_date_is_added_once_however_often_the_button_is_pressed(
    app: Flask, arranging: Arranging, scene: tuple[int, int, int]
) -> None:
    occasion_id, library_id, who = scene
    with arranging() as session:
        first = session.scalars(select(Meeting)).one()
        day = local_time(first.ends_at)
    series = Series(first_on=day.date(), starts=day.time(), ends=day.replace(hour=day.hour + 1).time())

    def act(_number: int) -> object:
        try:
            with unit_of_work() as (session, _clock):
                occasion = get_own_occasion(session, occasion_id, library_ids={library_id})
                add_meetings(
                    session, slow_clock, occasion=occasion, series=series, room="Loftet", account_id=who
                )
        except DatesCollide:
            return "there already"
        return "added"

    told = at_once(app, act, times=4)

    assert sorted(map(str, told)) == ["added", "there already", "there already", "there already"]
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Meeting)) == 2


def test_of_two_who_move_one_date_in_the_same_moment_the_second_is_shown_it_anew(
    app: Flask, arranging: Arranging, scene: tuple[int, int, int]
) -> None:
    _occasion_id, library_id, _who = scene
    with arranging() as session:
        meeting_id = session.scalars(select(Meeting.id)).one()
        librarian = make_account(session, Role.LIBRARIAN, library=session.get_one(Library, library_id))
    address = f"/staff/meetings/{meeting_id}/move"
    browsers = [Browser(app) for _ in range(2)]
    sent = []
    for number, browser in enumerate(browsers):
        browser.sign_in_as(librarian)
        typed = {"date_on": f"2026-12-0{3 + number}", "starts": "18:00", "ends": "20:00", "room": "Loftet"}
        [shown] = re.findall(r'name="shown" value="(\w+)"', browser.submit(address, typed).text)
        sent.append({**typed, "shown": shown})

    told = at_once(app, lambda number: browsers[number].post(address, sent[number]).status_code, times=2)

    assert Counter(told)[303] == 1
    with arranging() as session:
        assert session.scalars(select(Meeting.sequence)).one() == 1
