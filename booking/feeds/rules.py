"""What a calendar entry consists of, which meetings a feed holds, and what may stand in its texts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_DAYS_BACK: Final = 90
_DAYS_AHEAD: Final = 365

_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_IN_A_NAME: Final = re.compile(r"[,;:\\\"]")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One meeting as a calendar shows it, its words already in the reader's language.

    `uid`, `sequence` and `changed_at` are stored, and never made when the entry is written: `changed_at`
    is the last change that a reader can see, of the meeting, its activity or its library. `url` is a public
    page, never a secret link; empty when there is none. A family's own place makes it busy, and is nobody
    else's business.
    """

    uid: str
    sequence: int
    made_at: datetime
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    is_called_off: bool
    title: str
    description: str
    place: str
    geo: tuple[float, float] | None
    url: str
    is_busy: bool = False
    is_private: bool = False


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when until when a feed reaches."""

    starts: datetime
    ends: datetime


def span_at(now: datetime) -> Span:
    """Return what a feed holds: a year on, and three months back, or a calendar would lose its past."""
    return Span(starts=now - timedelta(days=_DAYS_BACK), ends=now + timedelta(days=_DAYS_AHEAD))


def clean_text(text: str) -> str:
    """Return the text without anything that a calendar would take for the start of a new property."""
    lines = _LINE_ENDS.sub("\n", text)
    return "".join(letter for letter in lines if letter == "\n" or _may_stand(letter))


def clean_line(text: str) -> str:
    """Return the text on one line, its spaces single."""
    return " ".join(clean_text(text).split())


def clean_name(text: str) -> str:
    """Return a calendar's name; signs that some readers escape and others do not become spaces."""
    return clean_line(_IN_A_NAME.sub(" ", clean_text(text)))


def _may_stand(letter: str) -> bool:
    return letter != "\ufeff" and unicodedata.category(letter) not in {"Cc", "Cs"}
