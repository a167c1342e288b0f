"""The dates of a letter, said to the calendar of whoever reads it (RFC 5546, by mail as in RFC 6047)."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from booking.ical import PRODUCT, ZONE, clean_line, own_title, whole_second, zone_of
from booking.outbox.models import Letter
from booking.outbox.sender import Sender
from booking.pages import public_url

_FILE_NAME: Final = "treff.ics"
_STATUSES: Final = {"REQUEST": "CONFIRMED", "CANCEL": "CANCELLED"}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class CalendarPart:
    """One object for a calendar, and its method; with a file's name it hangs on the letter."""

    method: str
    text: str
    file_name: str | None = None


def calendar_parts(letter: Letter, sender: Sender) -> list[CalendarPart]:
    """Return what the letter tells a calendar: the next date beside its words, and all of them in a file.

    Mail programs act on one date beside the words and no more; a file with all dates is opened with a tap.
    What cannot be written is left out and logged: the letter itself goes all the same.
    """
    told: Sequence[Mapping[str, Any]] = letter.facts.get("calendar") or ()
    try:
        return [part for number, each in enumerate(told) for part in _parts(letter, sender, each, number)]
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        _log.error("letter %s goes without its dates: %s", letter.message_id, type(error).__name__)
        return []


def _parts(letter: Letter, sender: Sender, told: Mapping[str, Any], number: int) -> list[CalendarPart]:
    method, entries = told["method"], told["entries"]
    if number:
        # One thing can stand beside the words; a place that was given up for another one hangs on.
        return [_part(letter, sender, method, entries, file_name=f"{number}-{_FILE_NAME}")]
    first = _part(letter, sender, method, entries[:1])
    if len(entries) == 1:
        return [first]
    return [first, _part(letter, sender, method, entries, file_name=_FILE_NAME)]


def _part(
    letter: Letter,
    sender: Sender,
    method: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    file_name: str | None = None,
) -> CalendarPart:
    calendar = Calendar()
    head = (("version", "2.0"), ("prodid", PRODUCT), ("calscale", "GREGORIAN"), ("method", method))
    for name, value in head:
        calendar.add(name, value)
    calendar.add_component(Timezone.from_ical(ZONE))
    for entry in entries:
        calendar.add_component(_event(letter, sender, method, entry))
    return CalendarPart(method=method, text=calendar.to_ical().decode(), file_name=file_name)


def _event(letter: Letter, sender: Sender, method: str, entry: Mapping[str, Any]) -> Event:
    starts_at = datetime.fromisoformat(entry["starts_at"])
    ends_at = datetime.fromisoformat(entry["ends_at"])
    zone = zone_of(starts_at, ends_at)
    slug = entry["slug"]
    url = public_url("whats_on.show_activity", slug=slug) if slug else public_url("family.show_my")
    event = Event()
    for name, value in (
        ("uid", entry["uid"]),
        ("sequence", entry["sequence"]),
        # With a method it is when this was said (RFC 5545 section 3.8.7.2); a letter sent twice says it once.
        ("dtstamp", whole_second(letter.written_at)),
        ("dtstart", starts_at.astimezone(zone)),
        ("dtend", ends_at.astimezone(zone)),
        ("summary", clean_line(own_title(entry["title"], entry["names"]))),
        ("location", clean_line(entry["place"])),
        ("description", url),
        ("url", url),
        ("status", _STATUSES[method]),
        ("transp", "OPAQUE"),
        ("class", "PRIVATE"),
        ("organizer", _organizer(sender)),
    ):
        event.add(name, value)
    # Whoever reads the letter and nobody else: other families' addresses are nobody's business.
    event.add("attendee", _attendee(letter))
    return event


def _organizer(sender: Sender) -> vCalAddress:
    address = _mailto(sender.address)
    address.params["CN"] = vText(clean_line(sender.name))
    return address


def _attendee(letter: Letter) -> vCalAddress:
    address = _mailto(letter.address or "")
    # They have said yes already: no calendar is to ask for an answer, which nobody would read.
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")
    return address


def _mailto(address: str) -> vCalAddress:
    return vCalAddress(f"mailto:{quote(address, safe='@+')}")
