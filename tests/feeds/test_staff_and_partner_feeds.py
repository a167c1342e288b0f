"""The calendars of those who work at the libraries, and of the organisations that have a part."""

from dataclasses import dataclass
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText, Occasion, Partnership
from booking.activities.rules import Kind, Status, Visibility
from booking.audit.models import Actor
from booking.partners.models import Partner
from booking.partners.rules import PartnerRole
from booking.people.models import Participant
from booking.privacy.operations import erase_family
from booking.staff.models import Account
from booking.staff.queries import get_account
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_partner,
    make_signup,
    make_text,
)
from tests.family.entering import Arranging

INTERNAL = {"kind": Kind.INTERNAL_MEETING, "visibility": Visibility.INTERNAL}


@dataclass(frozen=True)
class House:
    """Two libraries with an activity each, an internal meeting of the other's, and who works here."""

    people: dict[Role, int]
    partner_id: int
    occasion_id: int


def activity(session: Session, library: Any, title: str, **changes: Any) -> int:
    made = make_activity(session, library=library, **changes)
    made.texts[0].title = title
    make_text(session, made, title=title, summary=f"About {title}")
    occasion = make_occasion(session, activity=made)
    make_meeting(session, occasion=occasion)
    return occasion.id


@pytest.fixture
def house(arranging: Arranging) -> House:
    with arranging() as session:
        here, there = make_library(session), make_library(session, name="Fjellvik bibliotek")
        own = activity(session, here, "Ours")
        activity(session, there, "Theirs")
        activity(session, there, "Steering group", **INTERNAL)
        activity(session, there, "Their training", kind=Kind.STAFF_TRAINING, visibility=Visibility.INTERNAL)
        activity(session, here, "Draft", status=Status.DRAFT)
        child = make_participant(session, first_name="Kasper", last_name="Canarysen")
        make_signup(session, occasion=_of(session, own), participant=child)
        people = {
            role: make_account(session, role, library=here, password_hash=PASSWORD_HASH).id for role in Role
        }
        return House(people, make_partner(session, name="Granlia IL").id, own)


def _of(session: Session, number: int) -> Occasion:
    return session.get_one(Occasion, number)


def made(answer: Any) -> str:
    (field,) = [each for each in read_page(answer.text).controls if each.get("id") == "copy-own"]
    return field["value"].removeprefix("http://127.0.0.1:8000")


def own_address(browser: Browser, arranging: Arranging, house: House, role: Role) -> str:
    with arranging() as session:
        account = get_account(session, house.people[role])
        account.totp_secret = "sealed"
    browser.sign_in_as(account)
    return made(browser.post("/staff/account/calendar/address"))


def events(browser: Browser, address: str) -> dict[str, Any]:
    answer = browser.get(address)
    assert answer.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.DOOR, {"Ours – Granlia bibliotek"}),
        (Role.LIBRARIAN, {"Ours – Granlia bibliotek", "Steering group – Fjellvik bibliotek"}),
        (Role.COORDINATOR, {"Steering group – Fjellvik bibliotek"}),
        (Role.PRIVACY_OFFICER, set()),
        (Role.ADMIN, set()),
    ],
)
def test_staff_see_their_own_library_and_who_plans_the_project_s_meetings(
    browser: Browser, arranging: Arranging, house: House, role: Role, titles: set[str]
) -> None:
    address = own_address(browser, arranging, house, role)
    browser.sign_out()

    assert set(events(browser, address)) == titles


def test_staff_see_how_many_and_nobody_s_name(browser: Browser, arranging: Arranging, house: House) -> None:
    address = own_address(browser, arranging, house, Role.LIBRARIAN)
    before = events(browser, address)["Ours – Granlia bibliotek"]

    text = browser.get(address).text

    assert "1 of 12 places taken." in str(before["DESCRIPTION"])
    assert "/register" in str(before["URL"])
    assert not [word for word in ("Kasper", "Canarysen", "@example.org") if word in text]


