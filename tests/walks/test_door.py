"""At the door with a phone: a queue of children, and a net that comes and goes."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.queries import get_published_occasion
from booking.attendance.models import HeadcountMark, Mark
from booking.attendance.rules import Standing
from booking.consent.needs import Needs
from booking.consent.needs_operations import keep_needs
from booking.consent.rules import WordingPurpose
from booking.consent.seal import seal_of
from booking.people.models import Participant
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.consent.saying import say_yes
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.walks.conftest import _FLAGS as FLAGS
from tests.walks.conftest import Served, check_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]

WIDTH = 390
_NAMES = "Ada Bo Cille Dag Eva Finn Guro Hilde Iver Jonas Kaja Lars Mina Nils Oda Per Runa Sara Tiril Ulrik"
NAMES = _NAMES.split()
SURNAME, EMAIL, ALLERGY = "Hemmeligsen", "planted@example.org", "peanotter"


@dataclass(frozen=True)
class Hall:
    """A meeting that starts now, with twenty children who have a place."""

    meeting_id: int
    library_id: int
    door: Account
    librarian: Account

    @property
    def register(self) -> str:
        return f"/staff/meetings/{self.meeting_id}/register"


@pytest.fixture
def hall(app: Flask, arranging: Arranging, clock: StoppedClock) -> Hall:
    seal = seal_of(app.extensions["booking.settings"])
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library), capacity=30)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON)
        for number, name in enumerate(NAMES):
            family = make_family(session, email=f"{number}-{EMAIL}", contact_name=f"Kari {SURNAME}")
            child = make_participant(session, family=family, first_name=name, last_name=SURNAME)
            make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
        session.expire(occasion)
        whole = get_published_occasion(session, occasion.id)
        first = session.scalars(select(Participant).order_by(Participant.id)).first()
        assert first is not None
        say_yes(session, clock, first, whole, WordingPurpose.NEEDS)
        noted = {first.id: Needs(line=f"Ikke {ALLERGY}")}
        keep_needs(session, clock, occasion_id=occasion.id, needs=noted, seal=seal)
        return Hall(
            meeting_id=meeting.id,
            library_id=library.id,
            door=make_account(session, Role.DOOR, library=library),
            librarian=make_account(session, Role.LIBRARIAN, library=library),
        )


def kept(arranging: Arranging) -> tuple[dict[int, list[Standing]], int]:
    """What arrived: the ticks of each child in their order, and the sum of the counts."""
    with arranging() as session:
        ticks: dict[int, list[Standing]] = {}
        for mark in session.scalars(select(Mark).order_by(Mark.happened_at, Mark.event_id)):
            ticks.setdefault(mark.participant_id, []).append(mark.standing)
        return ticks, sum(session.scalars(select(HeadcountMark.delta)))


def row(page: Page, name: str) -> Locator:
    called = page.locator(".register-name", has_text=re.compile(rf"^{name} "))
    return page.locator(".register-row").filter(has=called).locator(".register-tap button")


@dataclass(frozen=True)
class Running:
    """A Chromium with a profile on the disk, and the page that it shows."""

    process: subprocess.Popen[bytes]
    page: Page

    def kill(self) -> None:
        """End it as a battery does: at once, and without a word to any page."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


StartChromium = Callable[[], Running]


