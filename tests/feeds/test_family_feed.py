"""A family's own calendar, behind its link, on both databases."""

import pytest
from icalendar import Calendar

from tests.browser import Browser, read_page
from tests.factories import (
    make_activity,
    make_family,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.entering import OLA, Arranging, come_in


@pytest.fixture
def inside(browser: Browser, arranging: Arranging) -> Browser:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, slug="spill"))
        make_meeting(session, occasion=occasion)
        family = make_family(session, email=OLA)
        make_signup(session, occasion=occasion, participant=make_participant(session, family=family))
    come_in(browser, arranging)
    return browser


def new_address(browser: Browser) -> str:
    page = read_page(browser.post("/my/calendar/address").text)
    (field,) = [control for control in page.controls if control.get("id") == "copy-own"]
    return field["value"].removeprefix("http://127.0.0.1:8000")


def test_a_place_stands_in_the_family_s_own_calendar(inside: Browser) -> None:
    address = new_address(inside)

    answer = Browser(inside.app).get(address)

    assert answer.status_code == 200
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["SUMMARY"] == "Spillkveld"