def test_another_number_is_a_change_that_the_calendar_sees(
    browser: Browser, arranging: Arranging, house: House, clock: StoppedClock
) -> None:
    address = own_address(browser, arranging, house, Role.LIBRARIAN)
    before = events(browser, address)["Ours – Granlia bibliotek"]
    clock.forward(minutes=10)
    with arranging() as session:
        make_signup(session, occasion=_of(session, house.occasion_id), changed_at=clock())

    after = events(browser, address)["Ours – Granlia bibliotek"]

    assert "2 of 12" in str(after["DESCRIPTION"])
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"])


def test_a_number_that_is_less_because_somebody_was_erased_is_a_change_too(
    browser: Browser, arranging: Arranging, house: House, clock: StoppedClock
) -> None:
    address = own_address(browser, arranging, house, Role.LIBRARIAN)
    with arranging() as session:
        newcomer = make_signup(session, occasion=_of(session, house.occasion_id), changed_at=clock())
        family_id = session.get_one(Participant, newcomer.participant_id).family_id
    before = events(browser, address)["Ours – Granlia bibliotek"]
    clock.forward(minutes=10)

    with arranging() as session:
        erase_family(session, clock, family_id=family_id, actor=Actor.SYSTEM)

    after = events(browser, address)["Ours – Granlia bibliotek"]
    assert ("2 of 12" in str(before["DESCRIPTION"]), "1 of 12" in str(after["DESCRIPTION"])) == (True, True)
    assert after.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")


def test_it_ends_with_the_role_and_with_the_account_at_the_next_request(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    address = own_address(browser, arranging, house, Role.LIBRARIAN)
    etag = browser.get(address).headers["ETag"]
    with arranging() as session:
        get_account(session, house.people[Role.LIBRARIAN]).memberships[0].role = Role.DOOR
    fewer = set(events(browser, address))
    with arranging() as session:
        session.get_one(Account, house.people[Role.LIBRARIAN]).active = False

    assert fewer == {"Ours – Granlia bibliotek"}
    assert browser.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_a_member_of_staff_takes_the_address_away(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    address = own_address(browser, arranging, house, Role.DOOR)
    assert "There is an address" in browser.get("/staff/account/calendar").text

    browser.post("/staff/account/calendar/take-away")

    assert browser.get(address).status_code == 404
    assert "There is no address yet" in browser.get("/staff/account/calendar").text


def test_a_partner_sees_what_it_has_a_part_in_open_to_all_or_not_and_no_numbers(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    with arranging() as session:
        for title in ("Ours", "Steering group", "Draft"):
            number = _activity_called(session, title)
            part = Partnership(activity_id=number, partner_id=house.partner_id, role=PartnerRole.CO_ORGANISER)
            session.add(part)
        librarian = get_account(session, house.people[Role.LIBRARIAN])
    browser.sign_in_as(librarian)
    address = made(browser.post(f"/staff/partners/{house.partner_id}/calendar/address"))
    browser.sign_out()

    found = events(browser, address)

    assert set(found) == {"Ours – Granlia bibliotek", "Steering group – Fjellvik bibliotek"}
    assert "places taken" not in browser.get(address).text
    assert str(found["Steering group – Fjellvik bibliotek"]["URL"]) == "http://127.0.0.1:8000/"
    assert {str(event["CLASS"]) for event in found.values()} == {"PRIVATE"}


def test_a_partner_that_is_put_away_has_no_calendar(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    with arranging() as session:
        librarian = get_account(session, house.people[Role.LIBRARIAN])
    browser.sign_in_as(librarian)
    address = made(browser.post(f"/staff/partners/{house.partner_id}/calendar/address"))
    before = browser.get(address).status_code
    with arranging() as session:
        session.get_one(Partner, house.partner_id).is_active = False

    assert (before, browser.get(address).status_code) == (200, 404)
    assert browser.post(f"/staff/partners/{house.partner_id}/calendar/address").status_code == 404
    assert "has no calendar" in browser.get(f"/staff/partners/{house.partner_id}/calendar").text


def test_one_purpose_s_address_opens_no_other_calendar(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    secret = own_address(browser, arranging, house, Role.DOOR).split("/")[3]

    assert [browser.get(f"/calendar/{kind}/{secret}/x.ics").status_code for kind in "fp"] == [404, 404]


def _activity_called(session: Session, title: str) -> int:
    return session.scalars(
        select(ActivityText.activity_id).where(ActivityText.title == title).distinct()
    ).one()
