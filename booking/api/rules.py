"""What a program may ask for: which days, how many at a time, and in which form."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

MOST_AT_ONCE: Final = 500
AT_ONCE: Final = 100
_WHOLE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}")
_OFFSET: Final = re.compile(r"0|[1-9][0-9]{0,5}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Before and after these nothing is on: programs that want everything ask from year 1 to year 9999, where no
# day has a day before or after it.
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)
_UID: Final = re.compile(r"[0-9a-f-]{1,36}")
_BEARER: Final = re.compile(r"bearer +([\x21-\x7e]{20,200}) *", re.IGNORECASE)


class Unreadable(Refusal):
    """A parameter that is unknown, stands twice or makes no sense: it is never taken for "all"."""

    code: ClassVar[str] = "parameter_not_understood"


class NoKey(Refusal):
    """No key came along, or one that opens nothing (any more): one answer for all of these."""

    code: ClassVar[str] = "no_access_key"


class TooManyKeys(Refusal):
    """More keys than anybody keeps an eye on."""

    code: ClassVar[str] = "too_many_access_keys"
    field: ClassVar[str | None] = "name"


# A library that has more has lost count of who reads its figures.
MOST_KEYS: Final = 20


class Format(StrEnum):
    """In which form an answer is written."""

    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which meetings: of which days, both included, how many at once, and after which one."""

    first_on: date | None
    last_on: date | None
    limit: int
    after: str | None


def read_wanted(args: Mapping[str, Sequence[str]]) -> Wanted:
    """Return what an address asks for; refuses Unreadable, which names the parameter."""
    said = one_of_each(args, known={"from", "to", "limit", "after"})
    wanted = Wanted(
        first_on=read_day("from", said),
        last_on=read_day("to", said),
        limit=read_limit(said),
        after=_matching(_UID, "after", said),
    )
    if wanted.first_on and wanted.last_on and wanted.last_on < wanted.first_on:
        raise Unreadable(parameter="to")
    return wanted


def one_of_each(args: Mapping[str, Sequence[str]], *, known: Collection[str]) -> Mapping[str, str]:
    """Return the one value of each parameter; refuses Unreadable for one that is unknown or stands twice."""
    for name, values in args.items():
        if name not in known or len(values) != 1:
            raise Unreadable(parameter=_printable(name))
    return {name: values[0] for name, values in args.items()}


def read_limit(said: Mapping[str, str]) -> int:
    """Return how many at once, by itself AT_ONCE; refuses Unreadable for none or too many."""
    text = _matching(_WHOLE_NUMBER, "limit", said)
    if text is None:
        return AT_ONCE
    if int(text) > MOST_AT_ONCE:
        raise Unreadable(parameter="limit")
    return int(text)


def read_offset(said: Mapping[str, str]) -> int:
    """Return how many to leave out before, by itself none; refuses Unreadable."""
    return int(_matching(_OFFSET, "after", said) or 0)


def read_day(name: str, said: Mapping[str, str]) -> date | None:
    """Return the day that a parameter names, or nothing without one; refuses Unreadable."""
    text = _matching(_DAY, name, said)
    if text is None:
        return None
    try:
        return min(max(date.fromisoformat(text), _FIRST_DAY), _LAST_DAY)
    except ValueError:
        raise Unreadable(parameter=name) from None


def key_in(header: str) -> str:
    """Return the key in an Authorization header (RFC 6750 section 2.1), or raise NoKey."""
    found = _BEARER.fullmatch(header)
    if found is None:
        raise NoKey
    return found.group(1)


def _matching(pattern: re.Pattern[str], name: str, said: Mapping[str, str]) -> str | None:
    text = said.get(name)
    if text is not None and not pattern.fullmatch(text):
        raise Unreadable(parameter=name)
    return text


def _printable(name: str) -> str:
    # It goes back to who sent it, in a sentence: as little of it as tells which one is meant.
    return re.sub(r"[^A-Za-z0-9_.\[\]-]", "?", name[:40])
