"""Writing a calendar (RFC 5545): the same entries always give the same bytes."""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

from icalendar import Calendar, Event, Timezone, vText

from booking.clock import OSLO, local_date
from booking.feeds.rules import Entry
from booking.ical import PRODUCT, ZONE, clean_line, clean_text, whole_second, zone_of

# What can go wrong with one meeting, from its row to its bytes.
UNWRITABLE: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    StopIteration,
    TypeError,
    ValueError,
)

_END: Final = b"END:VCALENDAR\r\n"
_REFRESH: Final = "PT1H"
# A name of CSS3, as RFC 7986 section 5.9 wants it: the nearest to the green of the pages.
_COLOUR: Final = "teal"

_IN_WORDS: Final = frozenset({"summary", "description", "location"})
_IN_A_NAME: Final = re.compile(r"[,;:\\\"]")

_log = logging.getLogger(__name__)


def render_calendar(entries: Iterable[Entry], *, name: str, called_off: str) -> bytes:
    """Return a whole calendar of that name; `called_off` is the word before a title whose meeting is not on.

    An entry that cannot be written is left out and logged: the others must not suffer for it.
    """
    in_order = sorted(entries, key=lambda each: (each.starts_at, each.uid))
    return bind_calendar((render_event(entry, called_off) for entry in in_order), name=name)


def bind_calendar(events: Iterable[bytes | None], *, name: str) -> bytes:
    """Return a whole calendar of events that are written already, in the order given; gaps are left out.

    What did not change need not be written again: keep the bytes of `render_event` and bind them anew.
    """
    head, end = _cover(clean_name(name))
    return b"".join([head, *(event for event in events if event), end])


def render_event(entry: Entry, called_off: str) -> bytes | None:
    """Return the bytes of one event, or nothing, and a line in the log, when it cannot be written.

    The same entry always gives the same bytes; `called_off` is the word before a title that is not on.
    """
    write = _line_anew if entry.is_private else _line
    try:
        lines = [write(name, value, _zone(value)) for name, value in _properties(entry, called_off)]
    except UNWRITABLE as error:
        log_left_out(entry.uid, error)
        return None
    return b"".join((b"BEGIN:VEVENT\r\n", *lines, b"END:VEVENT\r\n"))


def log_left_out(uid: str, error: Exception) -> None:
    """Write that an event could not be written, and nothing of what stands in it."""
    # Not the error itself: it quotes what it could not write.
    _log.error("calendar entry %s left out: %s", clean_line(uid), type(error).__name__)


def clean_name(text: str) -> str:
    """Return a calendar's name; signs that some readers escape and others do not become spaces."""
    return clean_line(_IN_A_NAME.sub(" ", clean_text(text)))


@lru_cache(maxsize=256)
def _cover(name: str) -> tuple[bytes, bytes]:
    calendar = Calendar()
    for key, value in _head(name):
        calendar.add(key, value)
    # RFC 7986 section 5.7 gives this property no default type: without VALUE it would mean nothing.
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    # A calendar needs a component: with the zone in it, one without meetings is valid too.
    calendar.add_component(Timezone.from_ical(ZONE))
    written = bytes(calendar.to_ical())
    return written.removesuffix(_END), _END


def _head(name: str) -> list[tuple[str, str]]:
    # No METHOD: a subscribed calendar is a picture of now, not an invitation (RFC 5545 section 3.7.2).
    return [
        ("version", "2.0"),
        ("prodid", PRODUCT),
        ("calscale", "GREGORIAN"),
        ("name", name),
        ("x-wr-calname", name),
        ("x-wr-timezone", OSLO.key),
        ("x-published-ttl", _REFRESH),
        ("color", _COLOUR),
    ]


class _Words(vText):
    """Words as they stand: the library's own way takes a backslash and a great N for the end of a line."""

    def to_ical(self) -> bytes:
        """Return the words with what must be escaped escaped (RFC 5545 section 3.3.11), and once."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def _line_anew(name: str, value: object, _zone: str) -> bytes:
    """Return one property as the library writes it."""
    event = Event()
    event.add(name, _Words(str(value)) if name in _IN_WORDS else value)
    return bytes(event.content_line(name.upper(), event[name]).to_ical()) + b"\r\n"


# Meetings of one activity say much the same: a line that was written is not written again. What is somebody's
# own is not held here. Equal instants are kept apart by their zone, which is written too.
_line = lru_cache(maxsize=8192, typed=True)(_line_anew)


def _zone(value: object) -> str:
    return str(value.tzinfo) if isinstance(value, datetime) else ""


def _properties(entry: Entry, called_off: str) -> Iterator[tuple[str, object]]:
    """Give the properties of an event in the order in which the library writes them."""
    title = clean_line(entry.title)
    starts, ends = _times(entry)
    changed_at = whole_second(entry.changed_at)
    told = (
        ("summary", f"{called_off}: {title}" if entry.is_called_off else title),
        ("dtstart", starts),
        ("dtend", ends),
        # Without METHOD it means the same as LAST-MODIFIED (RFC 5545 section 3.8.7.2); never the present
        # moment, or every look would find everything changed.
        ("dtstamp", changed_at),
        ("uid", entry.uid),
        ("sequence", entry.sequence),
        ("class", "PRIVATE" if entry.is_private else None),
        ("created", whole_second(entry.made_at)),
        ("description", _ending_with(clean_text(entry.description).strip(), entry.url)),
        ("geo", entry.geo),
        ("last-modified", changed_at),
        ("location", clean_line(entry.place) or None),
        # A called-off entry stays: a phone that already has it must be told to cross it out. Some phones show
        # no status, so the title says it too.
        ("status", "CANCELLED" if entry.is_called_off else "CONFIRMED"),
        # What the library offers must not make a family look busy; a place that it has taken does.
        ("transp", "OPAQUE" if entry.is_busy else "TRANSPARENT"),
        ("url", entry.url or None),
    )
    return ((name, value) for name, value in told if value is not None)


def _times(entry: Entry) -> tuple[date, date]:
    if entry.is_all_day:
        # Days are no instants: they begin at midnight wherever they are read, and the end is the first that
        # does not belong to it any more (RFC 5545 section 3.6.1).
        return local_date(entry.starts_at), local_date(entry.ends_at)
    zone = zone_of(entry.starts_at, entry.ends_at)
    return entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)


def _ending_with(text: str, url: str) -> str:
    # Not every calendar shows URL.
    return "\n\n".join(part for part in (text, url) if part)
