"""The words of a text message: how long they may be, and when a phone may ring."""

from datetime import datetime, time, timedelta
from typing import Final
from unicodedata import normalize

from booking.clock import instant_at, local_time

MOST_PARTS: Final = 2
_WAKING: Final = time(8)
_SLEEPING: Final = time(21)
_PART_OF_PLAIN: Final = (160, 153)
_PART_OF_ANY: Final = (70, 67)
# The alphabet that a phone counts seven bits a sign for (3GPP TS 23.038 section 6.2.1), and its second page.
_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE_AS_LONG: Final = frozenset("^{}\\[~]|€\f")
# Typographic signs would more than halve what a message holds.
_TYPED: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\xa0": " "}
)


def plain(words: str) -> str:
    """Return the words on one line, with signs that every phone has where there are such."""
    return " ".join(words.translate(_TYPED).split())


def without_accents(words: str) -> str:
    """Return the words with the letters that every phone has in place of those that make a message longer."""
    letters = (sign if sign in _PLAIN else normalize("NFKD", sign) for sign in words)
    return "".join(sign for letter in letters for sign in letter if sign in _PLAIN)


def parts_of(words: str) -> int:
    """Return how many messages the words take."""
    if set(words) <= _PLAIN | _TWICE_AS_LONG:
        (whole, part), length = _PART_OF_PLAIN, sum(1 + (sign in _TWICE_AS_LONG) for sign in words)
    else:
        (whole, part), length = _PART_OF_ANY, len(words.encode("utf-16-le")) // 2
    return 1 if length <= whole else -(-length // part)


def waking_hour(now: datetime) -> datetime:
    """Return when a phone may ring: now by day, at eight in the morning for what is written at night."""
    here = local_time(now)
    if _WAKING <= here.time() < _SLEEPING:
        return now
    day = here.date() + timedelta(days=here.time() >= _SLEEPING)
    return instant_at(day, _WAKING)
