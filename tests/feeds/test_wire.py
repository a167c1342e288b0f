"""How calendars travel: fingerprints, what is kept and for how long, failures (ICS-31 to ICS-41)."""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText, Meeting
from booking.activities.rules import Mode
from booking.feeds.views import event_shelf
from booking.kept import shelf_of
from booking.work import database
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]
ALL = "/calendar/all.ics"


@pytest.fixture
def meeting(arranging: Arranging) -> Meeting:
    """A meeting at Granlia whose activity has the address «spill»."""
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"), slug="spill")
        return make_meeting(session, occasion=make_occasion(session, activity=activity))


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Note what the database is asked past the one question of which programme it holds."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def uids(browser: Browser, address: str) -> set[str]:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return {str(each["UID"]) for each in Calendar.from_ical(answer.data).walk("VEVENT")}


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "gzip"}])
def test_who_asks_again_costs_one_question_and_nothing_is_made(
    app: Flask, browser: Browser, headers: dict[str, str]
) -> None:
    tag = browser.get(ALL, headers=headers).headers["ETag"]
    with app.app_context():
        event_shelf().clear()

    with statements(app) as asked:
        again = browser.get(ALL, headers={**headers, "If-None-Match": tag})
        whole = browser.get(ALL, headers=headers)

    assert (again.status_code, whole.status_code, asked) == (304, 200, [])
    with app.app_context():
        assert event_shelf().bytes_kept == 0


def test_after_one_change_only_that_event_is_loaded_and_written(
    app: Flask, arranging: Arranging, browser: Browser, meeting: Meeting
) -> None:
    with arranging() as session:
        others = [make_meeting(session, uid=f"other-{number}") for number in range(5)]
    browser.get(ALL)
    with arranging() as session:
        session.scalars(select(Meeting).where(Meeting.uid == meeting.uid)).one().room = "Kafeen"

    with statements(app) as asked:
        after = browser.get(ALL)

    assert after.data.count(b"BEGIN:VEVENT") == len(others) + 1
    assert b"Kafeen" in after.data
    loads = [each for each in asked if "meeting.room" in each]
    assert len(loads) == 1
    assert (
        len(asked) == 5
    )  # whether a copy was put back, names, dates, and of one meeting itself and its texts


@pytest.mark.usefixtures("meeting")
def test_a_day_later_it_is_bound_anew_and_the_same(
    app: Flask, arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session, uid="old", starts_at=NOON - timedelta(days=90))
    first = browser.get(ALL)
    clock.forward(hours=13)  # past midnight in Oslo

    with statements(app) as asked:
        after = browser.get(ALL)

    assert first.data.count(b"BEGIN:VEVENT") == 2
    assert after.data.count(b"BEGIN:VEVENT") == 1
    assert not any("meeting.room" in each for each in asked)
    clock.forward(hours=20)
    assert browser.get(ALL, headers={"If-None-Match": after.headers["ETag"]}).status_code == 304


