"""At the door with a phone: a queue of children, and a net that comes and goes."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.attendance.models import HeadcountMark, Mark
from booking.attendance.rules import Standing
from booking.staff.models import Account
from booking.staff.rules import Role
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
from tests.walks.conftest import Served, sign_in

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
def hall(arranging: Arranging) -> Hall:
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library), capacity=30)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON)
        for number, name in enumerate(NAMES):
            family = make_family(session, email=f"{number}-{EMAIL}", contact_name=f"Kari {SURNAME}")
            child = make_participant(session, family=family, first_name=name, last_name=SURNAME)
            make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
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


def all_is_sent(page: Page) -> None:
    expect(page.locator("#door-state p")).to_have_text("All is sent")


def test_a_queue_is_ticked_off_and_the_net_goes_in_the_middle(
    hall: Hall, arranging: Arranging, served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(WIDTH)
    sign_in(page, served, hall.door)
    page.goto(hall.register)
    all_is_sent(page)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => caches.match('/staff/meetings/shell'))")

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
