"""Months: what many meetings come to, as columns of whole numbers beside each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from booking.participation.figures import Period
from booking.participation.rules import HeadcountBand

Numbers = NDArray[np.int64]

# Of each meeting, whether it was held or not. Words are told by their place in the month's lists.
MEETING: Final = (
    "day",
    "activity_id",
    "occasion_id",
    "is_course",
    "was_held",
    "seconds",
    "named",
    "activity_kind",
    "partners",
)
# Of each meeting as well; one more than the capacity, and nought where there is none.
COUNTED: Final = (
    "capacity",
    "named_adults",
    "booked",
    "no_shows",
    "late_cancellations",
    "queued",
    "waited_in_vain",
    "offered_and_came",
    "asked",
    "permitted",
    "permitted_and_came",
    *(band.value for band in HeadcountBand),
)
_MONTHS: Final = 12
_WIDTHS: Final = (1, 2, 4, 8)
_OF_WIDTH: Final = {width: np.dtype(f"<u{width}") for width in _WIDTHS}
_BITS: Final = 8
# Ends every word of a text.
_END: Final = "\n"


def month_number(day: date) -> int:
    """Return the number of the month that the day is in; the next month has the next number."""
    return _MONTHS * day.year + day.month - 1


def days_of(month: int) -> Period:
    """Return the days of the month with the number."""
    following = date((month + 1) // _MONTHS, (month + 1) % _MONTHS + 1, 1)
    last = date.fromordinal(following.toordinal() - 1)
    return Period(first=last.replace(day=1), last=last)


def week_of(day: date) -> str:
    """Return the ISO week as it is sorted: the year of the week and its number."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def packed(numbers: Sequence[int]) -> bytes:
    """Return whole numbers from nought on, each in as few bytes as the greatest of them needs."""
    most = max(numbers, default=0)
    width = next(width for width in _WIDTHS if most < 1 << (_BITS * width))
    return np.array(numbers, dtype=f"<u{width}").tobytes()


def unpacked(several: Sequence[bytes], lengths: Sequence[int], *, rows: int = 1) -> Numbers:
    """Return numbers of such texts one after the other, where each has so many in each of its rows."""
    parts = [
        np.frombuffer(text, _OF_WIDTH[len(text) // (length * rows)]).reshape(rows, length)
        for text, length in zip(several, lengths, strict=True)
        if length
    ]
    if not parts:
        return np.zeros((rows, 0), dtype=np.int64)
    return np.concatenate(parts, axis=1, dtype=np.int64)


@dataclass
class Words:
    """Words by numbers of their own: each has its place in a list."""

    places: dict[str, int] = field(default_factory=dict)
    _of_texts: dict[str, list[int]] = field(default_factory=dict)

    def place(self, word: str) -> int:
        """Return the place of a word, at the end if it is a new one."""
        return self.places.setdefault(word, len(self.places))

    def places_of(self, text: str) -> list[int]:
        """Return the places of the words of a text."""
        # Most months are about the same few words.
        if text not in self._of_texts:
            self._of_texts[text] = [self.place(word) for word in text.split(_END)[:-1]]
        return self._of_texts[text]

    @property
    def listed(self) -> list[str]:
        """The words in the order of their places."""
        return list(self.places)

    @property
    def text(self) -> str:
        """The words in one text."""
        return "".join(f"{word}{_END}" for word in self.places)


def partners_word(partners: Collection[tuple[int, str]]) -> str:
    """Return the organisations of a meeting, each with its sector, as one word."""
    return "|".join(f"{partner_id}:{sector}" for partner_id, sector in sorted(partners))


def partners_in(word: str) -> list[tuple[int, str]]:
    """Return the organisations of such a word, each with its sector."""
    pairs = (each.split(":") for each in word.split("|") if each)
    return [(int(partner_id), sector) for partner_id, sector in pairs]


def person_word(municipality_code: str, age_band: str, grade_band: str | None) -> str:
    """Return what is known of a person at a visit as one word."""
    return f"{municipality_code}|{age_band}|{grade_band or ''}"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Who of the visitors came to a meeting: a number, what was known then, and whether it was the first."""

    visitor_id: int
    told: str
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class MonthMeeting:
    """A meeting as a month is made of it; grown-ups with a name are told apart by nothing but bands."""

    numbers: Mapping[str, int]
    activity_kind: str
    partners: str
    young: Sequence[Visit] = ()
    adults: Sequence[str] = ()


def month_of(meetings: Sequence[MonthMeeting]) -> Mapping[str, Any]:
    """Return what is kept of meetings, in this order, by column."""
    kinds, partners, told = Words(), Words(), Words()
    rows = [
        {
            **each.numbers,
            "named": len(each.young),
            "activity_kind": kinds.place(each.activity_kind),
            "partners": partners.place(each.partners),
        }
        for each in meetings
    ]
    visits = [visit for each in meetings for visit in each.young]
    people = {number: place for place, number in enumerate(sorted({visit.visitor_id for visit in visits}))}
    grown_up = [(place, told.place(word)) for place, each in enumerate(meetings) for word in each.adults]
    return {
        "size": len(meetings),
        "meetings": packed([row[name] for name in MEETING for row in rows]),
        "counted": packed([row[name] for name in COUNTED for row in rows]),
        "visitor_count": len(people),
        "visitors": packed(list(people)),
        "visits": packed([people[visit.visitor_id] for visit in visits]),
        "bands": packed([told.place(visit.told) for visit in visits]),
        "first_count": sum(visit.is_first for visit in visits),
        "firsts": packed([place for place, visit in enumerate(visits) if visit.is_first]),
        "adult_count": len(grown_up),
        "adults": packed([place for place, _ in grown_up] + [word for _, word in grown_up]),
        "kinds": kinds.text,
        "partner_sets": partners.text,
        "person_words": told.text,
    }
