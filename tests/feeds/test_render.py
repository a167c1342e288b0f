"""The bytes of a calendar."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from booking.clock import OSLO, instant_at
from booking.feeds.render import bind_calendar, render_calendar, render_event
from booking.feeds.rules import Entry

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
HOSTILE = [
    "x\r\nATTENDEE:mailto:a@example.org",
    "x\rX-EVIL:1",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "x\u2028X-EVIL:1",
    "x\u2029X-EVIL:1",
    "x\x85X-EVIL:1",
    "x\x0bX-EVIL:1",
    "x\x0cX-EVIL:1",
    "x\x00\x1b[31m",
    "x\ufeffy",
    "x\ud800y",
    "\\ ; , \" ' & < > ^n",
    "æøå مرحبا 👩‍👩‍👧‍👦 e\u0301",
    "🎲" * 2000,
]
TEXTS = ("title", "description", "place")


def entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "uid": "8e3b2c9a-2f0e-4a0b-9f5e-1f6f5a4b3c2d",
        "sequence": 0,
        "made_at": datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 2, 9, 30, 15, 999999, tzinfo=UTC),
        "starts_at": TUESDAY,
        "ends_at": TUESDAY + timedelta(hours=2),
        "is_called_off": False,
        "title": "Spillkveld",
        "description": "Brettspill og brus.",
        "place": "Granlia bibliotek, Barneavdelingen, Storgata 1, 2200 Granlia",
        "geo": (60.19, 12.0),
        "url": "https://booking.example.org/activities/spillkveld",
    }
    return Entry(**{**values, **changes})


def rendered(*entries: Entry, name: str = "Granlia bibliotek", called_off: str = "AVLYST") -> bytes:
    return render_calendar(entries, name=name, called_off=called_off)


def parts(calendar: bytes, name: str) -> list[Any]:
    return list(Calendar.from_ical(calendar).walk(name))


def only_event(calendar: bytes) -> Any:
    (event,) = parts(calendar, "VEVENT")
    return event


def check_bytes(calendar: bytes) -> None:
    assert calendar.endswith(b"\r\n")
    text = calendar.decode("utf-8")
    assert not text.startswith("\ufeff")
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]", text)
    assert text.count("\n") == text.count("\r") == len(lines)
    # A fold inside a letter would have broken it when each line is read by itself.
    assert all(line.encode().decode() for line in lines)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")


def names_of(calendar: bytes) -> list[str]:
    unfolded = calendar.decode().replace("\r\n ", "")
    return [re.split("[:;]", line)[0] for line in unfolded.splitlines()]


def test_a_calendar_begins_with_its_version_and_ends_with_its_meetings() -> None:
    names = names_of(rendered(entry()))

    assert names[1:3] == ["VERSION", "PRODID"]
    assert names.index("X-WR-TIMEZONE") < names.index("BEGIN", 1)
    assert not {"METHOD", "ORGANIZER", "ATTENDEE", "ATTACH", "VALARM"} & set(names)


def test_how_often_to_look_again_is_said_in_both_ways() -> None:
    text = rendered().decode()

    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text


def test_an_entry_has_each_property_once() -> None:
    calendar = rendered(entry())
    event = names_of(calendar[calendar.index(b"BEGIN:VEVENT") :])

    for name in (
        "UID",
        "DTSTAMP",
        "SUMMARY",
        "STATUS",
        "SEQUENCE",
        "LAST-MODIFIED",
        "CREATED",
        "DTSTART",
        "DTEND",
        "URL",
        "GEO",
    ):
        assert event.count(name) == 1


def test_the_stamp_is_the_last_change_in_whole_seconds() -> None:
    event = only_event(rendered(entry()))

    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == datetime(2026, 11, 2, 9, 30, 15, tzinfo=UTC)


def test_a_description_ends_with_the_address_of_the_page() -> None:
    event = only_event(rendered(entry(description="En\nTo")))

    assert event["DESCRIPTION"] == "En\nTo\n\nhttps://booking.example.org/activities/spillkveld"


def test_a_called_off_meeting_is_crossed_out_in_status_and_in_words() -> None:
    event = only_event(rendered(entry(is_called_off=True, sequence=3), called_off="CALLED OFF"))

    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "CALLED OFF: Spillkveld")
    assert event["SEQUENCE"] == 3


def test_the_order_in_which_entries_come_does_not_show() -> None:
    first, second = entry(uid="b"), entry(uid="a")
    later = entry(uid="0", starts_at=TUESDAY + timedelta(minutes=1))

    assert rendered(first, second, later) == rendered(later, second, first)
    assert [event["UID"] for event in parts(rendered(later, first, second), "VEVENT")] == ["a", "b", "0"]


def test_nothing_changed_is_nothing_changed_to_the_byte() -> None:
    assert rendered(entry()) == rendered(entry())


def test_an_empty_calendar_is_a_calendar() -> None:
    empty = rendered()

    check_bytes(empty)
    assert len(parts(empty, "VTIMEZONE")) == 1
    assert vobject.readOne(empty.decode()).vtimezone.tzid.value == "Europe/Oslo"


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", TEXTS)
def test_no_text_becomes_a_property(field: str, text: str) -> None:
    calendar = rendered(replace(entry(), **{field: text}), name=text)  # type: ignore[arg-type]

    check_bytes(calendar)
    assert names_of(calendar) == names_of(rendered(entry()))
    parsed = vobject.readOne(calendar.decode())
    assert set(parsed.vevent.contents) == set(vobject.readOne(rendered(entry()).decode()).vevent.contents)


@pytest.mark.parametrize("parse", ["icalendar", "vobject"])
def test_signs_that_are_escaped_come_back_as_they_were(parse: str) -> None:
    title = "\\ ; , \" ' & < > æøå مرحبا 👩‍👩‍👧"
    calendar = rendered(entry(title=title, place=title, description=title))

    if parse == "icalendar":
        event = only_event(calendar)
        found = [str(event["SUMMARY"]), str(event["LOCATION"]), str(event["DESCRIPTION"])]
    else:
        parsed = vobject.readOne(calendar.decode()).vevent
        found = [parsed.summary.value, parsed.location.value, parsed.description.value]

    assert found == [title, title, f"{title}\n\n{entry().url}"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=400))
def test_whatever_is_typed_the_bytes_are_sound(line: str, text: str) -> None:
    # A place of no words is none.
    calendar = rendered(entry(title=line, place=f"Salen {line}", description=text), name=line)

    check_bytes(calendar)
    assert names_of(calendar) == names_of(rendered(entry()))


def test_a_name_has_none_of_the_signs_that_readers_disagree_about() -> None:
    calendar = Calendar.from_ical(rendered(name="Spill, sang; og: \\ mer"))

    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Spill sang og mer"


DAYS = [
    date(2026, 10, 24),
    date(2026, 10, 25),
    date(2026, 10, 26),
    date(2027, 3, 27),
    date(2027, 3, 28),
    date(2027, 3, 29),
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("hour", [1, 4, 17, 23])
def test_the_instant_is_right_on_both_sides_of_a_change_of_clock(day: date, hour: int) -> None:
    starts_at = instant_at(day, time(hour))
    calendar = rendered(entry(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2)))

    event = only_event(calendar)
    other = vobject.readOne(calendar.decode()).vevent
    assert event["DTSTART"].dt.astimezone(UTC) == other.dtstart.value.astimezone(UTC) == starts_at
    assert other.dtend.value.astimezone(UTC) - other.dtstart.value.astimezone(UTC) == timedelta(hours=2)


def test_an_evening_is_written_as_clocks_in_oslo_show_it() -> None:
    assert b"DTSTART;TZID=Europe/Oslo:20261201T170000\r\n" in rendered(entry())


def test_the_hours_over_the_change_itself_keep_their_length() -> None:
    starts_at = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    calendar = rendered(entry(starts_at=starts_at, ends_at=starts_at + timedelta(hours=6)))

    found = vobject.readOne(calendar.decode()).vevent

    assert found.dtend.value.astimezone(UTC) - found.dtstart.value.astimezone(UTC) == timedelta(hours=6)


def test_the_zone_written_by_hand_is_that_of_the_law_for_fifteen_years() -> None:
    zone = vobject.readOne(rendered().decode()).vtimezone.gettzinfo()
    hours = [time(1, 59), time(4), time(17)]  # between two and three in the night a time may be none, or two
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(15 * 365 + 4)]
    walls = [datetime.combine(day, hour) for day in days for hour in hours]

    differing = [wall for wall in walls if zone.utcoffset(wall) != wall.replace(tzinfo=OSLO).utcoffset()]

    assert differing == []


def test_an_entry_that_cannot_be_written_leaves_the_others_alone(caplog: pytest.LogCaptureFixture) -> None:
    broken = entry(uid="broken", sequence="not a number", title="Hemmelig tittel")

    calendar = rendered(broken, entry())

    assert only_event(calendar)["UID"] == entry().uid
    assert "broken left out" in caplog.text
    assert "Hemmelig" not in caplog.text


def test_events_that_were_written_before_are_bound_as_the_library_would_write_them_all() -> None:
    entries = [entry(uid=str(number), title="Lang tittel " * 9) for number in range(3)]
    whole = Calendar.from_ical(rendered(*entries))

    bound = bind_calendar([render_event(each, "AVLYST") for each in entries], name="Granlia bibliotek")

    assert bound == rendered(*entries) == whole.to_ical()


def test_a_familys_own_place_makes_it_busy_and_is_private() -> None:
    shown, own = only_event(rendered(entry())), only_event(rendered(entry(is_busy=True, is_private=True)))

    assert (shown["TRANSP"], shown.get("CLASS")) == ("TRANSPARENT", None)
    assert (own["TRANSP"], own["CLASS"]) == ("OPAQUE", "PRIVATE")
