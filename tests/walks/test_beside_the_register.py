"""At the door with a phone: somebody who just came, a guardian who scans, and a tablet for youths."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import Mode
from booking.attendance.models import HeadcountMark
from booking.attendance.walk_in_models import WalkIn
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.walks.conftest import Served, check_accessible, sign_in
from tests.walks.test_door import STORED, all_is_sent, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

OpenBrowser = Callable[..., Page]
WIDTH = 390


@pytest.fixture
def evening(arranging: Callable[[], AbstractContextManager[Session]]) -> tuple[int, Account]:
    """A meeting that starts now, with two youths who are expected, and a librarian."""
    with arranging() as session:
        library = make_library(session)
        activity = make_activity(session, library=library)
        mode = Mode.SIGN_UP_AND_WALK_IN
        occasion = make_occasion(session, activity=activity, mode=mode, walk_in_places=2)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON)
        for name in ("Falk", "Øydis"):
            youth = make_participant(session, first_name=name, last_name="Eksempel", birth_year=2011)
            make_signup(session, occasion=occasion, participant=youth, changed_at=NOON - timedelta(days=1))
        return meeting.id, make_account(session, Role.LIBRARIAN, library=library)


def _opened(page: Page, address: str) -> Page:
    page.goto(address)
    return page


def test_somebody_who_just_came_is_written_down_ticked_and_allowed_by_a_guardian(
    open_browser: OpenBrowser, served: Served, evening: tuple[int, Account]
) -> None:
    meeting_id, librarian = evening
    phone = open_browser(WIDTH)
    sign_in(phone, served, librarian)
    phone.goto(f"/staff/meetings/{meeting_id}/register")
    phone.get_by_role("link", name="Somebody just came").click()
    check_accessible(phone)
    phone.get_by_label("First name").fill("Bo")
    phone.get_by_label("Year of birth or school grade").fill("5")
    phone.get_by_label("A guardian answers on a phone: show a picture to scan").check()
    phone.get_by_role("button", name="Write down and tick as here").click()
    expect(phone.get_by_role("heading", name="Bo", exact=True)).to_be_visible()
    check_accessible(phone)
    address = phone.locator("p.small a").get_attribute("href")
    assert address is not None

    check_accessible(_opened(open_browser(WIDTH), address))
    guardian = open_browser(WIDTH, scripts=False)
    guardian.goto(address)
    guardian.get_by_label("Your name").fill("Ola Eksempel")
    guardian.locator("input[name=permission]").check()
    guardian.get_by_role("button", name="Yes, Bo may take part").click()
    expect(guardian.get_by_role("heading", name="You have said yes")).to_be_visible()

    phone.goto(f"/staff/meetings/{meeting_id}/register")
    row = phone.locator("[data-group=walk_in] [data-person]")
    expect(row).to_contain_text("Bo")
    expect(row.get_by_role("button", pressed=True)).to_have_count(1)
    expect(row).not_to_contain_text("No permission yet")


def test_without_a_net_nothing_typed_is_lost_nothing_is_kept_and_the_count_takes_its_place(
    open_browser: OpenBrowser,
    served: Served,
    evening: tuple[int, Account],
    arranging: Callable[[], AbstractContextManager[Session]],
) -> None:
    meeting_id, librarian = evening
    phone = open_browser(WIDTH)
    sign_in(phone, served, librarian)
    phone.goto(f"/staff/meetings/{meeting_id}/register")
    all_is_sent(phone)
    kept = "navigator.serviceWorker.ready.then(() => caches.match('/staff/meetings/shell')).then(Boolean)"
    wait_until(phone, kept)
    phone.get_by_role("link", name="Somebody just came").click()
    phone.get_by_label("First name").fill("Hemmeligbarn")
    phone.get_by_label("Year of birth or school grade").fill("5")
    phone.get_by_label("A guardian gets an e-mail and answers there").check()
    phone.get_by_label("E-mail address of the guardian").fill("planted@example.org")
    phone.context.set_offline(True)

    phone.get_by_role("button", name="Write down and tick as here").click()
    expect(phone.get_by_text("There is no net, so nothing was sent")).to_be_visible()
    expect(phone.get_by_label("First name")).to_have_value("Hemmeligbarn")
    expect(phone.get_by_label("E-mail address of the guardian")).to_have_value("planted@example.org")
    check_accessible(phone)
    stored = phone.evaluate(STORED)
    phone.get_by_role("link", name="count the child without a name").click()
    expect(phone.locator("#door-state p")).to_contain_text("Count the child without a name at the bottom")
    expect(phone.locator("#counters")).to_be_focused()
    phone.get_by_role("button", name="6–12 years – one more").click()
    expect(phone.locator("#door-state p")).to_contain_text("One tap is not sent yet")
    phone.get_by_role("link", name="Somebody just came").click()
    expect(phone.locator("#door-state p")).to_contain_text("Count the child without a name at the bottom")
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    all_is_sent(phone)

    assert [planted for planted in ("Hemmeligbarn", "planted@example.org") if planted in stored] == []
    with arranging() as session:
        assert session.scalars(select(HeadcountMark.delta)).all() == [1]
        assert session.scalar(select(func.count()).select_from(WalkIn)) == 0


def test_youths_tick_themselves_off_by_keyboard_and_without_a_script(
    open_browser: OpenBrowser, served: Served, evening: tuple[int, Account]
) -> None:
    meeting_id, librarian = evening
    desk = open_browser()
    sign_in(desk, served, librarian)
    desk.goto(f"/staff/meetings/{meeting_id}/tablet")
    desk.get_by_role("button", name="Switch it on").click()
    check_accessible(desk)
    address = desk.locator("p.break-anywhere").inner_text()

    check_accessible(_opened(open_browser(768), address))
    tablet = open_browser(768, scripts=False)
    tablet.goto(address)
    button = tablet.get_by_role("button", name="Falk")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.focus()
    tablet.keyboard.press("Enter")

    expect(tablet.get_by_text("You are ticked off. Welcome in!")).to_be_visible()
    expect(tablet.get_by_role("button", name="Falk")).to_have_count(0)
    expect(tablet.get_by_role("button", name="Øydis")).to_have_count(1)
    expect(tablet.locator("a[href*=staff]")).to_have_count(0)


def test_the_sheets_fit_on_paper(
    open_browser: OpenBrowser, served: Served, evening: tuple[int, Account]
) -> None:
    meeting_id, librarian = evening
    desk = open_browser()
    sign_in(desk, served, librarian)
    for page in ("paper", "in-the-house"):
        desk.goto(f"/staff/meetings/{meeting_id}/{page}")
        check_accessible(desk)
        printed = desk.pdf(format="A4")
        assert printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n") <= 1


def test_a_list_of_sixty_goes_over_pages_that_each_say_what_they_are_of(
    open_browser: OpenBrowser,
    served: Served,
    evening: tuple[int, Account],
    arranging: Callable[[], AbstractContextManager[Session]],
) -> None:
    meeting_id, librarian = evening
    with arranging() as session:
        occasion = session.get_one(Occasion, session.get_one(Meeting, meeting_id).occasion_id)
        for number in range(58):
            child = make_participant(session, first_name=f"Barn{number}", last_name="Eksempel")
            make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
    desk = open_browser()
    sign_in(desk, served, librarian)
    desk.goto(f"/staff/meetings/{meeting_id}/paper")

    printed = desk.pdf(format="A4")
    desk.emulate_media(media="print")
    head = "getComputedStyle(document.querySelector('thead')).display"
    row = "getComputedStyle(document.querySelector('tbody tr')).breakInside"
    again = desk.locator(".sheet-again").first

    pages = printed.count(b"/Type /Page\n") + printed.count(b"/Type/Page\n")
    assert 2 <= pages <= 4
    assert (desk.evaluate(head), desk.evaluate(row)) == ("table-header-group", "avoid")
    expect(again).to_be_visible()
    expect(again).to_contain_text("Spillkveld")
    desk.emulate_media(media="screen")
    expect(again).to_be_hidden()
