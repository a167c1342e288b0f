"""Text messages: how long one may be, when a phone may ring, and handing one over."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from typing import Final
from unicodedata import normalize
from urllib.parse import urlsplit

from booking.clock import instant_at, local_time
from booking.outbox.post import NotPosted
from booking.outbox.rules import Trouble

# Hands the words over to a number; the same message twice has the same id.
Texting = Callable[[str, str, str], None]

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
_LATER: Final = frozenset({401, 403, 407, 408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Who sends text messages for us, and how long that may take: much less than a lease."""

    url: str
    token: str = field(repr=False)
    sender: str
    seconds: float = 30


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


def text_by_gateway(gateway: Gateway) -> Texting:
    """Return what hands each message to the gateway, over a connection of its own."""

    def text(number: str, words: str, identity: str) -> None:
        body = json.dumps({"id": identity, "from": gateway.sender, "to": number, "text": words})
        headers = {
            "Authorization": f"Bearer {gateway.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": identity,
        }
        _judge(_post(gateway, body.encode(), headers))

    return text


def text_to_folder(folder: Path) -> Texting:
    """Return what keeps each message as a file; the same identity is the same file."""

    def text(number: str, words: str, identity: str) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Whoever looks into the mailbox finds a whole message or none.
            draft = folder / f"{identity}.draft"
            draft.write_text(f"{number}\n{words}\n", encoding="utf-8")
            draft.replace(folder / f"{identity}.sms")
        except OSError:
            raise NotPosted(Trouble.NO_ANSWER) from None

    return text


def _post(gateway: Gateway, body: bytes, headers: dict[str, str]) -> int:
    connection = _reached(gateway)
    # A gateway that dawdles over its answer is left standing: a second worker must not send it too.
    patience = Timer(gateway.seconds, _hang_up, [connection])
    patience.start()
    try:
        connection.request("POST", _path(gateway.url), body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        # The message may have been taken.
        raise NotPosted(Trouble.NO_RECEIPT) from None
    finally:
        patience.cancel()
        connection.close()


def _reached(gateway: Gateway) -> HTTPConnection:
    address = urlsplit(gateway.url)
    connection: HTTPConnection
    if address.scheme == "https":
        context = ssl.create_default_context()
        connection = HTTPSConnection(address.netloc, timeout=gateway.seconds, context=context)
    else:
        connection = HTTPConnection(address.netloc, timeout=gateway.seconds)
    try:
        connection.connect()
    except (OSError, HTTPException):
        raise NotPosted(Trouble.NO_ANSWER) from None
    return connection


def _path(url: str) -> str:
    address = urlsplit(url)
    return f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"


def _hang_up(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        connection.sock.shutdown(2)


def _judge(status: int) -> None:
    # A token that is not known any more, or too many at once, is no fault of this message: it waits.
    if status in _LATER or status >= 500:  # noqa: PLR2004 – as HTTP counts
        raise NotPosted(Trouble.REFUSED_FOR_NOW)
    if not 200 <= status < 300:  # noqa: PLR2004 – likewise
        raise NotPosted(Trouble.REFUSED)
