"""Looking behind a child's name at the door: who may, when, and that each look is on record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.activities.models import Occasion
from booking.activities.queries import get_published_occasion
from booking.audit.looks import MANY_LOOKS
from booking.audit.models import AuditEntry
from booking.consent.needs import Needs
from booking.consent.needs_operations import keep_needs
from booking.consent.rules import WordingPurpose
from booking.consent.seal import seal_of
from booking.people.models import Participant
from booking.staff.models import Account
from booking.staff.operations import disable, set_memberships
from booking.staff.rules import Role
from tests.browser import Browser
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

Arranging = Callable[[], AbstractContextManager[Session]]
ALLERGY, NUMBER = "peanøtter", "+4722222222"


class Door:
    """A meeting that starts in three hours, a child with a need, a shielded one, and who may ask."""

    def __init__(self, session: Session, app: Flask, clock: StoppedClock) -> None:
        self.library = library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        self.meeting_id = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(hours=3)).id
        self.occasion_id = occasion.id
        self.signups: list[int] = []
        self.ada = self._child(session, "Ada", contact_name="Kari Nordmannsen")
        self.bo = self._child(session, "Bo", contact_name="Ola Skjult", is_shielded=True)
        self.librarian = make_account(session, Role.LIBRARIAN, library=library)
        self.door = make_account(session, Role.DOOR, library=library)
        self.coordinator = make_account(session, Role.COORDINATOR)
        self.others = [make_account(session, role, library=make_library(session)) for role in _AT_A_LIBRARY]
        session.expire(occasion)
        whole = get_published_occasion(session, occasion.id)
        say_yes(session, clock, self.ada, whole, WordingPurpose.NEEDS)
        seal = seal_of(app.extensions["booking.settings"])
        noted = {self.ada.id: Needs(line=f"Ikke {ALLERGY}")}
        keep_needs(session, clock, occasion_id=occasion.id, needs=noted, seal=seal)

    def _child(
        self, session: Session, name: str, *, contact_name: str = "Kari", is_shielded: bool = False
    ) -> Participant:
        family = make_family(session, contact_name=contact_name, phone=NUMBER)
        last = contact_name.rsplit(maxsplit=1)[-1]
        child = make_participant(
            session, family=family, first_name=name, last_name=last, is_shielded=is_shielded
        )
        occasion, asked_at = session.get_one(Occasion, self.occasion_id), NOON - timedelta(days=1)
        self.signups.append(
            make_signup(session, occasion=occasion, participant=child, changed_at=asked_at).id
        )
        return child

    def more(self, session: Session, count: int) -> list[Participant]:
        return [self._child(session, f"Barn {number}") for number in range(count)]

    def behind(self, child: Participant) -> str:
        return f"/staff/meetings/{self.meeting_id}/people/{child.id}"


_AT_A_LIBRARY = (Role.DOOR, Role.LIBRARIAN)


@pytest.fixture
def door(arranging: Arranging, app: Flask, clock: StoppedClock) -> Door:
    with arranging() as session:
        return Door(session, app, clock)


def looks(arranging: Arranging) -> list[tuple[str, int | None, int | None]]:
    """Each look at one child that is on record: what at, whom, and by whom."""
    with arranging() as session:
        return [
            (entry.action, entry.subject_id, entry.account_id)
            for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
            if entry.subject == "participant"
        ]


def flags(arranging: Arranging) -> list[tuple[int | None, dict[str, object]]]:
    with arranging() as session:
        flagged = select(AuditEntry).where(AuditEntry.action == "many_details_seen").order_by(AuditEntry.id)
        return [(entry.account_id, entry.facts) for entry in session.scalars(flagged)]


def is_hidden(browser: Browser, door: Door, arranging: Arranging) -> bool:
    """Tell whether the child is not there for this visitor, says nothing, and no look came about."""
    page = browser.get(door.behind(door.ada))
    said = any(planted in page.text for planted in ("Ada", "Nordmannsen", ALLERGY, NUMBER))
    return page.status_code == 404 and not said and looks(arranging) == []


def test_each_look_behind_a_name_is_on_record_and_so_is_each_look_at_a_need(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.door)

    pages = [browser.get(door.behind(door.ada)) for _time in range(2)]
    browser.get(door.behind(door.bo))

    by = door.door.id
    assert all(ALLERGY in page.text and NUMBER in page.text for page in pages)
    twice = [("contact_seen", door.ada.id, by), ("needs_seen", door.ada.id, by)] * 2
    assert looks(arranging) == [*twice, ("contact_seen", door.bo.id, by)]


@pytest.mark.parametrize("which", range(len(_AT_A_LIBRARY)))
def test_for_another_librarys_staff_the_child_is_not_there(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock, which: int
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.others[which])

    assert is_hidden(browser, door, arranging)


def test_for_the_coordinator_the_child_is_not_there(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.coordinator)

    assert is_hidden(browser, door, arranging)


@pytest.mark.parametrize("minutes", [59, 12 * 60])
def test_whoever_only_stands_at_the_door_sees_nobody_outside_of_its_hours(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock, minutes: int
) -> None:
    clock.forward(minutes=minutes)
    browser.sign_in_as(door.door)

    assert is_hidden(browser, door, arranging)


def test_a_role_that_has_ended_sees_nobody_from_the_next_page_on(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.door)
    with arranging() as session:
        set_memberships(session, account=_there(session, door.door), posts=[(Role.COORDINATOR, None)])

    assert is_hidden(browser, door, arranging)


def test_an_account_that_was_closed_is_led_to_the_sign_in_and_sees_nobody(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.librarian)
    with arranging() as session:
        disable(session, account=_there(session, door.librarian))

    page = browser.get(door.behind(door.ada))

    assert (page.status_code, looks(arranging)) == (303, [])
    assert "Ada" not in page.text


def test_of_a_shielded_child_nothing_but_first_names_and_the_number_to_call_is_shown(
    browser: Browser, door: Door, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    browser.sign_in_as(door.librarian)

    page = browser.get(door.behind(door.bo))

    assert "<h1>Bo</h1>" in page.text
    assert "Ola" in page.text
    assert NUMBER in page.text
    assert "Skjult" not in page.text


def test_looks_at_the_desk_and_at_the_door_are_counted_together_each_child_once(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    with arranging() as session:
        children = door.more(session, MANY_LOOKS - 1)
    browser.sign_in_as(door.librarian)
    half = len(children) // 2

    for child in children[:half]:
        browser.get(door.behind(child))
    for signup_id in door.signups[2:]:
        browser.get(f"/staff/occasions/{door.occasion_id}/sign-ups/{signup_id}")
    before = flags(arranging)
    browser.get(door.behind(door.ada))
    for child in children[:3]:
        browser.get(door.behind(child))

    assert before == []
    assert flags(arranging) == [(door.librarian.id, {"in_an_hour": MANY_LOOKS})]


def test_many_looks_of_two_people_or_of_two_hours_are_not_added_up(
    browser: Browser, door: Door, arranging: Arranging, clock: StoppedClock
) -> None:
    clock.forward(hours=2)
    with arranging() as session:
        children = door.more(session, MANY_LOOKS)
    half = len(children) // 2

    browser.sign_in_as(door.librarian)
    for child in children[:half]:
        browser.get(door.behind(child))
    browser.sign_in_as(door.door)
    for child in children[half:]:
        browser.get(door.behind(child))
    clock.forward(minutes=61)
    browser.sign_in_as(door.librarian)
    for child in children[half:]:
        browser.get(door.behind(child))

    assert flags(arranging) == []


def _there(session: Session, account: Account) -> Account:
    found = session.get(Account, account.id, options=[selectinload(Account.memberships)])
    assert found is not None
    return found