@pytest.fixture
def start_chromium(chromium: Chromium, tmp_path: Path) -> Iterator[StartChromium]:
    """Start a Chromium of one's own, each time on the same profile."""
    started: list[Running] = []
    port = tmp_path / "DevToolsActivePort"

    def start() -> Running:
        port.unlink(missing_ok=True)
        (tmp_path / "SingletonLock").unlink(missing_ok=True)
        path = shutil.which("chromium") or shutil.which("chromium-browser") or ""
        own = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={tmp_path}", "--lang=en-GB"]
        process = subprocess.Popen(
            [path, *FLAGS, *own, f"--window-size={WIDTH},844", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: port.exists() and "\n" in port.read_text(encoding="ascii"))
        number = port.read_text(encoding="ascii").splitlines()[0]
        browser = chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{number}")
        context = browser.contexts[0]
        context.set_extra_http_headers({"Accept-Language": "en-GB"})
        context.set_default_timeout(15_000)
        started.append(Running(process, context.pages[0]))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.kill()


def wait_for(promised: Callable[[], bool]) -> None:
    """Wait until a promise comes true."""
    for _time in range(200):
        if promised():
            return
        time.sleep(0.05)
    pytest.fail("never came true")


def wait_until(page: Page, promised: str) -> None:
    """Wait until what the page promises comes true."""
    for _time in range(100):
        if page.evaluate(promised):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {promised}")


def all_is_sent(page: Page) -> None:
    expect(page.locator("#door-state p")).to_have_text("All is sent")


def test_a_queue_is_ticked_off_and_the_net_goes_in_the_middle(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(WIDTH)
    sign_in(page, served, hall.door)
    page.goto(hall.register)
    all_is_sent(page)
    wait_until(
        page, "navigator.serviceWorker.ready.then(() => caches.match('/staff/meetings/shell')).then(Boolean)"
    )

    for name in NAMES[:10]:
        row(page, name).click()
    all_is_sent(page)
    page.context.set_offline(True)
    for name in NAMES[10:]:
        row(page, name).click()
    page.get_by_role("button", name="6–12 years – one more").click()
    expect(page.locator("#door-state p")).to_contain_text("11 taps are not sent yet")
    page.reload()
    expect(page.locator("#door-state p")).to_contain_text("11 taps are not sent yet")
    expect(page.locator("[data-tally=present]")).to_have_text("21")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    all_is_sent(page)

    ticks, counted = kept(arranging)
    assert (list(ticks.values()), counted) == ([[Standing.CAME]] * 20, 1)


def online_again(page: Page) -> None:
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")


def opened(page: Page, hall: Hall, served: Served, account: Account) -> None:
    """Open the register, and wait until the phone has all that it needs where there is no net."""
    sign_in(page, served, account)
    page.goto(f"{served.url}{hall.register}")
    all_is_sent(page)
    wait_until(
        page, "navigator.serviceWorker.ready.then(() => caches.match('/staff/meetings/shell')).then(Boolean)"
    )


STORED = """async () => {
  const told = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const kept of await cache.keys()) told.push(kept.url, await (await cache.match(kept)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const opening = indexedDB.open(name);
    await new Promise((done) => { opening.onsuccess = done; });
    const base = opening.result;
    for (const store of base.objectStoreNames) {
      const asked = base.transaction(store).objectStore(store).getAll();
      await new Promise((done) => { asked.onsuccess = done; });
      told.push(JSON.stringify(asked.result));
    }
    base.close();
  }
  return told.join("\\n");
}"""


def test_nothing_but_the_days_list_is_on_the_phone_and_it_goes_when_one_signs_out(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(WIDTH)
    opened(page, hall, served, hall.door)
    row(page, "Ada").click()
    all_is_sent(page)
    check_accessible(page)
    stored = page.evaluate(STORED)
    page.locator(".register-more summary").first.click()
    check_accessible(page)
    page.get_by_role("link", name="Needs and phone number").first.click()
    expect(page.get_by_text(ALLERGY)).to_be_visible()
    expect(page.get_by_text(SURNAME)).to_be_visible()
    check_accessible(page)
    after = page.evaluate(STORED)
    page.goto(hall.register)
    row(page, "Bo").click()
    all_is_sent(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    left = page.evaluate(STORED)

    assert "Ada H." in stored
    assert [planted for planted in (SURNAME, EMAIL, ALLERGY) if planted in stored + after] == []
    assert "Ada" not in left


def test_a_sign_in_that_ended_without_a_net_loses_the_list_and_no_tap(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser, clock: StoppedClock
) -> None:
    page = open_browser(WIDTH)
    opened(page, hall, served, hall.librarian)
    page.context.set_offline(True)
    row(page, "Ada").click()
    row(page, "Bo").click()
    expect(page.locator("#door-state p")).to_contain_text("2 taps are not sent yet")
    clock.forward(minutes=45)

    online_again(page)
    expect(page.locator("#door-state p")).to_contain_text("You are signed out")
    expect(page.locator("#door-state p")).to_contain_text("2 taps are not sent yet")
    names_left = page.locator(".register-name").count()
    stored = page.evaluate(STORED)
    page.context.clear_cookies()
    sign_in(page, served, hall.door)
    page.goto("/staff/")
    wait_until(page, "doorStore.events().then((events) => events.every((event) => event.became))")
    ticks, _counted = kept(arranging)
    assert (names_left, "Ada" in stored) == (0, False)
    assert list(ticks.values()) == [[Standing.CAME]] * 2


def test_who_signs_out_with_taps_unsent_is_told_and_they_stay_without_a_name(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(WIDTH)
    opened(page, hall, served, hall.door)
    page.route("**/events", lambda route: route.abort())
    row(page, "Ada").click()
    expect(page.locator("#door-state p")).to_contain_text("One tap is not sent yet")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("One tap at the door is not sent yet.")).to_be_visible()
    stored = page.evaluate(STORED)
    page.unroute("**/events")
    sign_in(page, served, hall.door)
    page.goto(hall.register)
    all_is_sent(page)

    assert "Ada" not in stored
    assert list(kept(arranging)[0].values()) == [[Standing.CAME]]


def test_two_phones_without_a_net_show_one_register_afterwards(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    phones = [open_browser(WIDTH), open_browser(WIDTH)]
    for phone in phones:
        opened(phone, hall, served, hall.door)
        phone.context.set_offline(True)
    # The clock of the service stands still, so the phone that was opened first is ahead of the other.
    row(phones[1], "Ada").click()
    row(phones[0], "Ada").click()
    row(phones[0], "Ada").click()
    for phone in phones:
        row(phone, "Bo").click()
        phone.get_by_role("button", name="adults – one more").click()

    for phone in reversed(phones):
        online_again(phone)
        all_is_sent(phone)
    online_again(phones[1])

    for phone in phones:
        expect(phone.locator("[data-tally=present]")).to_have_text("1")
        expect(phone.locator("[data-tally=adults]")).to_have_text("2")
        expect(phone.locator(".register-disagree:visible")).to_have_count(1)


def test_a_browser_that_was_killed_has_forgotten_nothing_and_tells_nothing_twice(
    hall: Hall, arranging: Arranging, served: Served, start_chromium: StartChromium
) -> None:
    first = start_chromium()
    opened(first.page, hall, served, hall.door)
    row(first.page, NAMES[0]).click()
    all_is_sent(first.page)
    first.page.context.set_offline(True)
    for name in NAMES[1:5]:
        row(first.page, name).click()
    row(first.page, NAMES[1]).click()
    first.page.get_by_role("button", name="6–12 years – one more").click()
    expect(first.page.locator("#door-state p")).to_contain_text("6 taps are not sent yet")
    first.kill()

    second = start_chromium()
    second.page.context.set_offline(True)
    second.page.goto(f"{served.url}{hall.register}")
    expect(second.page.locator("#door-state p")).to_contain_text("6 taps are not sent yet")
    expect(second.page.locator("[data-tally=present]")).to_have_text("5")
    # The net is back for a moment, and what it answers never arrives: then the battery dies once more.
    sign_in(second.page, served, hall.door)
    second.page.evaluate(
        "((real) => { window.fetch = (way, ...how) => real(way, ...how).then((answer) =>"
        " String(way).endsWith('/events') ? new Promise(() => {}) : answer); })(window.fetch)"
    )
    second.page.context.set_offline(False)
    second.page.evaluate("dispatchEvent(new Event('online'))")
    wait_for(lambda: kept(arranging)[1] == 1)
    second.kill()

    third = start_chromium()
    sign_in(third.page, served, hall.door)
    third.page.goto(f"{served.url}{hall.register}")
    all_is_sent(third.page)
    expect(third.page.locator("[data-tally=present]")).to_have_text("5")
    left = third.page.evaluate("doorStore.events().then((events) => events.length)")
    third.kill()

    ticks, counted = kept(arranging)
    came, taken_back = [Standing.CAME], [Standing.CAME, Standing.NOT_KNOWN]
    assert (list(ticks.values()), counted, left) == ([came, taken_back, came, came, came], 1, 0)


def test_what_the_phone_could_not_keep_is_not_said_to_wait_there(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(WIDTH)
    opened(page, hall, served, hall.door)
    page.context.set_offline(True)
    wait_until(page, "navigator.onLine === false")
    page.evaluate("() => { doorStore.keepEvents = () => new Promise((_yes, no) => { window.fail = no; }); }")

    row(page, "Ada").click()
    expect(row(page, "Ada")).to_have_attribute("aria-pressed", "true")
    before = page.locator("#door-state p").inner_text()
    page.evaluate("() => { window.fail(new DOMException('full', 'QuotaExceededError')); }")

    expect(page.locator("#door-state p")).to_contain_text("This phone could not keep that tap")
    expect(row(page, "Ada")).to_have_attribute("aria-pressed", "false")
    assert "not sent yet" not in before


def test_a_last_name_is_searched_for_over_the_net_and_is_never_on_the_phone(
    hall: Hall, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(320)
    page.emulate_media(color_scheme="dark")
    opened(page, hall, served, hall.door)

    page.get_by_label("Find a child").fill(f"cille {SURNAME[:6]}")
    expect(page.locator("#door-found")).to_have_text("One found")
    expect(page.locator(".register-row:visible")).to_have_count(1)
    expect(page.locator(".register-row:visible")).to_contain_text("Cille H.")
    check_accessible(page)
    stored = page.evaluate(STORED)
    page.context.set_offline(True)
    page.get_by_label("Find a child").fill(f"kaja {SURNAME[:6]}")
    expect(page.locator("#door-found")).to_contain_text("To look for last names takes a net.")
    page.get_by_label("Find a child").fill("kaja")
    expect(page.locator("#door-found")).to_have_text("One found")

    assert SURNAME[:6].casefold() not in stored.casefold()


def test_with_a_keyboard_a_tick_keeps_its_place_and_at_midnight_the_list_is_gone(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser, clock: StoppedClock
) -> None:
    page = open_browser(WIDTH)
    page.emulate_media(color_scheme="dark")
    opened(page, hall, served, hall.door)
    check_accessible(page)
    row(page, "Cille").focus()

    page.keyboard.press("Enter")
    all_is_sent(page)
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main summary, main .button')]"
        ".filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())"
        ".filter((box) => box.width < 44 || box.height < 44).length"
    )
    pressed = page.evaluate("document.activeElement.getAttribute('aria-pressed')")
    page.get_by_label("Find a child").fill("cille")
    shown = page.locator(".register-row:visible").count()
    page.evaluate("doorStore.sweep(Date.now() + 400 * 24 * 3600 * 1000)")
    stored = page.evaluate(STORED)

    assert (small, pressed, shown) == (0, "true", 1)
    assert "Cille" not in stored
