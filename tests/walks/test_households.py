import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.outbox.models import Letter
from booking.staff.rules import Role
from tests.factories import make_account, make_activity, make_library, make_meeting, make_occasion
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def evening(arranging: Arranging) -> dict[str, Any]:
    """An evening for everybody, at which pictures and needs are asked about."""
    with arranging() as session:
        library = make_library(session)
        asks = {"photo_channels": ["photo_web", "photo_print"], "asks_needs": True}
        activity = make_activity(session, library=library, grade_from=None, grade_to=None, **asks)
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        return {
            "poster": f"/a/{activity.code}",
            "form": f"/occasions/{occasion.id}/sign-up",
            "list": f"/staff/occasions/{occasion.id}/sign-ups",
            "librarian": librarian,
        }


def facts_of(arranging: Arranging, template: str) -> dict[str, Any]:
    with arranging() as session:
        newest = select(Letter).where(Letter.template == template).order_by(Letter.id.desc())
        letter = session.scalars(newest).first()
        assert letter is not None
        return letter.facts


def type_by_keyboard(page: Page, *, into: str, text: str) -> None:
    """Go on with the Tab key until the field has the focus, and type."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || ''") == into:
            page.keyboard.type(text)
            return
    pytest.fail(f"the keyboard does not come to {into}")


def test_two_children_from_the_poster_to_their_places_without_a_mouse_or_a_script(
    open_browser: OpenBrowser, arranging: Arranging, evening: dict[str, Any]
) -> None:
    phone = open_browser(PHONE, scripts=False)
    phone.goto(evening["poster"])
    phone.get_by_role("link", name="Sign up", exact=True).click()
    type_by_keyboard(phone, into="children-0-first_name", text="Ada")
    type_by_keyboard(phone, into="children-0-born", text="2016")
    phone.get_by_role("button", name="Add one more child").press("Enter")
    type_by_keyboard(phone, into="children-1-first_name", text="Bo")
    type_by_keyboard(phone, into="children-1-born", text="4. trinn")
    type_by_keyboard(phone, into="contact_name", text="Ola Eksempel")
    type_by_keyboard(phone, into="email", text="ola@example.org")
    type_by_keyboard(phone, into="permission", text=" ")
    # The Enter key in a field sends the form, although another button stands before the one that does.
    phone.locator("[name=contact_name]").press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("One step is left")

    type_by_keyboard(phone, into="code", text=facts_of(arranging, "signup_awaiting_email")["code"])
    phone.keyboard.press("Enter")

    expect(phone.get_by_text("Has a place").first).to_be_visible()
    assert facts_of(arranging, "signup_confirmed")["children"] == ["Ada", "Bo"]


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_pages_of_a_household_can_be_used_by_all(
    open_browser: OpenBrowser, arranging: Arranging, evening: dict[str, Any], width: int
) -> None:
    page = open_browser(width)
    page.goto(evening["form"])
    check_accessible(page)
    page.get_by_role("button", name="Add one more child").click()
    for opened in page.locator("summary").all():
        opened.click()
    check_accessible(page)
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessible(page)


def test_a_youth_and_a_guardian(
    open_browser: OpenBrowser, arranging: Arranging, evening: dict[str, Any]
) -> None:
    youth, guardian = open_browser(PHONE), open_browser(PHONE)
    youth.goto(evening["form"])
    youth.get_by_role("link", name="Are you a youth who wants to sign up yourself?").click()
    check_accessible(youth)
    youth.get_by_label("Your first name").fill("Siri")
    youth.get_by_label("The year you were born").fill("2013")
    youth.get_by_label("Your own e-mail address").fill("siri@example.org")
    youth.get_by_label("I am signing myself up").check()
    youth.get_by_role("button", name="Sign up").click()
    expect(youth.get_by_text("Have you turned 13?").first).to_be_visible()
    check_accessible(youth)
    youth.get_by_label("Yes", exact=True).check()
    youth.get_by_label("E-mail address of a grown-up").fill("foresatt@example.org")
    youth.get_by_role("button", name="Sign up").click()
    youth.get_by_label("Six digits").fill(facts_of(arranging, "signup_awaiting_email")["code"])
    youth.get_by_role("button", name="Confirm").click()
    expect(youth.get_by_text("Place held, a parent has not answered yet")).to_be_visible()
    check_accessible(youth)

    guardian.goto(f"/confirm/{facts_of(arranging, 'signup_guardian_asked')['secret']}")
    check_accessible(guardian)
    guardian.get_by_label("I am a parent or guardian").check()
    guardian.get_by_role("button", name="Yes, Siri may take part").click()
    expect(guardian.get_by_role("heading", level=1)).to_have_text("You have said yes")
    check_accessible(guardian)
    youth.reload()
    expect(youth.get_by_text("Has a place").first).to_be_visible()


def test_staff_sign_a_child_up_by_phone(
    served: Served, open_browser: OpenBrowser, evening: dict[str, Any]
) -> None:
    page = open_browser(PHONE)
    sign_in(page, served, evening["librarian"])
    page.goto(evening["list"])
    page.get_by_role("link", name="Sign a child up").click()
    check_accessible(page)
    page.get_by_label("The child’s first name").fill("Ada")
    page.get_by_label("Year of birth").fill("2016")
    page.get_by_label("Name", exact=True).fill("Ola Eksempel")
    page.get_by_label("E-mail").fill("ola@example.org")
    page.get_by_label("By phone").check()
    page.get_by_label("The guardian has said").check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("Has a place").first).to_be_visible()
    check_accessible(page)
    page.get_by_role("link", name=re.compile("All sign-ups")).click()
    expect(page.get_by_text("No pictures").first).to_be_visible()
    check_accessible(page)
    page.goto("/staff/children?name=adam")
    check_accessible(page)


@pytest.mark.parametrize("with_script", [True, False])
def test_staff_sign_siblings_up_by_keyboard_and_note_where_a_picture_is(
    served: Served, open_browser: OpenBrowser, arranging: Arranging, *, with_script: bool
) -> None:
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        make_meeting(session, occasion=occasion)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
    page = open_browser(PHONE, scripts=with_script)
    sign_in(page, served, librarian)
    page.goto(f"/staff/occasions/{occasion.id}/sign-ups/new")
    _type_child(page, "The child", "Ada", "2016")
    page.get_by_role("button", name="Add one more child").press("Enter")
    _type_child(page, "Child number 2", "Bo", "2009")
    page.get_by_label("Name", exact=True).fill("Ola Eksempel")
    page.get_by_label("E-mail").fill("ola@example.org")
    page.get_by_label("By phone").press("Space")
    page.get_by_label("The guardian has said").press("Space")
    page.get_by_role("button", name="Sign up").press("Enter")

    child = page.get_by_role("group", name="Child number 2")
    expect(child.locator(".error").first).to_be_visible()
    if with_script:
        check_accessible(page)
    child.get_by_label("Sign up although").press("Space")
    child.get_by_label("Why?").fill("comes with a little sister")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Signed up.")).to_be_visible()
    expect(page.get_by_text("with Bo")).to_be_visible()

    page.get_by_role("link", name="Where pictures are used").press("Enter")
    page.get_by_label("Pictures on the library’s website").press("Space")
    page.get_by_label("Where is it?").fill("https://bibliotek.example.org/hosten")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="https://bibliotek.example.org/hosten")).to_be_visible()
    if with_script:
        check_accessible(page)


def _type_child(page: Page, who: str, name: str, born: str) -> None:
    child = page.get_by_role("group", name=who)
    child.get_by_label("The child’s first name").fill(name)
    child.get_by_label("Year of birth").fill(born)
