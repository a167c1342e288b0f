from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.plan.rules import ItemKind, ItemState
from booking.signups.models import Signup
from booking.staff.rules import Role
from booking.work import reading
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
    make_plan_item,
    make_signup,
)
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]

PUBLIC = (
    "/",
    "/activities",
    "/activities?library=nowhere",
    "/activities/spillkveld",
    "/libraries/granlia",
    "/occasions/1/sign-up",
    "/participation",
    "/privacy",
    "/accessibility",
    "/about",
    "/staff/sign-in",
    "/demo/kit",
    "/demo/mailbox",
    "/no-such-page",
)
OF_A_LIBRARIAN = (
    "/staff/",
    "/staff/activities",
    "/staff/activities/new",
    "/staff/activities/1",
    "/staff/activities/1/words",
    "/staff/partners",
    "/staff/partners/new",
    "/staff/partners/1",
    "/staff/partners/1/calendar",
    "/staff/plan",
    "/staff/occasions/1/sign-ups",
    "/staff/occasions/1/sign-ups/new",
    "/staff/occasions/1/pictures",
    "/staff/meetings/1/register",
    "/staff/figures",
    "/staff/letters",
    "/staff/account",
)
OF_AN_ADMINISTRATOR = (
    "/staff/accounts",
    "/staff/accounts/new",
    "/staff/libraries",
    "/staff/record",
    "/staff/texts",
    "/staff/texts/photo_web",
    "/staff/texts/photo_web/new",
    "/staff/age-rules",
)
OF_THE_COORDINATOR = (
    "/staff/figures/all",
    "/staff/plan",
    "/staff/plan/new",
    "/staff/plan/1",
    "/staff/plan/1/meeting",
)


@pytest.fixture
def granlia(arranging: Arranging) -> None:
    """A library with an activity that somebody has signed up for, and a partner with a very long name."""
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library, slug="spillkveld")
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion)
        make_signup(session, occasion=occasion)
        make_partner(session, name="Å" * 100, website=f"https://{'å' * 60}.example.org")
        first = make_plan_item(session, kind=ItemKind.FOLLOW_UP, title="Å" * 100, note="Å" * 200)
        make_plan_item(session, after_id=first.id, state=ItemState.CALLED_OFF, is_shared=True)
        make_plan_item(session, after_id=first.id, done_on=date(2026, 1, 1))
        make_plan_item(session, first_on=date(2027, 1, 1), last_on=date(2027, 1, 2))


def _look_at(page: Page, addresses: tuple[str, ...]) -> None:
    for address in addresses:
        page.goto(address)
        check_accessible(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_everybody_can_use_the_public_pages(
    served: Served, open_browser: OpenBrowser, granlia: None, width: int
) -> None:
    _look_at(open_browser(width), PUBLIC)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_everybody_can_use_the_public_pages_in_norwegian(
    served: Served, open_browser: OpenBrowser, granlia: None, language: str
) -> None:
    _look_at(open_browser(PHONE, language=language), PUBLIC)


def test_everybody_can_use_the_public_pages_in_the_dark(
    served: Served, open_browser: OpenBrowser, granlia: None
) -> None:
    page = open_browser(PHONE)
    page.emulate_media(color_scheme="dark")

    _look_at(page, PUBLIC)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (Role.LIBRARIAN, OF_A_LIBRARIAN),
        (Role.ADMIN, OF_AN_ADMINISTRATOR),
        (Role.COORDINATOR, OF_THE_COORDINATOR),
    ],
)
def test_staff_can_use_their_pages(
    served: Served,
    open_browser: OpenBrowser,
    arranging: Arranging,
    granlia: None,
    width: int,
    role: Role,
    addresses: tuple[str, ...],
) -> None:
    with arranging() as session:
        account = make_account(session, role, library=session.scalars(select(Library)).one())
    page = open_browser(width)
    sign_in(page, served, account)

    _look_at(page, addresses)


def _signups(served: Served) -> int:
    with served.app.app_context(), reading() as (session, _clock):
        return session.scalars(select(func.count()).select_from(Signup)).one()


def test_a_parent_signs_a_child_up_with_the_keyboard_alone(
    served: Served, open_browser: OpenBrowser, granlia: None
) -> None:
    page = open_browser(DESK)
    page.goto("/activities/spillkveld")
    _tab_to(page, "Sign up")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-up")
    for text in ("Bo", "2015"):
        _tab_to_field(page)
        page.keyboard.type(text)
    _tab_to_field(page)  # where the child lives is chosen already
    for text in ("Kari Eksempel", "kari@example.org", ""):
        _tab_to_field(page)
        page.keyboard.type(text)
    _tab_to_field(page)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("One step is left")
    assert _signups(served) == 2


def test_a_parent_signs_a_child_up_without_scripts(
    served: Served, open_browser: OpenBrowser, granlia: None
) -> None:
    page = open_browser(PHONE, scripts=False)
    page.goto("/occasions/1/sign-up")
    page.get_by_label("The child’s first name").fill("Bo")
    page.get_by_label("Year of birth").fill("1890")
    page.get_by_label("Your name").fill("Kari Eksempel")
    page.get_by_label("Your e-mail address").fill("kari@example.org")
    page.get_by_role("button", name="Sign up").click()

    # Two things are wrong, and all that was typed is still there.
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("The child’s first name")).to_have_value("Bo")
    page.get_by_label("Year of birth").fill("2015")
    page.get_by_label("I am a parent or guardian").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step is left")


def test_a_page_reads_at_four_times_its_size(
    served: Served, open_browser: OpenBrowser, granlia: None
) -> None:
    page = open_browser(PHONE)
    for address in PUBLIC:
        page.goto(address)
        # 1280 px at 400 % is 320 px of room with text of the ordinary size.
        page.set_viewport_size({"width": 320, "height": 256})
        check_accessible(page)


def test_nothing_is_asked_of_another_host(served: Served, open_browser: OpenBrowser, granlia: None) -> None:
    page = open_browser(DESK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in PUBLIC:
        page.goto(address)

    assert asked
    assert [url for url in asked if not url.startswith(served.url)] == []


def _tab_to(page: Page, name: str) -> None:
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"the keyboard does not reach {name}")


def _tab_to_field(page: Page) -> None:
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)"):
            return
    pytest.fail("the keyboard reaches no field")
