"""The plan of the project in the calendars of staff and of partners: who sees what, and once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Partnership
from booking.activities.rules import Kind, MeetingState, Status, Visibility
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.partners.rules import PartnerRole
from booking.plan.models import PlanItem
from booking.plan.operations import (
    add_item,
    call_off_item,
    change_item,
    put_item_back_on,
    tie_meeting,
)
from booking.plan.queries import facts_of, take_item
from booking.plan.rules import ItemFacts, ItemKind
from booking.staff.rules import Role
from booking.versions import seen_as
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
)
from tests.family.entering import Arranging, statements

SHARED = ItemFacts(
    kind=ItemKind.FOLLOW_UP,
    title="Oppfølgingsmøte",
    title_nn="Oppfølgingsmøte på nynorsk",
    first_on=date(2026, 12, 1),
    last_on=date(2026, 12, 15),
    is_shared=True,
    note="Canary note",
)
UNSHARED = ItemFacts(
    kind=ItemKind.MILESTONE, title="Sluttrapport", first_on=date(2026, 12, 20), last_on=date(2026, 12, 20)
)


@dataclass(frozen=True)
class House:
    """A plan of two items, one of them shared; a meeting of the project; and an address for each reader."""

    staff: Mapping[Role, str]
    partner: str
    partner_id: int
    coordinator_id: int
    shared_id: int
    unshared_id: int
    meeting_uid: str


@pytest.fixture
def house(arranging: Arranging, clock: StoppedClock) -> House:
    with arranging() as session:
        library = make_library(session)
        people = {
            role: make_account(session, role, library=library, password_hash=PASSWORD_HASH, totp_secret="x")
            for role in Role
        }
        who = people[Role.COORDINATOR].id
        partner = make_partner(session, name="Granlia IL")
        shared = add_item(session, clock, facts=SHARED, account_id=who)
        unshared = add_item(session, clock, facts=UNSHARED, account_id=who)

        def address(kind: str, purpose: Purpose, subject_id: int) -> str:
            secret = issue_link(session, clock, purpose=purpose, subject_id=subject_id, lasts=None)
            return f"/calendar/{kind}/{secret}/x.ics"

        return House(
            staff={role: address("s", Purpose.STAFF_FEED, each.id) for role, each in people.items()},
            partner=address("p", Purpose.PARTNER_FEED, partner.id),
            partner_id=partner.id,
            coordinator_id=who,
            shared_id=shared.id,
            unshared_id=unshared.id,
            meeting_uid=_put_up(session, library).uid,
        )


def _put_up(session: Session, library: Any) -> Meeting:
    activity = make_activity(
        session, library=library, kind=Kind.INTERNAL_MEETING, visibility=Visibility.INTERNAL
    )
    activity.texts[0].title = "Styringsgruppa"
    starts_at = NOON + timedelta(days=14)
    return make_meeting(
        session, occasion=make_occasion(session, activity=activity), uid="meeting", starts_at=starts_at
    )


def events(browser: Browser, address: str) -> dict[str, Any]:
    answer = browser.get(address)
    assert answer.status_code == 200
    found = list(Calendar.from_ical(answer.data).walk("VEVENT"))
    by_title = {str(event["SUMMARY"]): event for event in found}
    assert len(by_title) == len(found) == len({str(event["UID"]) for event in found})
    return by_title


MEETING = "Styringsgruppa – Granlia bibliotek"


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.DOOR, {MEETING}),
        (Role.LIBRARIAN, {MEETING, "Oppfølgingsmøte", "Sluttrapport"}),
        (Role.COORDINATOR, {MEETING, "Oppfølgingsmøte", "Sluttrapport"}),
        (Role.PRIVACY_OFFICER, set()),
        (Role.ADMIN, set()),
    ],
)
def test_who_works_with_the_plan_has_it_in_the_calendar(
    browser: Browser, house: House, role: Role, titles: set[str]
) -> None:
    assert set(events(browser, house.staff[role])) == titles


def test_a_partner_sees_what_is_shown_to_partners_and_no_note(browser: Browser, house: House) -> None:
    found = events(browser, house.partner)

    assert set(found) == {"Oppfølgingsmøte"}
    event = found["Oppfølgingsmøte"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 12, 1), date(2026, 12, 16))
    assert (event["TRANSP"], event["CLASS"], event["STATUS"]) == ("TRANSPARENT", "PRIVATE", "CONFIRMED")
    assert str(event["URL"]) == "http://127.0.0.1:8000/"
    assert "Oppfølgingsmøte i prosjektets plan." in str(event["DESCRIPTION"])
    texts = [browser.get(address).text for address in (house.partner, house.staff[Role.LIBRARIAN])]
    assert not [text for text in texts if "Canary" in text]


def test_staff_are_led_to_the_plan(browser: Browser, house: House) -> None:
    found = events(browser, house.staff[Role.LIBRARIAN])

    assert str(found["Sluttrapport"]["URL"]) == "http://127.0.0.1:8000/staff/plan"
    assert found["Oppfølgingsmøte"]["UID"] != events(browser, house.partner)["Oppfølgingsmøte"]["UID"]


def _change(**changes: Any) -> Callable[[Session, StoppedClock, House], None]:
    def work(session: Session, clock: StoppedClock, house: House) -> None:
        item = take_item(session, house.shared_id)
        told, seen = replace(facts_of(item), **changes), seen_as(facts_of(item))
        change_item(session, clock, item=item, facts=told, seen=seen, account_id=house.coordinator_id)

    return work


def _do(operation: Any, **facts: Any) -> Callable[[Session, StoppedClock, House], None]:
    def work(session: Session, clock: StoppedClock, house: House) -> None:
        item = take_item(session, house.shared_id)
        operation(session, clock, item=item, account_id=house.coordinator_id, **facts)

    return work


# What is done, and whether subscribers must hear of another day, of other words, or of nothing.
CHANGES = {
    "another day": (_change(last_on=date(2026, 12, 16)), 1, True),
    "a time": (_change(starts_at=NOON, ends_at=NOON + timedelta(hours=1)), 1, True),
    "called off": (_do(call_off_item), 1, True),
    "another title": (_change(title="Møte"), 0, True),
    "done": (_change(done_on=date(2026, 11, 23)), 0, True),
    "a note": (_change(note="Another canary"), 0, False),
    "another tolerance": (_change(tolerance_months=3), 0, False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_plan_is_told_to_those_who_see_it_and_of_nothing_else(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House, name: str
) -> None:
    work, raised, is_seen = CHANGES[name]
    addresses = (house.partner, house.staff[Role.COORDINATOR])
    before = [_by_uid(browser, address) for address in addresses]
    bytes_before = [browser.get(address).data for address in addresses]
    clock.forward(hours=1)
    with arranging() as session:
        work(session, clock, house)

    after = [_by_uid(browser, address) for address in addresses]

    assert [set(each) for each in after] == [set(each) for each in before]
    for was, now in zip(before, after, strict=True):
        changed = [uid for uid in was if was[uid] != now[uid]]
        assert len(changed) == is_seen
        for uid in changed:
            assert now[uid][0] == was[uid][0] + raised
            assert now[uid][1] == clock().replace(microsecond=0)
    if not is_seen:
        assert [browser.get(address).data for address in addresses] == bytes_before


def _by_uid(browser: Browser, address: str) -> dict[str, tuple[int, Any, str]]:
    return {
        str(event["UID"]): (event["SEQUENCE"], event["LAST-MODIFIED"].dt, event.to_ical().decode())
        for event in events(browser, address).values()
    }


def test_what_is_called_off_stays_crossed_out_and_comes_back_with_a_higher_sequence(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _do(call_off_item)(session, clock, house)
    off = events(browser, house.partner)["AVLYST: Oppfølgingsmøte"]
    with arranging() as session:
        _do(put_item_back_on)(session, clock, house)
    on = events(browser, house.partner)["Oppfølgingsmøte"]

    assert (off["STATUS"], off["SEQUENCE"]) == ("CANCELLED", 1)
    assert (on["STATUS"], on["SEQUENCE"], on["UID"]) == ("CONFIRMED", 2, off["UID"])


def test_what_partners_may_no_longer_see_goes_and_comes_back_higher(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    before = events(browser, house.partner)["Oppfølgingsmøte"]
    with arranging() as session:
        _change(is_shared=False)(session, clock, house)
    between = events(browser, house.partner)
    with arranging() as session:
        _change(is_shared=True)(session, clock, house)

    after = events(browser, house.partner)["Oppfølgingsmøte"]

    assert between == {}
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] == 2
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt


def test_a_follow_up_meeting_with_a_time_stands_at_its_time(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _change(starts_at=NOON, ends_at=NOON + timedelta(hours=1))(session, clock, house)

    text = browser.get(house.partner).text

    assert "DTSTART;TZID=Europe/Oslo:20261124T120000" in text
    assert "DTEND;TZID=Europe/Oslo:20261124T130000" in text


def test_a_follow_up_meeting_that_is_put_up_stands_once_as_that_meeting(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _do(tie_meeting, meeting_uid=house.meeting_uid)(session, clock, house)

    assert set(events(browser, house.staff[Role.LIBRARIAN])) == {MEETING, "Sluttrapport"}
    assert set(events(browser, house.staff[Role.COORDINATOR])) == {MEETING, "Sluttrapport"}
    found = events(browser, house.partner)
    assert set(found) == {MEETING}
    assert found[MEETING]["DTSTART"].dt == NOON + timedelta(days=14)
    with arranging() as session:
        # A partner with a part in it has it once, too.
        number = session.scalars(select(Activity.id).where(Activity.kind == Kind.INTERNAL_MEETING)).one()
        role = PartnerRole.CO_ORGANISER
        session.add(Partnership(activity_id=number, partner_id=house.partner_id, role=role))
        session.scalars(
            select(Meeting).where(Meeting.uid == house.meeting_uid)
        ).one().state = MeetingState.CALLED_OFF
    assert set(events(browser, house.partner)) == {f"AVLYST: {MEETING}"}


def test_a_meeting_of_the_project_is_no_partner_s_unless_the_plan_shows_it(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _do(tie_meeting, meeting_uid=house.meeting_uid)(session, clock, house)
        _change(is_shared=False)(session, clock, house)

    assert events(browser, house.partner) == {}


def test_the_item_stands_for_itself_again_when_its_meeting_is_put_away(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    before = events(browser, house.partner)["Oppfølgingsmøte"]
    with arranging() as session:
        _do(tie_meeting, meeting_uid=house.meeting_uid)(session, clock, house)
    with arranging() as session:
        session.scalars(select(Activity)).one().status = Status.ARCHIVED

    after = events(browser, house.partner)

    assert set(after) == {"Oppfølgingsmøte"}
    assert after["Oppfølgingsmøte"]["UID"] == before["UID"]
    assert after["Oppfølgingsmøte"]["SEQUENCE"] > before["SEQUENCE"]


def test_nothing_changed_is_the_same_bytes_and_a_304_in_two_questions(
    app: Flask, browser: Browser, clock: StoppedClock, house: House
) -> None:
    for address in (house.partner, house.staff[Role.COORDINATOR]):
        first = browser.get(address)
        clock.forward(hours=2)
        again = browser.get(address)
        with statements(app) as asked:
            unchanged = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

        assert again.data == first.data
        assert unchanged.status_code == 304
        assert 1 <= len(asked) <= 2


def test_a_change_of_the_plan_ends_the_304_at_once(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    addresses = (house.partner, house.staff[Role.LIBRARIAN])
    etags = {address: browser.get(address).headers["ETag"] for address in addresses}
    with arranging() as session:
        _change(title="Møte")(session, clock, house)

    for address, etag in etags.items():
        assert browser.get(address, headers={"If-None-Match": etag}).status_code == 200


def test_a_long_plan_takes_no_more_questions_than_a_short_one(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    addresses, counts = (house.partner, house.staff[Role.COORDINATOR]), []
    for address in addresses:
        browser.get(address)  # the first time it is noted that somebody fetched it
    for _round in range(2):
        with arranging() as session:
            for _item in range(10):
                add_item(session, clock, facts=SHARED, account_id=house.coordinator_id)
        for address in addresses:
            with statements(app) as asked:
                browser.get(address)
            counts.append(len(asked))

    assert counts[:2] == counts[2:]


@pytest.mark.parametrize(("days", "is_there"), [(-91, False), (-90, True), (364, True), (366, False)])
def test_the_plan_reaches_as_far_as_the_meetings_do(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House, days: int, is_there: bool
) -> None:
    day = date(2026, 11, 24) + timedelta(days=days)
    with arranging() as session:
        facts = replace(UNSHARED, title="Fjern", first_on=day, last_on=day)
        add_item(session, clock, facts=facts, account_id=house.coordinator_id)

    assert ("Fjern" in events(browser, house.staff[Role.COORDINATOR])) == is_there


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("", "Oppfølgingsmøte"),
        ("?lang=nb", "Oppfølgingsmøte"),
        ("?lang=nn", "Oppfølgingsmøte på nynorsk"),
        ("?lang=en", "Oppfølgingsmøte"),
    ],
)
def test_a_partner_s_calendar_is_in_the_language_of_its_address(
    browser: Browser, house: House, asked: str, title: str
) -> None:
    other = browser.get(f"{house.partner}?lang=en")

    found = events(browser, house.partner + asked)

    assert set(found) == {title}
    assert ("in the plan of the project" in str(found[title]["DESCRIPTION"])) == (asked == "?lang=en")
    assert (browser.get(house.partner + asked).headers["ETag"] == other.headers["ETag"]) == (
        asked == "?lang=en"
    )


@pytest.mark.parametrize("asked", ["?lang=", "?lang=de", "?lang=NN", "?lang=nn&lang=en"])
def test_a_language_that_we_do_not_speak_is_not_found(browser: Browser, house: House, asked: str) -> None:
    unknown = browser.get("/calendar/p/nobody/x.ics")

    answer = browser.get(house.partner + asked)

    assert (answer.status_code, answer.data) == (unknown.status_code, unknown.data) == (404, b"Not found\n")


@pytest.mark.parametrize(
    ("chosen", "ending"), [("", ".ics"), ("nb", ".ics"), ("nn", ".ics?lang=nn"), ("en", ".ics?lang=en")]
)
def test_staff_choose_the_language_with_the_address(
    browser: Browser, arranging: Arranging, house: House, chosen: str, ending: str
) -> None:
    _be_librarian(browser, arranging)
    page = f"/staff/partners/{house.partner_id}/calendar"
    assert "In which language is the calendar?" in browser.get(page).text

    answer = browser.post(f"{page}/address", {"language": chosen})

    (field,) = [each for each in read_page(answer.text).controls if each.get("id") == "copy-own"]
    assert field["value"].endswith(ending)
    assert browser.get(field["value"].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_language_that_nobody_offered_makes_no_address(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    _be_librarian(browser, arranging)

    answer = browser.post(f"/staff/partners/{house.partner_id}/calendar/address", {"language": "de"})

    assert answer.status_code == 422
    assert "Choose one of these." in answer.text
    assert browser.get(house.partner).status_code == 200


def _be_librarian(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=make_library(session)))


def test_the_coordinator_chooses_which_meeting_a_follow_up_meeting_is(
    browser: Browser, arranging: Arranging, house: House
) -> None:
    with arranging() as session:
        account = make_account(session, Role.COORDINATOR, totp_secret="x")
    browser.sign_in_as(account)
    page = f"/staff/plan/{house.shared_id}/meeting"
    offered = browser.get(page).text

    wrong = browser.post(page, {"meeting_uid": "another"})
    tied = browser.post(page, {"meeting_uid": house.meeting_uid})

    assert "Tuesday 8 December at 12:00 – Styringsgruppa, Granlia bibliotek" in re.sub(r"\s+", " ", offered)
    assert "Partners see this item." in offered
    assert (wrong.status_code, tied.status_code) == (422, 303)
    assert "Choose a meeting from the list, or none." in wrong.text
    assert _tied(arranging) == [house.meeting_uid]
    assert f'value="{house.meeting_uid}" selected' in browser.get(page).text
    assert browser.post(page, {"meeting_uid": ""}).status_code == 303
    assert _tied(arranging) == []
    assert browser.get(f"/staff/plan/{house.unshared_id}/meeting").status_code == 404


def test_two_items_are_not_the_same_meeting(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _do(tie_meeting, meeting_uid=house.meeting_uid)(session, clock, house)
        other = add_item(session, clock, facts=SHARED, account_id=house.coordinator_id).id
        account = make_account(session, Role.COORDINATOR, totp_secret="x")
    browser.sign_in_as(account)

    answer = browser.post(f"/staff/plan/{other}/meeting", {"meeting_uid": house.meeting_uid})

    assert answer.status_code == 422
    assert "Another item of the plan is this meeting already." in answer.text


def test_a_meeting_that_moved_out_of_the_window_is_still_the_item_s(
    browser: Browser, arranging: Arranging, clock: StoppedClock, house: House
) -> None:
    with arranging() as session:
        _do(tie_meeting, meeting_uid=house.meeting_uid)(session, clock, house)
        _change(first_on=date(2027, 6, 1), last_on=date(2027, 6, 2))(session, clock, house)
        account = make_account(session, Role.COORDINATOR, totp_secret="x")
    browser.sign_in_as(account)
    page = f"/staff/plan/{house.shared_id}/meeting"

    assert "The meeting that it is now, outside of the window" in browser.get(page).text
    assert browser.post(page, {"meeting_uid": house.meeting_uid}).status_code == 303
    assert _tied(arranging) == [house.meeting_uid]


def _tied(arranging: Arranging) -> list[str]:
    with arranging() as session:
        return list(session.scalars(select(PlanItem.meeting_uid).where(PlanItem.meeting_uid.is_not(None))))
