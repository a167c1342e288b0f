"""Adding dates, moving and calling them off, and taking that back: what is shown first is what is done."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.models import Activity, Meeting
from booking.activities.rules import MeetingState, Status
from booking.clock import local_time
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from tests.browser import Browser
from tests.factories import NOON
from tests.signups.asking import letters
from tests.signups.house import House

Arranging = Callable[[], AbstractContextManager[Session]]

CALL_OFF_ALL = "/staff/occasions/{occasion}/call-off"
BACK_ON_ALL = "/staff/occasions/{occasion}/put-back-on"
CALL_OFF = "/staff/meetings/{meeting}/call-off"
BACK_ON = "/staff/meetings/{meeting}/put-back-on"
MOVE = "/staff/meetings/{meeting}/move"
MORE = "/staff/occasions/{occasion}/dates/new"
PAGES = (CALL_OFF_ALL, BACK_ON_ALL, CALL_OFF, BACK_ON, MOVE, MORE)


@pytest.fixture
def house(arranging: Arranging) -> House:
    with arranging() as session:
        return House(session)


def show_and_do(browser: Browser, address: str, typed: dict[str, str], **kept: list[str]) -> TestResponse:
    """Send a form, look at what would become of it, and send it again with what was shown."""
    looked = browser.submit(address, typed)
    assert looked.status_code == 200, looked.text
    [shown] = re.findall(r'name="shown" value="(\w+)"', looked.text)
    ticked = re.findall(r'name="dates" value="([^"]+)" id="[^"]+" checked', looked.text)
    return browser.submit(address, {**typed, "shown": shown, **({"dates": ticked} if ticked else {}), **kept})


@pytest.mark.parametrize("page", PAGES)
def test_what_belongs_to_another_library_does_not_exist(browser: Browser, house: House, page: str) -> None:
    browser.sign_in_as(house.stranger)

    assert browser.get(house.address(page)).status_code == 404
    assert browser.post(house.address(page), MOVED).status_code == 404


def test_calling_off_says_how_many_families_are_told_and_tells_them(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    before = browser.get(house.address(CALL_OFF_ALL)).text

    done = browser.post(house.address(CALL_OFF_ALL))

    assert "1 family is told by letter." in before
    assert "A letter goes to 1 family." in browser.get(done.headers["Location"]).text
    assert "There is nothing left to call off." in browser.get(house.address(CALL_OFF_ALL)).text
    with arranging() as session:
        assert session.scalars(select(Signup.state)).all() == [SignupState.CALLED_OFF]
        assert letters(session) == ["signup_called_off"]


def test_one_date_is_called_off(browser: Browser, house: House, arranging: Arranging) -> None:
    browser.sign_in_as(house.librarian)
    assert "Call off this date?" in browser.get(house.address(CALL_OFF)).text

    assert browser.post(house.address(CALL_OFF)).status_code == 303

    with arranging() as session:
        states = session.scalars(select(Meeting.state).order_by(Meeting.id)).all()
        assert states == [MeetingState.CALLED_OFF, MeetingState.SCHEDULED]
        assert letters(session) == ["meeting_called_off"]


@pytest.mark.parametrize("page", [CALL_OFF_ALL, CALL_OFF])
def test_what_is_over_is_not_called_off(
    browser: Browser, house: House, arranging: Arranging, page: str
) -> None:
    with arranging() as session:
        for meeting in house.meetings:
            late = session.merge(meeting)
            late.starts_at, late.ends_at = NOON.replace(day=1), NOON.replace(day=2)
    browser.sign_in_as(house.librarian)

    refused = browser.post(house.address(page))

    assert "This date is over." in browser.get(refused.headers["Location"]).text


MOVED = {"date_on": "2026-12-03", "starts": "18:00", "ends": "20.00", "room": "Loftet"}


def test_a_date_is_moved_and_the_families_are_told(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    before = browser.get(house.address(MOVE)).text

    done = show_and_do(browser, house.address(MOVE), MOVED)

    assert 'value="2026-12-01"' in before
    assert 'value="12:00"' in before
    assert "Thursday 3 December at 18:00–20:00" in browser.get(done.headers["Location"]).text
    with arranging() as session:
        assert letters(session) == ["meeting_moved"]


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("date_on", "tomorrow", "Write the date as day, month and year"),
        ("date_on", "0001-01-01", "This date is years away."),
        ("date_on", "2026-11-01", "Choose a time that is still to come."),
        ("date_on", "", "Choose the first date."),
        ("starts", "25:00", "Write the time as hours and minutes"),
        ("ends", "17:00", "The end has to be later than the start."),
        ("room", " ", "Say where in the library to meet."),
        ("room", "x" * 101, "This is too long."),
        ("room", "Lof\u202etet", "invisible signs"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_with_all_kept(
    browser: Browser, house: House, name: str, typed: str, sentence: str
) -> None:
    browser.sign_in_as(house.librarian)

    answer = browser.submit(house.address(MOVE), {**MOVED, name: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("Loftet" in answer.text) is (name != "room")


def test_a_change_can_go_for_this_date_and_all_later_ones(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    later = {**MOVED, "reach": "later"}

    looked = browser.submit(house.address(MOVE), later).text
    show_and_do(browser, house.address(MOVE), later)

    assert "Thursday 3 December at 18:00–20:00" in looked
    assert "Thursday 10 December at 18:00–20:00" in looked
    with arranging() as session:
        meetings = session.scalars(select(Meeting).order_by(Meeting.starts_at)).all()
        assert [local_time(each.starts_at).day for each in meetings] == [3, 10]
        assert {each.room for each in meetings} == {"Loftet"}
        assert letters(session) == ["meeting_moved"]


def test_looking_at_a_move_changes_nothing(browser: Browser, house: House, arranging: Arranging) -> None:
    browser.sign_in_as(house.librarian)

    browser.submit(house.address(MOVE), MOVED)

    with arranging() as session:
        assert {each.state for each in session.scalars(select(Meeting))} == {MeetingState.SCHEDULED}
        assert letters(session) == []


def test_what_was_moved_by_somebody_else_is_shown_anew_before_it_is_moved(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    looked = browser.submit(house.address(MOVE), MOVED).text
    [shown] = re.findall(r'name="shown" value="(\w+)"', looked)
    with arranging() as session:
        session.merge(house.meetings[0]).room = "Kjelleren"

    answer = browser.submit(house.address(MOVE), {**MOVED, "shown": shown})

    assert "This is what becomes of it" in answer.text
    with arranging() as session:
        assert session.get_one(Meeting, house.meetings[0].id).room == "Kjelleren"


def test_a_date_that_is_called_off_is_on_again_and_the_families_are_told(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    browser.post(house.address(CALL_OFF))

    before = browser.get(house.address(BACK_ON)).text
    done = browser.post(house.address(BACK_ON))

    assert "1 family is told by letter." in before
    assert "A letter goes to 1 family." in browser.get(done.headers["Location"]).text
    with arranging() as session:
        assert letters(session) == ["meeting_called_off", "meeting_back_on"]


def test_a_course_that_is_on_again_asks_those_who_lost_their_place(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    browser.post(house.address(CALL_OFF_ALL))

    before = browser.get(house.address(BACK_ON_ALL)).text
    browser.post(house.address(BACK_ON_ALL))

    assert "1 family lost its place. We write to it that it can sign up anew." in before
    with arranging() as session:
        assert letters(session) == ["signup_called_off", "occasion_back_on"]
        assert {each.state for each in session.scalars(select(Meeting))} == {MeetingState.SCHEDULED}


SERIES = {"room": "Loftet", "first_on": "2026-12-22", "starts": "17:00", "ends": "19:00", "weeks": "3"}


def test_more_dates_are_shown_before_they_are_added_and_unticked_ones_are_left_out(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)

    done = show_and_do(browser, house.address(MORE), SERIES, dates=["2026-12-22", "2027-01-05"])

    assert done.status_code == 303
    with arranging() as session:
        days = [
            local_time(each.starts_at).date().isoformat()
            for each in session.scalars(select(Meeting).order_by(Meeting.id))
        ]
        assert days[2:] == ["2026-12-22", "2027-01-05"]


def test_two_dates_of_one_course_do_not_begin_together(browser: Browser, house: House) -> None:
    browser.sign_in_as(house.librarian)
    same = {**SERIES, "first_on": "2026-12-01", "starts": "12:00", "ends": "13:00"}

    answer = show_and_do(browser, house.address(MORE), same)

    assert answer.status_code == 422
    assert "Two dates would begin at the same time." in answer.text


def test_a_date_of_a_draft_is_taken_out_and_one_that_is_shown_is_not(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    drop = f"/staff/meetings/{house.meetings[0].id}/drop"

    refused = browser.post(drop)
    with arranging() as session:
        activity = session.get_one(Activity, house.occasion.activity_id)
        activity.status, activity.published_at = Status.DRAFT, None
    done = browser.post(drop)

    assert "Call it off instead." in browser.get(refused.headers["Location"]).text
    assert done.status_code == 303
    with arranging() as session:
        assert [each.id for each in session.scalars(select(Meeting))] == [house.meetings[1].id]
