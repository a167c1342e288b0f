"""What independent readers make of our calendars: the same events, instants and words.

ICS-05, ICS-10, ICS-19 to ICS-25, ICS-60. Readers that are not Python's are asked by `bench/readers`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import ics
import pytest
import vobject
from icalendar import Calendar
from vdirsyncer.vobject import Item, split_collection

from booking.clock import instant_at
from booking.feeds.render import render_calendar
from booking.feeds.rules import Entry
from tests.feeds.hostile import CLEANED, HOSTILE, dates_over_both_changes, entry

pytestmark = pytest.mark.filterwarnings("ignore")

Read = Mapping[str, tuple[datetime, datetime, str, str, str]]


def _icalendar(calendar: str) -> Read:
    events: list[Any] = list(Calendar.from_ical(calendar).walk("VEVENT"))
    return {
        str(each["UID"]): (
            each["DTSTART"].dt.astimezone(UTC),
            each["DTEND"].dt.astimezone(UTC),
            str(each["SUMMARY"]),
            str(each["DESCRIPTION"]),
            str(each["LOCATION"]),
        )
        for each in events
    }


def _vobject(calendar: str) -> Read:
    return {
        each.uid.value: (
            each.dtstart.value.astimezone(UTC),
            each.dtend.value.astimezone(UTC),
            each.summary.value,
            each.description.value,
            each.location.value,
        )
        for each in vobject.readOne(calendar).contents.get("vevent", [])
    }


def _ics(calendar: str) -> Read:
    return {
        each.uid: (
            each.begin.datetime.astimezone(UTC),
            each.end.datetime.astimezone(UTC),
            each.name,
            each.description,
            each.location,
        )
        for each in ics.Calendar(calendar).events
    }


def _split(calendar: str) -> Read:
    """Split as vdirsyncer does, and read each part by itself."""
    items = [Item(text) for text in split_collection(calendar)]
    found = [_icalendar(item.raw) for item in items]
    assert [item.uid for item in items] == [uid for each in found for uid in each]
    return {uid: told for each in found for uid, told in each.items()}


READERS: Mapping[str, Callable[[str], Read]] = {
    "icalendar": _icalendar,
    "vobject": _vobject,
    "ics": _ics,
    "vdirsyncer": _split,
}


def written(entries: list[Entry]) -> str:
    return render_calendar(entries, name="Granlia bibliotek", called_off="AVLYST").decode()


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_each_date_at_its_instant_through_both_changes_of_clock(reader: str) -> None:
    entries = dates_over_both_changes()

    found = READERS[reader](written(entries))

    assert {uid: told[:2] for uid, told in found.items()} == {
        each.uid: (each.starts_at, each.ends_at) for each in entries
    }


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_hostile_words_where_they_were_written_and_nowhere_else(reader: str) -> None:
    entries = [
        entry(uid=f"{number}-{field}", **{field: text})
        for number, text in enumerate(HOSTILE)
        for field in ("title", "description", "place")
    ]

    found = READERS[reader](written(entries))

    assert set(found) == {each.uid for each in entries}
    for number, clean in enumerate(CLEANED):
        line = " ".join(clean.split())
        assert found[f"{number}-title"][2] == line
        assert found[f"{number}-description"][3] == f"{clean.strip()}\n\n{entry().url}"
        assert found[f"{number}-place"][4] == line


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_reads_a_calendar_without_meetings(reader: str) -> None:
    assert READERS[reader](written([])) == {}


@pytest.mark.parametrize("reader", sorted(set(READERS) - {"ics"}))
def test_a_backslash_before_a_letter_is_two_signs(reader: str) -> None:
    # ics.py takes it for a line end, against RFC 5545 section 3.3.11.
    found = READERS[reader](written([entry(uid="a", title="C:\\nytt \\N")]))

    assert found["a"][2] == "C:\\nytt \\N"


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_reads_hundreds_of_meetings(reader: str) -> None:
    evening = instant_at(datetime(2026, 11, 24, tzinfo=UTC).date(), time(17))
    starts = [evening + timedelta(hours=3 * number) for number in range(300)]
    entries = [entry(uid=f"{at:%Y%m%d%H}", starts_at=at, ends_at=at + timedelta(hours=2)) for at in starts]

    assert len(READERS[reader](written(entries))) == 300
