"""What all that is written for calendars shares: which signs may stand in it, and Oslo's clock (RFC 5545)."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

from flask_babel import gettext

from booking.clock import OSLO

PRODUCT: Final = "-//Velkommen inn//Booking//NO"

# Written by hand: the library's own way lists dates one by one, which several calendars read an hour wrong.
ZONE: Final = """\
BEGIN:VTIMEZONE
TZID:Europe/Oslo
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace("\n", "\r\n")

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")


def clean_text(text: str) -> str:
    """Return the text without anything that a calendar would take for the start of a new property."""
    if all(line.isprintable() for line in text.split("\n")):  # as nearly every text is
        return text
    lines = _LINE_ENDS.sub("\n", text)
    return "".join(letter for letter in lines if letter == "\n" or letter.isprintable() or _may_stand(letter))


def clean_line(text: str) -> str:
    """Return the text on one line, its spaces single."""
    return " ".join(clean_text(text).split())


def own_title(title: str | None, names: Sequence[str]) -> str:
    """Return what an entry of a family's own calendar is called, in the language that is spoken.

    Without a title it is only the library; names tell which child, where the family asked for that.
    """
    said = title or gettext("The library")
    return f"{said} – {', '.join(names)}" if names else said


def zone_of(starts_at: datetime, ends_at: datetime) -> tzinfo:
    """Return by which clock to write a date: Oslo's, or UTC where Oslo's shows one of its times twice."""
    return UTC if _happens_twice(starts_at) or _happens_twice(ends_at) else OSLO


def whole_second(instant: datetime) -> datetime:
    """Return the instant as calendars know it."""
    return instant.replace(microsecond=0)


def _may_stand(letter: str) -> bool:
    return letter != "\ufeff" and unicodedata.category(letter) not in {"Cc", "Cs"}


def _happens_twice(instant: datetime) -> bool:
    local = instant.astimezone(OSLO)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
