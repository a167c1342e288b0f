"""The pages of staff: who is signed up, and calling off or moving a date."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.audit.models import AuditEntry
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.signups.asking import letters

Arranging = Callable[[], AbstractContextManager[Session]]

PAGES = (
    "/staff/occasions/{occasion}/sign-ups",
    "/staff/occasions/{occasion}/sign-ups/{signup}",
    "/staff/occasions/{occasion}/call-off",
    "/staff/meetings/{meeting}/call-off",
    "/staff/meetings/{meeting}/move",
)


class House:
    """A library with a course of two dates, one child, and a librarian."""

    def __init__(self, session: Session) -> None:
        self.library = library = make_library(session)
        self.occasion: Occasion = make_occasion(session, activity=make_activity(session, library=library))
        self.meetings: list[Meeting] = [
            make_meeting(session, occasion=self.occasion, starts_at=NOON.replace(month=12, day=day))
            for day in (1, 8)
        ]
        family = make_family(session, contact_name="Ola Eksempel", phone="+4722222222")
        child = make_participant(session, family=family)
        self.signup: Signup = make_signup(session, occasion=self.occasion, participant=child)
        self.librarian = make_account(session, Role.LIBRARIAN, library=library)
        self.stranger = make_account(session, Role.LIBRARIAN, library=make_library(session))

    def address(self, page: str) -> str:
        """The address of a page about this library's occasion."""
        return page.format(occasion=self.occasion.id, signup=self.signup.id, meeting=self.meetings[0].id)


@pytest.fixture
def house(arranging: Arranging) -> House:
    with arranging() as session:
        return House(session)


def test_the_list_shows_who_is_signed_up_and_no_contact(browser: Browser, house: House) -> None:
    browser.sign_in_as(house.librarian)

    page = browser.get(house.address(PAGES[0])).text

    for shown in ("Sign-ups: Spillkveld", "Ada", "2016", "Has a place", "Tuesday 24 November at 12:00"):
        assert shown in page
    for hidden in ("Ola Eksempel", "22222222", "@example.org"):
        assert hidden not in page


def test_the_contact_stands_behind_details(browser: Browser, house: House) -> None:
    browser.sign_in_as(house.librarian)

    page = browser.get(house.address(PAGES[1])).text

    for shown in ("Ola Eksempel", "22\u00a022\u00a022\u00a022", "@example.org", "What happened"):
        assert shown in page


def test_each_look_is_on_record(browser: Browser, house: House, arranging: Arranging) -> None:
    browser.sign_in_as(house.librarian)
    for page in (PAGES[0], PAGES[1], PAGES[0]):
        browser.get(house.address(page))

    with arranging() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.action for entry in entries] == ["signups_seen", "signup_details_seen", "signups_seen"]
        assert {entry.account_id for entry in entries} == {house.librarian.id}


@pytest.mark.parametrize("page", PAGES)
def test_what_belongs_to_another_library_does_not_exist(browser: Browser, house: House, page: str) -> None:
    browser.sign_in_as(house.stranger)

    assert browser.get(house.address(page)).status_code == 404
    if "sign-ups" not in page:
        assert browser.post(house.address(page), MOVED).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [Role.DOOR, Role.COORDINATOR, Role.ADMIN, Role.PRIVACY_OFFICER])
def test_other_roles_see_no_sign_ups(
    browser: Browser, house: House, arranging: Arranging, page: str, role: Role
) -> None:
    with arranging() as session:
        browser.sign_in_as(make_account(session, role, library=house.library))

    assert "Ada" not in browser.get(house.address(page)).text


def test_a_sign_up_of_another_occasion_is_not_found(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    with arranging() as session:
        other = make_signup(session, occasion=make_occasion(session))
    browser.sign_in_as(house.librarian)

    assert browser.get(f"/staff/occasions/{house.occasion.id}/sign-ups/{other.id}").status_code == 404


def test_calling_off_says_how_many_families_are_told_and_tells_them(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    before = browser.get(house.address(PAGES[2])).text

    done = browser.post(house.address(PAGES[2]))

    assert "1 family is told by letter." in before
    assert "A letter goes to 1 family." in browser.get(done.headers["Location"]).text
    assert "There is nothing left to call off." in browser.get(house.address(PAGES[2])).text
    with arranging() as session:
        assert session.scalars(select(Signup.state)).all() == [SignupState.CALLED_OFF]
        assert letters(session) == ["signup_called_off"]


def test_one_date_is_called_off(browser: Browser, house: House, arranging: Arranging) -> None:
    browser.sign_in_as(house.librarian)
    assert "Call off this date?" in browser.get(house.address(PAGES[3])).text

    assert browser.post(house.address(PAGES[3])).status_code == 303

    with arranging() as session:
        states = session.scalars(select(Meeting.state).order_by(Meeting.id)).all()
        assert states == [MeetingState.CALLED_OFF, MeetingState.SCHEDULED]
        assert letters(session) == ["meeting_called_off"]


@pytest.mark.parametrize("page", PAGES[2:4])
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
    before = browser.get(house.address(PAGES[4])).text

    done = browser.submit(house.address(PAGES[4]), MOVED)

    assert 'value="2026-12-01"' in before
    assert 'value="12:00"' in before
    assert "Thursday 3 December at 18:00–20:00, Loftet" in browser.get(done.headers["Location"]).text
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

    answer = browser.submit(house.address(PAGES[4]), {**MOVED, name: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert ("Loftet" in answer.text) is (name != "room")
