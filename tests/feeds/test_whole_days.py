"""What lasts whole days, as independent readers take it: dates without a time, without their end (ICS-22)."""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

import ics
import pytest
import vobject
from icalendar import Calendar
from vdirsyncer.vobject import Item, split_collection

from booking.clock import instant_at
from booking.feeds.render import render_calendar
from booking.feeds.rules import Entry
from tests.feeds.hostile import entry

pytestmark = pytest.mark.filterwarnings("ignore")

Days = tuple[date, date]
"""The first day, and the first that does not belong to it any more."""

# One day; a few; over the end of a year and of a February; and over both changes of the clock.
PLANNED: Mapping[str, Days] = {
    "one": (date(2026, 12, 1), date(2026, 12, 1)),
    "few": (date(2026, 9, 10), date(2026, 9, 15)),
    "year": (date(2026, 12, 28), date(2027, 1, 3)),
    "leap": (date(2028, 2, 28), date(2028, 3, 1)),
    "autumn": (date(2026, 10, 24), date(2026, 10, 25)),
    "night": (date(2026, 10, 25), date(2026, 10, 25)),
    "spring": (date(2027, 3, 28), date(2027, 3, 28)),
    "pilots": (date(2026, 9, 15), date(2027, 4, 1)),
}


def whole_days(uid: str, first_on: date, last_on: date, **changes: object) -> Entry:
    starts_at, ends_at = (instant_at(day, time(0)) for day in (first_on, last_on + timedelta(days=1)))
    facts = {"geo": None, "place": "", "is_all_day": True, **changes}
    return entry(uid=uid, starts_at=starts_at, ends_at=ends_at, **facts)


def written(entries: list[Entry]) -> str:
    return render_calendar(entries, name="Planen", called_off="AVLYST").decode()


def _icalendar(calendar: str) -> Mapping[str, Days]:
    events: list[Any] = list(Calendar.from_ical(calendar).walk("VEVENT"))
    return {str(each["UID"]): (each["DTSTART"].dt, each["DTEND"].dt) for each in events}


def _vobject(calendar: str) -> Mapping[str, Days]:
    events = vobject.readOne(calendar).contents["vevent"]
    return {each.uid.value: (each.dtstart.value, each.dtend.value) for each in events}


def _ics(calendar: str) -> Mapping[str, Days]:
    events = ics.Calendar(calendar).events
    assert all(each.all_day for each in events)
    return {each.uid: (each.begin.date(), each.end.date()) for each in events}


def _split(calendar: str) -> Mapping[str, Days]:
    found = [_icalendar(Item(text).raw) for text in split_collection(calendar)]
    return {uid: days for each in found for uid, days in each.items()}


READERS: Mapping[str, Callable[[str], Mapping[str, Days]]] = {
    "icalendar": _icalendar,
    "vobject": _vobject,
    "ics": _ics,
    "vdirsyncer": _split,
}


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_whole_days_and_the_end_does_not_belong_to_them(reader: str) -> None:
    found = READERS[reader](written([whole_days(uid, *days) for uid, days in PLANNED.items()]))

    expected = {uid: (first, last + timedelta(days=1)) for uid, (first, last) in PLANNED.items()}
    assert found == expected
    # A date is no instant: whoever reads it elsewhere reads the same day.
    assert {type(day) for days in found.values() for day in days} == {date}


def test_whole_days_are_written_as_dates_and_block_nobody_s_time() -> None:
    event = written([whole_days("a", date(2026, 9, 15), date(2026, 12, 1), is_private=True)])
    lines = event[event.index("BEGIN:VEVENT") :].split("\r\n")

    assert "DTSTART;VALUE=DATE:20260915" in lines
    assert "DTEND;VALUE=DATE:20261202" in lines
    assert "TRANSP:TRANSPARENT" in lines
    assert not [line for line in lines if line.startswith(("LOCATION", "GEO"))]


def test_whole_days_and_hours_stand_in_the_order_of_their_beginning() -> None:
    evening = entry(uid="evening", starts_at=instant_at(date(2026, 12, 1), time(17)))
    entries = [evening, whole_days("day", date(2026, 12, 1), date(2026, 12, 1)), evening]

    calendar = written(entries[:2])

    assert calendar.index("UID:day") < calendar.index("UID:evening")
    assert calendar == written(entries[1:])
