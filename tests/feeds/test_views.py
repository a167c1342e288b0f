"""The addresses that calendars fetch."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.activities.dates import Slot
from booking.activities.meeting_operations import call_off_meeting, move_meeting, put_meeting_back_on
from booking.activities.models import Activity, Meeting
from booking.activities.operations import change_words
from booking.activities.planning import Words
from booking.activities.queries import get_own_meeting
from booking.activities.rows import words_of
from booking.activities.rules import MeetingState, Mode, Status, Visibility
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.staff.rules import Role
from booking.versions import seen_as
from tests.browser import Browser
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
    make_text,
)

Arranging = Callable[[], AbstractContextManager[Session]]

ALL = "/calendar/all.ics"
FEEDS = [ALL, "/calendar/granlia.ics", "/calendar/activities/spill.ics"]


@pytest.fixture
def meeting(arranging: Arranging) -> Meeting:
    """A meeting at Granlia whose activity has the address «spill»."""
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"), slug="spill")
        return make_meeting(session, occasion=make_occasion(session, activity=activity))


def events(browser: Browser, address: str = ALL, **options: Any) -> list[Any]:
    answer = browser.get(address, **options)
    assert answer.status_code == 200, address
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def only_event(browser: Browser, address: str = ALL) -> Any:
    (event,) = events(browser, address)
    return event


def do(arranging: Arranging, clock: StoppedClock, operation: Any, **facts: Any) -> None:
    """Let a librarian do something to the one meeting, an hour later."""
    clock.forward(hours=1)
    with arranging() as session:
        library_ids = set(session.scalars(select(Library.id)))
        number = session.scalars(select(Meeting.id)).one()
        meeting = get_own_meeting(session, number, library_ids=library_ids)
        account_id = make_account(session, Role.COORDINATOR).id
        operation(session, clock, meeting=meeting, account_id=account_id, **facts)


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_fetched_without_asking_who_you_are(browser: Browser, address: str) -> None:
    answer = browser.get(address, headers={"Accept": "text/calendar, application/calendar+json"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="')
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not {"Set-Cookie", "Last-Modified", "Content-Encoding"} & set(answer.headers.keys())
    assert vobject.readOne(answer.text).vevent.summary.value == "Spillkveld"


def test_one_meeting_is_the_same_entry_in_every_feed_and_in_its_download(
    browser: Browser, meeting: Meeting
) -> None:
    download = f"/calendar/meetings/{meeting.uid}.ics"

    found = {only_event(browser, address).to_ical() for address in (*FEEDS, download)}

    assert len(found) == 1
    assert browser.get(download).headers["Content-Disposition"] == (
        'attachment; filename="spill-2026-12-01.ics"'
    )


@pytest.mark.usefixtures("meeting")
def test_an_entry_says_where_for_whom_and_on_which_page(browser: Browser) -> None:
    event = only_event(browser, f"{ALL}?lang=en")

    page = "http://127.0.0.1:8000/activities/spill"
    assert event["LOCATION"] == "Granlia bibliotek, Barneavdelingen, Storgata 1, 2200 Granlia"
    assert event["DESCRIPTION"].startswith("Brettspill og brus.\n\nFor grades 5–7 (ages 10–12).\nSign up")
    assert event["DESCRIPTION"].endswith(f"\n\n{page}")
    assert (event["URL"], event["SEQUENCE"], event["STATUS"]) == (page, 0, "CONFIRMED")
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("asked", ['"{}"', 'W/"{}"', '"other", "{}"', '"other", W/"{}"', "*"])
@pytest.mark.parametrize("address", FEEDS)
def test_who_has_it_already_is_told_so(browser: Browser, address: str, asked: str) -> None:
    etag = browser.get(address).headers["ETag"]

    answer = browser.get(address, headers={"If-None-Match": asked.format(etag.strip('"'))})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"


@pytest.mark.usefixtures("meeting")
def test_who_has_an_old_one_gets_the_new_one_whatever_date_it_tells(browser: Browser) -> None:
    future = "Fri, 01 Jan 2038 00:00:00 GMT"

    old = browser.get(ALL, headers={"If-None-Match": '"old"', "If-Modified-Since": future})
    date_only = browser.get(ALL, headers={"If-Modified-Since": future})
    nonsense = browser.get(ALL, headers={"If-Modified-Since": "yesterday"})

    assert [old.status_code, date_only.status_code, nonsense.status_code] == [200, 200, 200]


@pytest.mark.usefixtures("meeting")
def test_nothing_changed_is_the_same_etag_hours_later(browser: Browser, clock: StoppedClock) -> None:
    before = browser.get(ALL)
    clock.forward(hours=20)
    after = browser.get(ALL)

    assert (before.headers["ETag"], before.data) == (after.headers["ETag"], after.data)


@pytest.mark.usefixtures("meeting")
def test_head_tells_what_get_would_and_nothing_else_is_allowed(browser: Browser) -> None:
    get, head = browser.get(ALL), browser.head(ALL)

    assert head.data == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == get.headers[name]
    assert browser.post(ALL).status_code == 405


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(
    "address",
    [
        "/calendar/nowhere.ics",
        "/calendar/activities/nothing.ics",
        "/calendar/meetings/8e3b2c9a-2f0e-4a0b-9f5e-1f6f5a4b3c2d.ics",
        "/calendar/meetings/%00.ics",
        "/calendar/granlia.ics?lang=se",
        "/calendar/all.ics?grade=14",
        "/calendar/all.ics?grade=05",
        "/calendar/all.ics?grade=",
        "/calendar/all.ics?grade=5&grade=6",
        "/calendar/all.ics?grade=%205",
        "/calendar/all.ics?library=nowhere",
        "/calendar/all.ics?library=",
        "/calendar/all.ics?mode=other",
        "/calendar/all.ics?colour=red",
        "/calendar/granlia.ics?library=granlia",
        "/calendar/activities/spill.ics?grade=5",
        "/calendar//all.ics",
        "/calendar/all.ics/",
    ],
)
def test_what_there_is_not_is_never_a_page_and_never_everything(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"status": Status.ARCHIVED},
        {"visibility": Visibility.INTERNAL},
        {"visibility": Visibility.BY_LINK},
    ],
)
def test_what_is_not_for_all_is_in_no_feed(
    arranging: Arranging, browser: Browser, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library, slug="hemmelig", **hidden)
        meeting = make_meeting(session, occasion=make_occasion(session, activity=activity))

    assert events(browser) == events(browser, "/calendar/granlia.ics") == []
    assert browser.get("/calendar/activities/hemmelig.ics").status_code == 404
    assert browser.get(f"/calendar/meetings/{meeting.uid}.ics").status_code == 404


def test_a_feed_knows_no_child_and_no_member_of_staff(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        account = make_account(session, Role.LIBRARIAN, library=make_library(session), name="Kanarifugl")
        activity = make_activity(session, responsible_id=account.id)
        occasion = make_occasion(session, activity=activity, capacity=7531)
        make_meeting(session, occasion=occasion)
        family = make_family(session, contact_name="Kanarifugl", email="kanarifugl@example.org")
        child = make_participant(session, family=family, first_name="Kanarifugl")
        make_signup(session, occasion=occasion, participant=child)

    text = browser.get(ALL).text

    assert "anarifugl" not in text
    assert "7531" not in text


def test_a_library_has_its_own_and_no_other_in_the_order_of_their_dates(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        here = make_library(session, slug="granlia")
        occasion = make_occasion(session, activity=make_activity(session, library=here))
        later = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=9))
        sooner = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=2))
        make_meeting(session)

    assert [event["UID"] for event in events(browser, "/calendar/granlia.ics")] == [sooner.uid, later.uid]


def test_three_months_back_and_a_year_ahead(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session))
        for days in (-91, -90, 364, 365):
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=days))

    days_off = [(event["DTSTART"].dt - NOON).days for event in events(browser)]
    assert days_off == [-90, 364]


@pytest.mark.parametrize("address", [ALL, "/calendar/granlia.ics"])
def test_a_feed_without_meetings_is_a_calendar(arranging: Arranging, browser: Browser, address: str) -> None:
    with arranging() as session:
        make_library(session, slug="granlia")

    answer = browser.get(address)

    assert answer.status_code == 200
    assert vobject.readOne(answer.text).vtimezone.tzid.value == "Europe/Oslo"


@pytest.mark.parametrize(
    ("language", "title"), [("nb", "AVLYST: Spillkveld"), ("en", "CALLED OFF: Games evening")]
)
def test_a_meeting_called_off_stays_and_is_crossed_out_in_the_readers_language(
    arranging: Arranging, browser: Browser, language: str, title: str
) -> None:
    with arranging() as session:
        activity = make_activity(session)
        make_text(session, activity)
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion, state=MeetingState.CALLED_OFF)

    event = only_event(browser, f"{ALL}?lang={language}")

    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", title)


@pytest.mark.usefixtures("meeting")
def test_the_language_is_that_of_the_address_and_of_nothing_else(browser: Browser) -> None:
    bokmal = browser.get(ALL).data

    browser.get("/?lang=en")

    assert browser.get(ALL, headers={"Accept-Language": "nn"}).data == bokmal
    assert browser.get(f"{ALL}?lang=nb").data == bokmal


def test_a_moved_meeting_is_the_same_entry_at_another_time(
    arranging: Arranging, browser: Browser, clock: StoppedClock, meeting: Meeting
) -> None:
    before, tag = only_event(browser), browser.get(ALL).headers["ETag"]
    to = meeting.starts_at + timedelta(days=1)

    slot = Slot(starts_at=to, ends_at=to + timedelta(hours=1))
    do(arranging, clock, move_meeting, slot=slot, room="Kafeen")

    after = only_event(browser)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], before["SEQUENCE"] + 1)
    assert (after["STATUS"], after["DTSTART"].dt.astimezone(UTC)) == ("CONFIRMED", to)
    assert "Kafeen" in after["LOCATION"]
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == clock()
    assert browser.get(ALL, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("meeting")
def test_called_off_and_on_again_the_sequence_only_rises(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    seen = [only_event(browser)]
    for operation in (call_off_meeting, put_meeting_back_on):
        do(arranging, clock, operation)
        seen.append(only_event(browser))

    assert [event["STATUS"] for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [event["SEQUENCE"] for event in seen] == [0, 1, 2]
    assert seen[0]["LAST-MODIFIED"].dt < seen[1]["LAST-MODIFIED"].dt < seen[2]["LAST-MODIFIED"].dt
    assert len({event["UID"] for event in seen}) == 1


@pytest.mark.usefixtures("meeting")
def test_a_new_title_is_a_change_but_raises_no_sequence(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    before = only_event(browser)

    clock.forward(hours=1)
    words = Words(language=Language.NB, title="Brettspill", summary="Brus.", body="Vi spiller.")
    with arranging() as session:
        number = session.scalars(select(Activity.id)).one()
        activity = session.get_one(Activity, number, options=[selectinload(Activity.texts)])
        seen = seen_as(words_of(activity))
        change_words(
            session,
            clock,
            activity=activity,
            words=[words],
            seen=seen,
            account_id=make_account(session, Role.COORDINATOR).id,
        )

    after = only_event(browser)
    assert (after["SUMMARY"], after["SEQUENCE"]) == ("Brettspill", before["SEQUENCE"])
    assert after["LAST-MODIFIED"].dt == clock()


def test_a_new_name_of_the_library_changes_its_entries_and_no_others(
    arranging: Arranging, browser: Browser, clock: StoppedClock, meeting: Meeting
) -> None:
    with arranging() as session:
        other = make_meeting(session).uid
    tag = browser.get("/calendar/granlia.ics").headers["ETag"]

    clock.forward(hours=1)
    with arranging() as session:
        library = session.scalars(select(Library).where(Library.slug == "granlia")).one()
        library.name, library.changed_at = "Nye Granlia bibliotek", clock()

    stamps = {event["UID"]: event["LAST-MODIFIED"].dt for event in events(browser)}
    assert stamps == {meeting.uid: clock(), other: NOON}
    answer = browser.get("/calendar/granlia.ics", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert Calendar.from_ical(answer.data)["NAME"] == "Nye Granlia bibliotek"


def test_a_drop_in_says_just_come(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session), mode=Mode.DROP_IN, capacity=None)
        make_meeting(session, occasion=occasion)

    assert "just come" in only_event(browser, f"{ALL}?lang=en")["DESCRIPTION"]


def test_what_is_elsewhere_than_at_the_library_says_so_and_has_no_map_to_the_library(
    arranging: Arranging, browser: Browser, meeting: Meeting
) -> None:
    with arranging() as session:
        session.scalars(select(Activity)).one().place_name = "Ishallen, Isveien 1"

    there = only_event(browser)

    assert "Ishallen" in str(there["LOCATION"])
    assert "Granlia bibliotek" not in str(there["LOCATION"])
    assert "GEO" not in there
