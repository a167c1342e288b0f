"""A librarian plans: a course over a holiday, what changes of it, and its paper."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.staff.rules import Role
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
    make_school_break,
    make_signup,
)
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_librarian_changes_what_stands_and_sees_first_what_becomes_of_it(
    arranging: Arranging, served: Served, open_browser: OpenBrowser, width: int
) -> None:
    with arranging() as session:
        library = make_library(session)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        activity = make_activity(session, library=library, responsible_id=librarian.id)
        occasion = make_occasion(session, activity=activity)
        make_signup(session, occasion=occasion)
        first = make_meeting(session, occasion=occasion)
        make_partner(session)
        make_school_break(session, first_on=date(2026, 12, 7), last_on=date(2026, 12, 11))
    page = open_browser(width)
    sign_in(page, served, librarian)

    for address in ("words", "about", "asks", "links", "partners"):
        page.goto(f"/staff/activities/{activity.id}/{address}")
        check_accessible(page)
    page.goto(f"/staff/occasions/{occasion.id}/terms")
    check_accessible(page)
    page.goto(f"/staff/occasions/{occasion.id}/dates/new")
    page.get_by_label("First date").fill("2026-12-08")
    page.get_by_role("button", name="Look at the dates").click()
    expect(page.get_by_text("Easter break")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Add the dates").click()

    page.goto(f"/staff/meetings/{first.id}/move")
    page.get_by_label("New day").fill("2026-12-02")
    page.get_by_label("Which dates").select_option("all")
    page.get_by_role("button", name="See what becomes of it").click()
    expect(page.get_by_text("1 family is told by letter.")).to_be_visible()
    expect(page.get_by_text("Wednesday 9 December at 17:00–19:00")).to_be_visible()
    check_accessible(page)
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("status")).to_contain_text("A letter goes to 1 family.")
    check_accessible(page)
    page.goto("/staff/activities/sheet")
    check_accessible(page)
    page.goto("/staff/")
    check_accessible(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_poster_can_be_looked_at_and_printed_on_one_sheet(
    arranging: Arranging, served: Served, open_browser: OpenBrowser, width: int
) -> None:
    with arranging() as session:
        activity = make_activity(session)
        make_meeting(session, occasion=make_occasion(session, activity=activity))
    page = open_browser(width, language="nb")

    page.goto(f"/activities/{activity.slug}/poster")

    check_accessible(page)
    printed = page.pdf(format="A4")
    assert printed.count(b"/Type /Page\n") == 1
