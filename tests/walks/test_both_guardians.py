"""Both guardians' yes in a real browser: on a phone without scripts, by keyboard, and in each language."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from tests.factories import NOON, make_activity, make_text
from tests.family.sharing import FATHER, INSIDE, MOTHER, PRINT, WEB, fathers_page, newest, standing
from tests.signups.asking import open_occasion
from tests.walks.conftest import DESK, PHONE, Served, check_accessible

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")


def look(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.fixture
def form(arranging: Arranging) -> str:
    with arranging() as session:
        activity = make_activity(session, photo_channels=[INSIDE, WEB, PRINT])
        make_text(session, activity)
        return f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"


def sign_up(page: Page, arranging: Arranging, form: str) -> None:
    page.goto(form)
    page.locator("[name=children-0-first_name]").fill("Ada")
    page.locator("[name=children-0-born]").fill("2016")
    page.locator("[name=children-0-consents][value=photo_web]").check()
    page.locator("[name=children-0-consents][value=photo_print]").check()
    page.locator("[name=children-0-child_answer][value=yes]").check()
    page.locator("[name=contact_name]").fill("Mor Eksempel")
    page.locator("[name=email]").fill(MOTHER)
    page.locator("[name=permission]").check()
    look(page, f"form-{page.viewport_size['width'] if page.viewport_size else 0}")
    page.locator("[name=contact_name]").press("Enter")
    page.locator("[name=code]").fill(newest(arranging, "signup_awaiting_email").facts["code"])
    page.keyboard.press("Enter")
    expect(page.locator("a[href$='/pictures']")).to_be_visible()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("width", "scripts", "language"), [(PHONE, False, "nb"), (390, True, "nn"), (DESK, True, "en")]
)
def test_two_guardians_say_yes_and_one_takes_it_back(
    open_browser: OpenBrowser, arranging: Arranging, form: str, width: int, scripts: bool, language: str
) -> None:
    mother = open_browser(width, scripts=scripts, language=language)
    father = open_browser(width, scripts=scripts, language=language)
    sign_up(mother, arranging, form)
    look(mother, f"receipt-{width}")
    mother.locator("a[href$='/pictures']").press("Enter")
    look(mother, f"question-{width}")
    mother.locator("[name=who][value=shared]").check()
    mother.locator("[name=other_email]").press("Enter")
    expect(mother.get_by_role("alert")).to_be_visible()
    look(mother, f"question-error-{width}")
    mother.locator("[name=other_email]").fill(FATHER)
    mother.locator("[name=other_email]").press("Enter")
    expect(mother.locator(".status-wait")).to_be_visible()
    look(mother, f"waits-{width}")

    father.goto(fathers_page(arranging))
    look(father, f"other-{width}")
    father.locator("[name=consents]").first.check()
    father.locator("[name=declared]").check()
    father.locator("[name=declared]").press("Enter")
    expect(father.get_by_role("status")).to_be_visible()
    look(father, f"other-said-{width}")
    if scripts:
        check_accessible(mother)
        check_accessible(father)
    assert len(standing(arranging)) == 1

    father.locator("form[action$='/withdraw'] button").press("Enter")
    expect(father.locator("form[action$='/withdraw']")).to_have_count(0)
    assert standing(arranging) == set()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_pages_and_letters_can_be_used_by_all(
    app: Flask, open_browser: OpenBrowser, arranging: Arranging, served: Served, form: str
) -> None:
    page = open_browser(PHONE)
    sign_up(page, arranging, form)
    check_accessible(page)
    page.locator("a[href$='/pictures']").click()
    check_accessible(page)
    page.locator("[name=who][value=shared]").check()
    page.locator("[name=other_email]").fill(FATHER)
    page.locator("[name=other_email]").press("Enter")
    expect(page.locator(".status-wait")).to_be_visible()
    check_accessible(page)
    page.goto(fathers_page(arranging))
    check_accessible(page)
    page.get_by_role("button", name="Yes to what I have ticked").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_accessible(page)

    letter = newest(arranging, "pictures_other_asked")
    for language in Language:
        letter.language = language
        with app.app_context():
            mail = render_letter(letter, sender=SENDER, now=NOON)
        html = mail.get_body(("html",))
        assert html is not None
        page.set_content(html.get_content())
        look(page, f"letter-{language}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
