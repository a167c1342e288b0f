"""The pages of staff: who is signed up, and calling off or moving a date."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import (
    make_account,
    make_occasion,
    make_signup,
)
from tests.signups.house import House

Arranging = Callable[[], AbstractContextManager[Session]]

PAGES = (
    "/staff/occasions/{occasion}/sign-ups",
    "/staff/occasions/{occasion}/sign-ups/{signup}",
)


@pytest.fixture
def house(arranging: Arranging) -> House:
    with arranging() as session:
        return House(session)


def test_the_list_shows_who_is_signed_up_and_no_contact(browser: Browser, house: House) -> None:
    browser.sign_in_as(house.librarian)

    page = browser.get(house.address(PAGES[0])).text

    for shown in ("Sign-ups: Spillkveld", "Ada", "2016", "Has a place", "No pictures"):
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
