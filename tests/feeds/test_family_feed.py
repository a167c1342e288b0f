"""A family's own calendar, behind its link, on both databases."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import ics
import pytest
import vobject
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_own_occasion
from booking.audit.models import Actor
from booking.feeds.own_operations import choose_what_it_shows, make_address
from booking.libraries.models import Library
from booking.limits import limiter
from booking.links.models import Link
from booking.links.programs import Program
from booking.links.rules import Purpose
from booking.people.calendar_rules import CalendarNames, CalendarTitle
from booking.people.models import Family, Participant
from booking.people.operations import shield
from booking.privacy.operations import erase_family
from booking.revision import Catalogue
from booking.signups.answers import withdraw
from booking.signups.changes import call_off_occasion
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from booking.tokens import new_secret
from booking.witness import Witness
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
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
from tests.family.entering import OLA, Arranging, come_in, statements
from tests.signups.asking import HOLDS

GOOGLE = "Google-Calendar-Importer"
# Planted where they must not come out again.
CANARIES = ("Canarysen", "nut allergy", OLA, "+4722222222", "2016", "Ola Eksempel", "3401")


def place_for(session: Session, email: str, **changes: Any) -> Occasion:
    """A family with a place at a course of two dates, and all about it that no calendar must tell."""
    library = make_library(session)
    occasion = make_occasion(session, activity=make_activity(session, library=library))
    for week in (1, 2):
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(weeks=week))
    family = make_family(session, email=email, phone="+4722222222")
    child = make_participant(session, family=family, last_name="Canarysen")
    make_signup(session, occasion=occasion, participant=child, reply="nut allergy", **changes)
    return occasion


def address_of(session: Session, clock: StoppedClock, email: str = OLA) -> str:
    family = session.scalars(select(Family).where(Family.email == email)).one()
    secret = make_address(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id)
    return f"/calendar/f/{secret}/biblioteket.ics"


@pytest.fixture
def address(arranging: Arranging, clock: StoppedClock) -> str:
    with arranging() as session:
        place_for(session, OLA)
        return address_of(session, clock)


def events(answer: TestResponse) -> list[Any]:
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def shown(browser: Browser, address: str) -> list[tuple[str, str, str]]:
    found = events(browser.get(address))
    return [(str(each["SUMMARY"]), str(each.get("LOCATION", "")), str(each["STATUS"])) for each in found]


def family_in(session: Session) -> Family:
    return session.scalars(select(Family).where(Family.email == OLA)).one()


def test_an_own_calendar_is_private_and_kept_by_no_cache(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    assert [(each["CLASS"], each["TRANSP"]) for each in events(answer)] == [("PRIVATE", "OPAQUE")] * 2
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Content-Disposition"] == 'inline; filename="biblioteket.ics"'
    assert "Set-Cookie" not in answer.headers
    assert b"METHOD" not in answer.data
    assert b"ATTENDEE" not in answer.data


def test_independent_readers_find_the_same_dates(browser: Browser, address: str) -> None:
    text = browser.get(address).text
    starts = [NOON + timedelta(weeks=week) for week in (1, 2)]

    assert [each.decoded("DTSTART") for each in Calendar.from_ical(text).walk("VEVENT")] == starts
    assert [each.dtstart.value for each in vobject.readOne(text).vevent_list] == starts
    assert sorted(each.begin.datetime for each in ics.Calendar(text).events) == starts


@pytest.mark.parametrize("title", list(CalendarTitle))
@pytest.mark.parametrize("names", list(CalendarNames))
def test_nothing_that_was_planted_comes_out(
    browser: Browser,
    address: str,
    arranging: Arranging,
    clock: StoppedClock,
    title: CalendarTitle,
    names: CalendarNames,
) -> None:
    with arranging() as session:
        choose_what_it_shows(clock, family=family_in(session), title=title, names=names)

    answer = browser.get(address)
    text = f"{answer.headers}{Calendar.from_ical(answer.data).walk('VEVENT')}{answer.text}"
    assert not [planted for planted in CANARIES if planted in text]
    assert address.split("/")[3] not in text


@pytest.mark.parametrize(
    ("title", "names", "said"),
    [
        (CalendarTitle.ACTIVITY, CalendarNames.NONE, "Spillkveld"),
        (CalendarTitle.ACTIVITY, CalendarNames.INITIAL, "Spillkveld – A."),
        (CalendarTitle.ACTIVITY, CalendarNames.FIRST_NAME, "Spillkveld – Ada"),
        (CalendarTitle.LIBRARY, CalendarNames.NONE, "The library"),
        (CalendarTitle.LIBRARY, CalendarNames.FIRST_NAME, "The library – Ada"),
    ],
)
def test_a_family_chooses_what_its_calendar_says(
    browser: Browser, arranging: Arranging, address: str, title: str, names: str, said: str
) -> None:
    before = events(browser.get(address))
    come_in(browser, arranging)

    answer = browser.submit("/my/calendar", {"title": title, "names": names})

    assert answer.status_code == 303
    after = events(browser.get(address))
    assert [str(each["SUMMARY"]) for each in after] == [said] * 2
    assert [(each["UID"], each["SEQUENCE"]) for each in after] == [
        (each["UID"], each["SEQUENCE"]) for each in before
    ]


def test_a_choice_is_a_change_that_calendars_see(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    before = {each["LAST-MODIFIED"].dt for each in events(browser.get(address))}
    clock.forward(minutes=5)
    with arranging() as session:
        choose_what_it_shows(
            clock, family=family_in(session), title=CalendarTitle.LIBRARY, names=CalendarNames.NONE
        )

    assert {each["LAST-MODIFIED"].dt for each in events(browser.get(address))} == {
        NOON + timedelta(minutes=5)
    }
    assert before == {NOON}


def test_no_choice_is_no_choice_and_says_so(browser: Browser, arranging: Arranging, address: str) -> None:
    come_in(browser, arranging)

    answer = browser.post("/my/calendar", {"title": "everything"})

    assert answer.status_code == 422
    assert "Choose one of these." in answer.text


def test_a_shielded_child_s_entries_say_only_that_it_is_the_library(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    text = browser.get(address).text
    clock.forward(minutes=5)
    with arranging() as session:
        family = family_in(session)
        family.calendar_names = CalendarNames.FIRST_NAME
        child = session.scalars(select(Participant)).one()
        shield(clock, family=family, participant=child, is_shielded=True)

    answer = browser.get(address)

    assert "Spillkveld" in text
    assert shown(browser, address) == [("The library", "", "CONFIRMED")] * 2
    assert not [word for word in ("Spill", "spill", "Granlia", "Ada", "Storgata") if word in answer.text]


@pytest.mark.parametrize(
    "state", [SignupState.QUEUED, SignupState.OFFERED, SignupState.AWAITING_EMAIL, SignupState.WITHDRAWN]
)
def test_only_a_place_is_a_date(
    browser: Browser, arranging: Arranging, clock: StoppedClock, state: SignupState
) -> None:
    with arranging() as session:
        place_for(session, OLA, state=state, held_until=NOON + timedelta(hours=1))
        address = address_of(session, clock)

    assert events(browser.get(address)) == []


def test_what_was_given_back_goes_and_what_was_called_off_is_crossed_out(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    with arranging() as session:
        number = session.scalars(select(Occasion.id)).one()
        libraries = session.scalars(select(Library.id)).all()
        account_id = make_account(session, Role.LIBRARIAN, library=session.scalar(select(Library))).id
        occasion = get_own_occasion(session, number, library_ids=libraries)
        call_off_occasion(session, clock, occasion=occasion, account_id=account_id)
        other = place_for(session, "kari@example.org")
        signup_id = session.scalars(select(Signup.id).where(Signup.occasion_id == other.id)).one()
        kari = address_of(session, clock, "kari@example.org")
    before = shown(browser, kari)
    with arranging() as session:
        withdraw(session, clock, signup_id=signup_id, holds=HOLDS)

    assert [(title, state) for title, _place, state in shown(browser, address)] == [
        ("CALLED OFF: Spillkveld", "CANCELLED")
    ] * 2
    assert len(before) == 2
    assert shown(browser, kari) == []


def test_what_did_not_change_is_neither_sent_nor_written_again(
    app: Flask, browser: Browser, address: str, clock: StoppedClock
) -> None:
    first = browser.get(address)
    clock.forward(minutes=30)

    with statements(app) as asked:
        again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert len([each for each in asked if each.startswith("SELECT")]) <= 2
    assert browser.get(address).data == first.data


def test_a_stale_etag_gets_the_calendar_whatever_date_comes_with_it(browser: Browser, address: str) -> None:
    stale = {"If-None-Match": '"stale"', "If-Modified-Since": "Tue, 24 Nov 2099 12:00:00 GMT"}

    assert browser.get(address, headers=stale).status_code == 200
    assert browser.head(address).headers["ETag"] == browser.get(address).headers["ETag"]
    assert browser.post(address).status_code == 405


def test_a_feed_of_many_places_asks_no_more_than_one_of_few(
    app: Flask, browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    browser.get(address)
    with statements(app) as few:
        browser.get(address)
    with arranging() as session:
        child = session.scalars(select(Participant)).one()
        for _number in range(12):
            occasion = make_occasion(session)
            make_meeting(session, occasion=occasion)
            make_signup(session, occasion=occasion, participant=child)

    with statements(app) as many:
        found = events(browser.get(address))

    assert len(found) == 14
    assert len(many) == len(few)


def nothing(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    kept = [(name, value) for name, value in answer.headers if name != "Date"]
    return answer.status_code, answer.data, sorted(kept)


def test_unknown_taken_back_and_malformed_addresses_look_alike(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    secret = address.split("/")[3]
    with arranging() as session:
        newer = address_of(session, clock)
    looks = [
        nothing(browser.get(each))
        for each in (
            address,
            f"/calendar/f/{new_secret()}/biblioteket.ics",
            "/calendar/f/x/y.ics",
            f"/calendar/f/{newer.split('/')[3]}",
            f"/calendar/f/{newer.split('/')[3]}/a/b.ics",
            f"/calendar/f/{'x' * 3000}/y.ics",
            "/calendar/f/æ%00%0d%0aX-Evil:1/y.ics",
            f"/calendar/s/{secret}/biblioteket.ics",
            f"/calendar/p/{newer.split('/')[3]}/biblioteket.ics",
        )
    ]

    assert looks == [looks[0]] * len(looks)
    status, body, headers = looks[0]
    assert (status, body) == (404, b"Not found\n")
    assert ("Cache-Control", "no-store") in headers
    assert ("Content-Type", "text/plain; charset=utf-8") in headers
    assert browser.get(newer).status_code == 200


def test_a_feed_s_address_opens_nothing_else(browser: Browser, address: str) -> None:
    secret = address.split("/")[3]

    for page in ("/signups/{}", "/confirm/{}", "/offers/{}", "/my/address/{}"):
        assert browser.get(page.format(secret)).status_code == 404
    assert browser.post(f"/my/enter/{secret}").location == "/my"
    assert "we send a new one" in browser.get("/my").text


def test_two_families_never_mix(
    app: Flask, browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    with arranging() as session:
        place_for(session, "kari@example.org")
        family = session.scalars(select(Family).where(Family.email == "kari@example.org")).one()
        family.calendar_title = CalendarTitle.LIBRARY
        kari = address_of(session, clock, "kari@example.org")
    ours, theirs = browser.get(address), browser.get(kari)

    crossed = browser.get(kari, headers={"If-None-Match": ours.headers["ETag"]})
    with ThreadPoolExecutor(8) as threads:
        asked = [address, kari] * 12
        answers = list(threads.map(lambda each: Browser(app).get(each).data, asked))

    assert ours.headers["ETag"] != theirs.headers["ETag"]
    assert (crossed.status_code, crossed.data) == (200, theirs.data)
    assert answers == [ours.data, theirs.data] * 12
    assert not {each["UID"] for each in events(ours)} & {each["UID"] for each in events(theirs)}


def test_two_families_that_send_the_same_form_s_number_do_not_mix(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        occasion = place_for(session, OLA, ask_key="the same")
        family = make_family(session, email="kari@example.org")
        child = make_participant(session, family=family, first_name="Kasper")
        make_signup(session, occasion=occasion, participant=child, ask_key="the same")
        family.calendar_names = CalendarNames.FIRST_NAME
        ours, theirs = address_of(session, clock), address_of(session, clock, "kari@example.org")

    assert {title for title, _place, _state in shown(browser, ours)} == {"Spillkveld"}
    assert {title for title, _place, _state in shown(browser, theirs)} == {"Spillkveld – Kasper"}


def test_the_family_s_page_tells_when_and_by_what_it_was_fetched_last(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    browser.get(address, headers={"User-Agent": GOOGLE}, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    come_in(browser, arranging)

    page = browser.get("/my").text

    assert "Tuesday 24 November at 12:00, by Google Calendar" in " ".join(page.split())
    assert "203.0.113" not in page


def test_that_it_was_fetched_is_written_once_an_hour(
    app: Flask, browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    written = []
    for _time in range(13):
        with statements(app) as asked:
            browser.get(address, headers={"User-Agent": "curl/8"})
        written.append(any(each.startswith("UPDATE") for each in asked))
        clock.forward(minutes=5)

    assert written == [True, *[False] * 11, True]
    with arranging() as session:
        link = session.scalars(select(Link).where(Link.purpose == Purpose.FAMILY_FEED)).one()
        assert (link.fetched_at, link.fetched_by) == (NOON + timedelta(hours=1), Program.LINUX)


def test_the_button_makes_a_new_address_and_ends_the_old_one_at_once(
    browser: Browser, arranging: Arranging, address: str
) -> None:
    come_in(browser, arranging)
    assert browser.get(address).status_code == 200

    answer = browser.post("/my/calendar/address")

    (field,) = [each for each in read_page(answer.text).controls if each.get("id") == "copy-own"]
    newer = field["value"].removeprefix("http://127.0.0.1:8000")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(newer.split("/")[3]) == 43
    assert (browser.get(address).status_code, browser.get(newer).status_code) == (404, 200)
    assert newer.split("/")[3] not in browser.get("/my").text + browser.get("/my/calendar").text
    with arranging() as session:
        rows = "".join(str(vars(each)) for each in session.scalars(select(Link)))
        assert newer.split("/")[3] not in rows


def test_an_address_that_is_taken_away_opens_nothing_and_tells_nothing_any_more(
    browser: Browser, arranging: Arranging, address: str
) -> None:
    browser.get(address)
    come_in(browser, arranging)

    browser.post("/my/calendar/take-away")
    browser.post("/my/calendar/take-away")

    assert browser.get(address).status_code == 404
    assert "There is no address yet" in browser.get("/my/calendar").text
    with arranging() as session:
        link = session.scalars(select(Link).where(Link.purpose == Purpose.FAMILY_FEED)).one()
        assert (link.fetched_at, link.fetched_by) == (None, None)


def test_with_the_family_its_calendar_and_who_fetched_it_are_gone(
    browser: Browser, arranging: Arranging, address: str, clock: StoppedClock
) -> None:
    etag = browser.get(address).headers["ETag"]
    with arranging() as session:
        erase_family(session, clock, family_id=family_in(session).id, actor=Actor.FAMILY)

    answer = browser.get(address, headers={"If-None-Match": etag})

    assert answer.status_code == 404
    with arranging() as session:
        link = session.scalars(select(Link).where(Link.purpose == Purpose.FAMILY_FEED)).one()
        assert (link.fetched_at, link.fetched_by) == (None, None)


def test_a_stranger_gets_no_address(browser: Browser, address: str) -> None:
    for page in ("/my/calendar", "/my/calendar/address", "/my/calendar/take-away"):
        assert browser.post(page, {}).location == "/my"
    assert browser.get(address).status_code == 200


def test_who_tries_many_addresses_is_stopped_and_who_has_one_is_not(browser: Browser, address: str) -> None:
    limiter.enabled = True
    try:
        tried = [browser.get(f"/calendar/f/{number}/x.ics").status_code for number in range(102)]
        mine = [browser.get(address).status_code for _time in range(120)]
    finally:
        limiter.enabled = False

    assert tried == [404] * 100 + [429] * 2
    assert mine == [200] * 120


def test_an_address_stands_in_no_log(
    browser: Browser, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = address.split("/")[3]
    with caplog.at_level(logging.DEBUG):
        for each in (address, f"{address}x", f"/calendar/p/{secret}/x.ics", f"/calendar/f/{secret}"):
            browser.get(each)
            browser.post(each)

    assert caplog.records
    assert secret not in caplog.text


def test_what_is_kept_of_the_calendar_is_told_with_all_the_rest(
    browser: Browser, arranging: Arranging, address: str
) -> None:
    browser.get(address, headers={"User-Agent": GOOGLE})
    come_in(browser, arranging)

    page, file = browser.get("/my/data").text, browser.get("/my/data.json").json

    assert "Tuesday 24 November at 12:00, by Google Calendar" in " ".join(page.split())
    assert file is not None
    assert file["family"]["calendar"] == {
        "title": "activity",
        "names": "none",
        "has_address": True,
        "made_at": NOON.isoformat(),
        "fetched_at": NOON.isoformat(),
        "fetched_by": "google",
    }
    assert address.split("/")[3] not in page + str(file)


def test_an_older_copy_that_was_put_back_is_lifted_before_it_is_told(
    app: Flask, browser: Browser, arranging: Arranging, address: str, clock: StoppedClock, tmp_path: Path
) -> None:
    house = app.extensions["booking"]
    house.identities = replace(house.identities, witness=Witness(tmp_path / "calendars.json"))
    clock.forward(minutes=5)
    with arranging() as session:
        session.scalars(select(Meeting)).first().room = "Salen"  # type: ignore[union-attr]
    with arranging() as session:
        lineage = session.scalars(select(Catalogue.lineage)).one()
    before = [int(each["SEQUENCE"]) for each in events(browser.get(address))]

    house.identities.witness.note(lineage, NOON + timedelta(minutes=6))
    clock.forward(minutes=5)

    after = [int(each["SEQUENCE"]) for each in events(browser.get(address))]
    assert min(after) > max(before)
    assert [int(each["SEQUENCE"]) for each in events(browser.get(address))] == after