@pytest.mark.usefixtures("meeting")
def test_it_comes_packed_only_for_who_says_so(browser: Browser) -> None:
    plain = browser.get(ALL, headers={"Accept-Encoding": "identity, *;q=0.5, gzip;q=0"})
    packed = browser.get(ALL, headers={"Accept-Encoding": "br, GZIP;q=0.8".lower()})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {"Accept-Encoding"}
    assert plain.headers["ETag"] == f'"{hashlib.sha256(plain.data).hexdigest()}"'
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for tag in (plain.headers["ETag"], packed.headers["ETag"]):
        assert browser.get(ALL, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.usefixtures("meeting")
def test_a_304_has_its_headers_and_none_of_a_body(browser: Browser) -> None:
    whole = browser.get(ALL)

    again = browser.get(ALL, headers={"If-None-Match": "*"})

    assert (again.status_code, again.data) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == whole.headers[name]
    assert not {"Content-Type", "Content-Length", "Content-Disposition"} & set(again.headers.keys())


@pytest.mark.usefixtures("meeting")
def test_nobody_is_recognised_and_nothing_is_set_whatever_is_carried(app: Flask, browser: Browser) -> None:
    plain = browser.get(ALL)
    client = app.test_client()
    for name in ("booking", "lang", "somebody"):
        client.set_cookie(name, "en")

    carried = client.get(ALL, headers={"Accept-Language": "en", "Authorization": "Bearer x"})

    assert carried.data == plain.data
    assert "Set-Cookie" not in carried.headers
    assert "Cookie" not in carried.headers["Vary"]


def test_however_an_order_is_written_one_calendar_is_kept(
    app: Flask, arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        make_library(session, slug="granlia")
    written = [
        "?library=granlia&grade=5",
        "?grade=5&library=granlia",
        "?grade=%35&library=granlia",
        "?lang=nb&grade=5&library=%67ranlia",
    ]

    answers = {browser.get(f"{ALL}{query}").data for query in written}
    kept = shelf_of(app).bytes_kept
    for query in written:
        browser.get(f"{ALL}{query}")

    assert len(answers) == 1
    assert kept == shelf_of(app).bytes_kept == len(answers.pop())


@pytest.mark.parametrize("query", ["?utm_source=x", "?grade=5&x=1", "?" + "x" * 400])
def test_what_is_not_understood_is_not_kept(app: Flask, browser: Browser, query: str) -> None:
    assert browser.get(f"{ALL}{query}").status_code == 404
    assert shelf_of(app).bytes_kept == 0


def test_a_calendar_holds_what_was_ordered_and_nothing_else(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        here, away = make_library(session, slug="granlia"), make_library(session, slug="lia")
        for uid, library, grades, mode in (
            ("a", here, (1, 4), Mode.SIGN_UP),
            ("b", here, (5, 7), Mode.DROP_IN),
            ("c", away, (5, 7), Mode.SIGN_UP),
            ("d", away, (None, None), Mode.SIGN_UP_AND_WALK_IN),
        ):
            activity = make_activity(session, library=library, grade_from=grades[0], grade_to=grades[1])
            capacity = None if mode is Mode.DROP_IN else 12
            occasion = make_occasion(session, activity=activity, mode=mode, capacity=capacity)
            make_meeting(session, occasion=occasion, uid=uid)

    assert uids(browser, ALL) == {"a", "b", "c", "d"}
    assert uids(browser, f"{ALL}?library=lia") == uids(browser, "/calendar/lia.ics") == {"c", "d"}
    assert uids(browser, f"{ALL}?grade=5") == {"b", "c", "d"}
    assert uids(browser, f"{ALL}?grade=5&library=granlia") == uids(browser, "/calendar/granlia.ics?grade=5")
    assert uids(browser, "/calendar/granlia.ics?grade=5") == {"b"}
    assert uids(browser, f"{ALL}?mode=drop_in") == {"b", "d"}
    assert uids(browser, f"{ALL}?mode=sign_up&grade=3") == {"a", "d"}
    assert uids(browser, f"{ALL}?grade=13&library=granlia") == set()


def test_a_calendar_says_in_its_name_and_its_file_what_was_ordered(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        make_library(session, slug="granlia")

    answer = browser.get(f"{ALL}?library=granlia&grade=5&mode=drop_in&lang=en")

    assert Calendar.from_ical(answer.data)["NAME"] == "Granlia bibliotek – grade 5 (age 10) – Just come"
    assert answer.headers["Content-Disposition"] == 'inline; filename="granlia-5-trinn-drop-in.ics"'


def test_a_database_that_is_away_is_told_in_a_plain_line_and_when_to_ask_again(
    app: Flask, browser: Browser, meeting: Meeting
) -> None:
    browser.get(ALL)
    with app.app_context():
        engine = database.engine

    def refuse(*_told: Any) -> None:
        # As the driver says it when there is nobody at the other end.
        raise engine.dialect.loaded_dbapi.OperationalError("gone")

    event.listen(engine, "do_connect", refuse)
    try:
        engine.dispose()
        answers = [browser.get(ALL), browser.get(ALL, headers={"If-None-Match": "*"})]
    finally:
        event.remove(engine, "do_connect", refuse)

    for answer in answers:
        assert (answer.status_code, answer.mimetype) == (503, "text/plain")
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
    assert browser.get(ALL).status_code == 200


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_one_can_only_look(app: Flask, method: str) -> None:
    answer = app.test_client().open(ALL, method=method)

    assert (answer.status_code, answer.mimetype) == (405, "text/plain")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_one_meeting_that_cannot_be_written_is_left_out_and_the_others_are_there(
    arranging: Arranging, browser: Browser, meeting: Meeting, caplog: pytest.LogCaptureFixture
) -> None:
    with arranging() as session:
        make_meeting(session, uid="whole")
        for text in session.scalars(select(ActivityText)):
            if text.activity_id == 1:
                session.delete(text)

    assert uids(browser, ALL) == {"whole"}
    assert f"{meeting.uid} left out" in caplog.text
    assert browser.get(f"/calendar/meetings/{meeting.uid}.ics").status_code == 404


def test_a_copy_that_is_put_back_under_a_running_house_is_lifted_before_it_is_told(
    app: Flask, arranging: Arranging, browser: Browser, clock: StoppedClock, meeting: Meeting
) -> None:
    from booking.revision import Catalogue

    columns = ("starts_at", "ends_at", "shown_sequence", "shown_at", "shown_as")
    with arranging() as session:
        held = session.scalars(select(Meeting)).one()
        copy = {name: getattr(held, name) for name in columns}
        raised_at = session.scalars(select(Catalogue.raised_at)).one()
    for _time in range(2):
        clock.forward(hours=1)
        with arranging() as session:
            moved = session.scalars(select(Meeting)).one()
            moved.starts_at += timedelta(minutes=30)
    seen: Any = Calendar.from_ical(browser.get(ALL).data).walk("VEVENT")[0]
    with app.app_context(), database.engine.begin() as connection:
        connection.execute(Meeting.__table__.update().values(**copy))  # type: ignore[attr-defined]
        connection.execute(
            Catalogue.__table__.update().values(raised_at=raised_at, programme="from before")  # type: ignore[attr-defined]
        )

    after: Any = Calendar.from_ical(browser.get(ALL).data).walk("VEVENT")[0]

    assert after["DTSTART"].dt == meeting.starts_at
    assert after["SEQUENCE"] > seen["SEQUENCE"] == 2
    assert after["LAST-MODIFIED"].dt > seen["LAST-MODIFIED"].dt or after["LAST-MODIFIED"].dt == clock()
