"""Saying after the sign-up what a child needs, in a real browser: by keyboard, at each width and language."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.consent.rules import WordingPurpose
from tests.factories import make_activity, make_text
from tests.family.sharing import INSIDE, MOTHER, newest, standing
from tests.signups.asking import open_occasion
from tests.walks.conftest import DESK, PHONE, check_accessible

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def form(arranging: Arranging) -> str:
    with arranging() as session:
        activity = make_activity(session, photo_channels=[INSIDE], asks_needs=True)
        make_text(session, activity)
        return f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"


def sign_two_up(page: Page, arranging: Arranging, form: str) -> None:
    """A mother signs two children up; the page opens where she goes on, also after an error."""
    page.goto(form)
    page.locator("[name=children-0-first_name]").press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#error-summary")).to_be_in_viewport()
    page.locator("[name=children-0-first_name]").fill("Ada")
    page.locator("[name=children-0-born]").fill("2016")
    page.locator("button[name=more]").press("Enter")
    expect(page.locator("[name=children-1-first_name]")).to_be_focused()
    page.keyboard.type("Bo")
    page.locator("[name=children-1-born]").fill("2014")
    page.locator("[name=contact_name]").fill("Mor Eksempel")
    page.locator("[name=email]").fill(MOTHER)
    page.locator("[name=permission]").check()
    page.locator("[name=contact_name]").press("Enter")
    page.locator("[name=code]").fill(newest(arranging, "signup_awaiting_email").facts["code"])
    page.keyboard.press("Enter")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("width", "language", "thanks"),
    [(PHONE, "nb", "Ada og Bo"), (390, "nn", "Ada og Bo"), (DESK, "en", "Ada and Bo")],
)
def test_a_family_says_later_what_a_child_needs(
    open_browser: OpenBrowser, arranging: Arranging, form: str, width: int, language: str, thanks: str
) -> None:
    page = open_browser(width, language=language)
    sign_two_up(page, arranging, form)
    expect(page.get_by_role("status").first).to_contain_text(thanks)
    check_accessible(page)

    page.locator("a[href$='/besides']").press("Enter")
    check_accessible(page)
    page.locator("main form button").last.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    check_accessible(page)
    page.locator("[name=consents]").first.check()
    page.locator("[name=child_answer][value=yes]").check()
    page.locator("details summary").first.press("Enter")
    page.locator("[name=needs]").first.check()
    page.locator("[name=needs_agreed]").check()
    page.locator("main form button").last.press("Enter")

    expect(page.locator("form[action*='/consents/']")).to_have_count(2)
    check_accessible(page)
    assert standing(arranging) == {WordingPurpose.PHOTO_INTERNAL, WordingPurpose.NEEDS}
