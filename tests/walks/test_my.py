"""A family's own page in a real browser: by keyboard, on a phone, without scripts, and shut behind it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.consent.rules import WordingPurpose
from booking.signups.rules import SignupState
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
    make_text,
)
from tests.family.agreeing import make_consent, make_permission
from tests.family.entering import OLA, way_in
from tests.walks.conftest import DESK, PHONE, Served, check_accessible

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(autouse=True)
def family(arranging: Arranging) -> None:
    """Two children: one has a place and a consent, to one a place is offered."""
    with arranging() as session:
        library = make_library(session)
        activity = make_activity(session, library=library)
        make_text(session, activity)
        occasion = make_occasion(session, activity=activity)
        for days in (7, 14):
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=days, hours=5))
        ola = make_family(session, email=OLA, phone="+4722222222")
        ada = make_participant(session, family=ola)
        make_signup(session, occasion=occasion, participant=ada)
        make_permission(session, child=ada, occasion=occasion)
        for purpose in (WordingPurpose.PHOTO_WEB, WordingPurpose.PHOTO_PRINT):
            make_consent(session, child=ada, occasion=occasion, library_id=library.id, purpose=purpose)
        bo = make_participant(session, family=ola, first_name="Bo", is_shielded=True)
        make_signup(
            session,
            occasion=occasion,
            participant=bo,
            state=SignupState.OFFERED,
            held_until=NOON + timedelta(hours=12),
        )


def come_in(page: Page, arranging: Arranging) -> None:
    page.goto("/my")
    check_accessible(page)
    page.get_by_label("Your e-mail address").fill(OLA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Six digits from our letter").fill(way_in(arranging).code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_a_family_enters_answers_and_leaves_by_keyboard(
    open_browser: OpenBrowser, arranging: Arranging, served: Served, width: int, scripts: bool
) -> None:
    page = open_browser(width, scripts=scripts)
    if not scripts:
        page.goto("/my")
        page.get_by_label("Your e-mail address").fill(OLA)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Look in your mailbox")).to_be_visible()
        page.goto(f"/my/enter/{way_in(arranging).secret}")
        page.get_by_role("button", name="Enter").press("Enter")
        expect(page.get_by_role("heading", name="Ada")).to_be_visible()
        return
    come_in(page, arranging)
    check_accessible(page)
    look(page, f"my-{width}")

    page.get_by_role("button", name="Yes, we want the place").press("Enter")
    expect(page.get_by_text("We wait for your answer")).to_have_count(0)
    page.get_by_role("button", name="Take it back – Ada, Pictures on the library’s website").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("we remove those on our website")
    check_accessible(page)
    for address in ("/my/contact", "/my/address", "/my/data", "/my/erase"):
        page.goto(address)
        check_accessible(page)
        look(page, f"{address.strip('/').replace('/', '-')}-{width}")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_after_leaving_the_back_button_shows_nothing(
    open_browser: OpenBrowser, arranging: Arranging, served: Served
) -> None:
    page = open_browser(PHONE)
    come_in(page, arranging)
    page.goto("/my/data")
    page.go_back()
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()

    page.get_by_role("button", name="Leave the page").first.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You have left your page.")
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", name="Ada")).to_have_count(0)
        assert "Ada" not in page.content()
