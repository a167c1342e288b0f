"""What docs/calendars.md says of calendars is tested, each of it; and what no other test here looks at."""

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from booking.activities.models import Meeting, Occasion
from booking.feeds.render import render_calendar
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import SignupState
from tests.browser import Browser
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion, make_signup
from tests.family.entering import Arranging

HOUSE = Path(__file__).parents[2]
ALL = "/calendar/all.ics"
# The colours of CSS3 that are one word of common use; the house's own must be among them.
COLOURS = {"teal", "seagreen", "darkgreen", "green", "olive", "navy", "maroon", "darkslategray", "orange"}
ROW = re.compile(r"^\| (ICS-\d\d) \| .+ \| (.+) \|$", re.MULTILINE)


@pytest.fixture
def meeting(arranging: Arranging) -> Meeting:
    """A meeting at Granlia whose activity has the address «spill»."""
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"), slug="spill")
        return make_meeting(session, occasion=make_occasion(session, activity=activity))


def test_each_requirement_of_calendars_names_the_tests_that_hold_it() -> None:
    tests = {
        node.name
        for path in (HOUSE / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }

    rows = ROW.findall((HOUSE / "docs" / "calendars.md").read_text(encoding="utf-8"))

    assert [code for code, _named in rows] == [f"ICS-{number:02}" for number in range(1, 63)]
    for code, named in rows:
        names = set(re.findall(r"`(test_\w+)`", named))
        assert names, code
        assert names <= tests, code


@pytest.mark.usefixtures("meeting")
def test_by_whatever_name_the_house_is_called_the_entries_are_the_same(browser: Browser) -> None:
    usual = browser.get(ALL)

    other = browser.get(ALL, base_url="http://another-name.example.org", headers={"Host": "localhost"})

    assert other.data == usual.data


def test_a_course_is_as_many_entries_as_it_has_dates_and_repeats_by_no_rule(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session))
        for week in range(10):
            make_meeting(
                session, occasion=occasion, uid=f"w{week}", starts_at=NOON.replace(month=12, day=1 + week)
            )

    calendar = Calendar.from_ical(browser.get(ALL).data)

    found: list[Any] = calendar.walk("VEVENT")
    assert {str(each["UID"]) for each in found} == {f"w{week}" for week in range(10)}
    for each in found:
        assert not {"RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"} & set(each.keys())
    (zone,) = calendar.walk("VTIMEZONE")
    assert [part.name for part in zone.subcomponents] == ["DAYLIGHT", "STANDARD"]
    assert all("RRULE" in part and "RDATE" not in part for part in zone.subcomponents)


@pytest.mark.parametrize(
    "accepted", [None, "*/*", "text/calendar, application/calendar+json, application/calendar+xml"]
)
@pytest.mark.usefixtures("meeting")
def test_whatever_a_program_says_it_takes_it_gets_a_calendar(browser: Browser, accepted: str | None) -> None:
    answer = browser.get(ALL, headers={} if accepted is None else {"Accept": accepted})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")


def test_a_single_date_is_fetched_without_cookies_and_calls_for_no_answer(
    app: Flask, meeting: Meeting
) -> None:
    answer = app.test_client(use_cookies=False).get(f"/calendar/meetings/{meeting.uid}.ics")

    calendar = Calendar.from_ical(answer.data)
    (event,) = calendar.walk("VEVENT")
    assert "METHOD" not in calendar
    assert not {"ORGANIZER", "ATTENDEE", "VALARM", "ATTACH"} & set(event.keys())
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Disposition"].isascii()
    assert answer.headers["Content-Disposition"].endswith('.ics"')


def test_the_colour_is_one_that_has_a_name() -> None:
    calendar: Any = Calendar.from_ical(render_calendar([], name="Granlia", called_off="AVLYST"))

    assert str(calendar["COLOR"]) in COLOURS


@pytest.mark.parametrize("method", ["REPLY", "COUNTER", "CANCEL"])
def test_what_a_calendar_sends_back_changes_nothing(
    app: Flask, arranging: Arranging, meeting: Meeting, method: str
) -> None:
    with arranging() as session:
        make_signup(session, occasion=session.scalars(select(Occasion)).one())
    sent = (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{meeting.uid}\r\n"
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ola@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    client = app.test_client()
    for address in (ALL, "/calendar/granlia.ics", f"/calendar/meetings/{meeting.uid}.ics"):
        for send in (client.post, client.put, client.delete):
            assert send(address, data=sent, content_type="text/calendar").status_code == 405

    with arranging() as session:
        assert session.scalars(select(Signup.state)).all() == [SignupState.CONFIRMED]
        assert session.scalars(select(SignupMove)).all() == []


def test_the_example_for_a_web_server_keeps_secret_addresses_out_of_its_log() -> None:
    text = (HOUSE / "docs" / "running.md").read_text(encoding="utf-8")

    blocks = re.findall(r"server \{(.+?)\n +\}\n\n", text, re.DOTALL)
    on_80 = next(block for block in blocks if "listen 80;" in block)
    on_443 = next(block for block in blocks if "listen 443" in block)
    assert "return 308 https://$host$request_uri;" in on_80
    assert all("access_log off;" in block for block in (on_80, on_443))


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize(
    ("base_url", "is_said"), [("https://b.example.org", True), ("http://127.0.0.1", False)]
)
def test_a_program_that_came_by_https_is_told_to_come_that_way_again(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch, base_url: str, is_said: bool
) -> None:
    settings = replace(app.extensions["booking.settings"], base_url=base_url)
    monkeypatch.setitem(app.extensions, "booking.settings", settings)

    headers = browser.get(ALL).headers

    assert headers.get("Strict-Transport-Security", "").startswith("max-age=31536000") is is_said
