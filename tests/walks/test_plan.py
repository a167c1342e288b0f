"""The coordinator keeps the plan: by keyboard alone, and without scripts."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.plan.models import PlanItem
from booking.staff.rules import Role
from tests.factories import make_account
from tests.walks.conftest import PHONE, Served, check_accessible, sign_in

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_an_item_is_added_mended_and_called_off_by_keyboard_and_without_scripts(
    arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    with arranging() as session:
        coordinator = make_account(session, Role.COORDINATOR)
    page = open_browser(PHONE, scripts=False)
    sign_in(page, served, coordinator)

    page.goto("/staff/plan")
    page.get_by_role("link", name="Add to the plan").press("Enter")
    page.get_by_label("Title", exact=True).press_sequentially("Sluttrapport")
    page.get_by_label("What it is").press("M")
    page.get_by_label("First day").fill("2026-12-01")
    page.get_by_label("Last day").fill("2026-11-20")
    page.get_by_role("button", name="Add to the plan").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("The last day is before the first.")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Sluttrapport")
    page.get_by_label("Last day").fill("2026-12-20")
    page.get_by_role("button", name="Add to the plan").press("Enter")

    expect(page.get_by_role("status")).to_contain_text("It stands in the plan.")
    expect(page.get_by_text("Window: 01/11/2026–20/01/2027")).to_be_visible()
    page.get_by_role("link", name="1. Sluttrapport").press("Enter")
    page.get_by_role("button", name="Call this item off").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Called off")
    with arranging() as session:
        assert session.scalars(select(PlanItem.shown_sequence)).all() == [1]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_form_that_was_refused_and_one_with_two_versions_can_be_used_by_all(
    arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    with arranging() as session:
        coordinator = make_account(session, Role.COORDINATOR)
    first, second = open_browser(PHONE), open_browser(PHONE, language="nn")
    for page in (first, second):
        sign_in(page, served, coordinator)
    first.goto("/staff/plan/new")
    first.get_by_role("button", name="Add to the plan").click()
    expect(first.get_by_role("alert")).to_be_visible()
    check_accessible(first)
    first.get_by_label("Title", exact=True).fill("Sluttrapport")
    first.get_by_label("What it is").select_option("milestone")
    for label in ("First day", "Last day"):
        first.get_by_label(label).fill("2026-12-01")
    first.get_by_role("button", name="Add to the plan").click()

    for page in (first, second):
        page.goto("/staff/plan/1")
    first.get_by_label("Last day").fill("2026-12-20")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_role("status")).to_contain_text("Saved.")
    second.get_by_label("Siste dag").fill("2026-12-15")
    second.get_by_role("button", name="Lagre").click()

    expect(second.get_by_role("table")).to_contain_text("20.12.2026")
    check_accessible(second)
    second.get_by_role("button", name="Lagre").click()
    expect(second.get_by_role("main")).to_contain_text("01.12.2026–15.12.2026")
