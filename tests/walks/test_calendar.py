"""A family makes the address of its own calendar, copies it by keyboard, and makes a new one."""

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.browser import Browser
from tests.factories import (
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.entering import OLA
from tests.walks.conftest import DESK, PHONE, Served, check_accessible
from tests.walks.test_my import Arranging, OpenBrowser, come_in, look

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def family(arranging: Arranging) -> None:
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"), slug="spill")
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion)
        ada = make_participant(session, family=make_family(session, email=OLA))
        make_signup(session, occasion=occasion, participant=ada)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


def shown_address(page: Page) -> str:
    expect(page.get_by_role("heading", name="The address of your calendar", level=1)).to_be_visible()
    return page.get_by_label("The address of your calendar").input_value()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_address_is_made_copied_by_keyboard_and_made_anew(
    arranging: Arranging, open_browser: OpenBrowser, served: Served, width: int
) -> None:
    page = open_browser(width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    come_in(page, arranging)
    page.get_by_role("link", name="Get an address for your calendar").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your own calendar")).to_be_visible()
    check_accessible(page)
    look(page, f"calendar-choices-{width}")
    press(page, "Make the address")
    first = shown_address(page)
    check_accessible(page)
    look(page, f"calendar-address-{width}")
    press(page, "Copy the address")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()

    assert page.evaluate("navigator.clipboard.readText()") == first
    assert _events(served, first) == ["Spillkveld"]

    page.goto("/my")
    expect(page.get_by_text("not yet")).not_to_be_visible()
    look(page, f"calendar-my-{width}")
    press(page, "Make a new address")
    second = shown_address(page)

    assert _status(served, first) == 404
    assert _events(served, second) == ["Spillkveld"]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_panel_of_a_public_calendar_opens_and_copies(open_browser: OpenBrowser, width: int) -> None:
    page = open_browser(width, scripts=width == DESK)
    page.goto("/activities/spill")
    page.get_by_text("Have the dates in your calendar").click()

    expect(page.get_by_label("The calendar’s address")).to_be_visible()
    assert page.get_by_role("button", name="Copy the address").is_visible() is (width == DESK)
    look(page, f"calendar-panel-{width}")


def _ask(served: Served, address: str) -> tuple[int, bytes]:
    answer = Browser(served.app).get(address.removeprefix(served.url))
    return answer.status_code, answer.data


def _events(served: Served, address: str) -> list[str]:
    status, body = _ask(served, address)
    assert status == 200
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(body).walk("VEVENT")]


def _status(served: Served, address: str) -> int:
    return _ask(served, address)[0]
