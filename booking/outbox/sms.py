"""Handing a text message to a gateway, or to the demonstration's own mailbox."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from booking.outbox.post import NotPosted
from booking.outbox.rules import Trouble

# Hands the words over to a number; the same message twice has the same id.
Texting = Callable[[str, str, str], None]

_LATER: Final = frozenset({401, 403, 407, 408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """Who sends text messages for us, and how long that may take: much less than a lease."""

    url: str
    token: str = field(repr=False)
    sender: str
    seconds: float = 30


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
