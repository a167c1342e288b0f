import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.outbox.post import post_to_folder
from booking.postman import deliver_letters
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]


def _letters(served: Served, folder: Path) -> dict[str, str]:
    """Deliver what waits; return the text of each letter by its subject."""
    with served.app.app_context():
        deliver_letters(post_to_folder(folder))
    texts = {}
    for file in folder.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        assert body is not None
        texts[str(mail["Subject"])] = body.get_content()
    return texts


def _link_in(text: str, path: str) -> str:
    found = re.search(rf"https?://\S+{path}\S+", text)
    assert found, text
    return found.group()


def _put_up(page: Page) -> None:
    page.goto("/staff/activities")
    page.get_by_role("link", name="Put up something new").click()
    page.get_by_label("Title", exact=True).fill("Spillkveld")
    page.get_by_label("In one or two sentences", exact=True).fill("Brettspill og noe varmt.")
    page.get_by_label("What you will do together", exact=True).fill("Vi spiller sammen.")
    page.get_by_label("What sort of activity is it?").select_option("pilot")
    page.get_by_label("From grade").select_option("5")
    page.get_by_label("To grade").select_option("7")
    page.get_by_label("Where in the library").fill("Spillrommet")
    page.get_by_label("First date").fill("2026-12-01")
    page.get_by_label("Begins").fill("17:00")
    page.get_by_label("Ends").fill("19:00")
    page.get_by_label("How many weeks").fill("2")
    page.get_by_label("Sign-up", exact=True).select_option("sign_up")
    page.get_by_label("Places", exact=True).fill("12")
    check_accessible(page)
    page.get_by_role("button", name="Look at the dates, then save").click()
    expect(page.get_by_label("Tuesday 8 December at 17:00–19:00")).to_be_checked()
    check_accessible(page)
    page.get_by_role("button", name="Save as a draft").click()
    check_accessible(page)
    page.get_by_role("button", name="Show it to families").click()
    expect(page.get_by_role("status")).to_contain_text("It is shown now.")


def _ask_for_a_place(page: Page) -> None:
    page.goto("/")
    check_accessible(page)
    page.get_by_role("link", name="See everything that is on").first.click()
    page.get_by_role("link", name="Spillkveld").click()
    check_accessible(page)
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("The child’s first name").fill("Ada")
    page.get_by_label("Year of birth").fill("2015")
    page.get_by_label("Your name").fill("Ola Eksempel")
    page.get_by_label("Your e-mail address").fill("ola@example.org")
    page.get_by_label("I am a parent or guardian").check()
    check_accessible(page)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step is left")
    check_accessible(page)


def test_one_child_goes_through_every_room(
    served: Served, open_browser: OpenBrowser, arranging: Arranging, clock: StoppedClock, tmp_path: Path
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        at_the_door = make_account(session, Role.DOOR, library=library)
    desk, phone, door = open_browser(DESK), open_browser(PHONE), open_browser(PHONE)
    sign_in(desk, served, librarian)

    _put_up(desk)
    _ask_for_a_place(phone)

    # A letter arrives; opening its link changes nothing, pressing the button does.
    [text] = _letters(served, tmp_path).values()
    phone.goto(_link_in(text, "/confirm/"))
    check_accessible(phone)
    phone.get_by_role("button", name="Confirm the place").click()
    expect(phone.get_by_text("Give the place back").first).to_be_visible()
    check_accessible(phone)
    assert len(_letters(served, tmp_path)) == 2

    # The dates stand in a calendar.
    calendar = phone.request.get("/calendar/granlia.ics")
    events = icalendar.Calendar.from_ical(calendar.text()).walk("VEVENT")
    starts = [event.decoded("dtstart") for event in events]
    assert [f"{each:%d.%m. %H:%M}" for each in starts] == ["01.12. 17:00", "08.12. 17:00"]

    # Staff tick the child at the door, and count those who just dropped in.
    with arranging() as session:
        first = session.scalars(select(Meeting).order_by(Meeting.starts_at)).first()
        assert first is not None
    clock.set(first.starts_at)
    sign_in(door, served, at_the_door)
    door.goto("/staff/")
    check_accessible(door)
    door.get_by_role("link", name=re.compile("Spillkveld")).first.click()
    check_accessible(door)
    door.get_by_role("button", name=re.compile("Ada")).first.click()
    expect(door.get_by_role("button", name=re.compile("Ada")).first).to_have_attribute("aria-pressed", "true")
    door.get_by_role("button", name="6–12 years – one more").click()
    expect(door.locator("[data-tally=dropped_in]")).to_have_text("1")
    expect(door.locator("#door-state p")).to_have_text("All is sent")
    assert "Ola" not in door.content()

    # The meeting is closed, and a figure without a name comes out.
    clock.set(first.ends_at + timedelta(minutes=5))
    sign_in(desk, served, librarian)  # who signed in a week ago is signed in no longer
    desk.goto(f"/staff/meetings/{first.id}/register")
    check_accessible(desk)
    desk.get_by_role("link", name="Close the register").click()
    check_accessible(desk)
    desk.get_by_label("It was held, and somebody came").check()
    with desk.expect_navigation():
        desk.get_by_role("button", name="Close the register").click()
    desk.goto("/staff/figures")
    check_accessible(desk)
    assert "Ada" not in desk.content()
    attendances = desk.locator("dl, table").filter(has_text="ttendances").first
    expect(attendances).to_contain_text("2")
