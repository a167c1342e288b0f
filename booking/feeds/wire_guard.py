"""How a calendar travels: its fingerprint, who has it already, how it is packed, how a failure is told."""

import gzip
import hashlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_etags

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]

# What makes an answer one for who asks, and not the whole one.
OF_WHO_ASKS: Final = frozenset(
    {
        "HTTP_ACCEPT_ENCODING",
        "HTTP_COOKIE",
        "HTTP_IF_MATCH",
        "HTTP_IF_MODIFIED_SINCE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_RANGE",
        "HTTP_IF_UNMODIFIED_SINCE",
        "HTTP_RANGE",
    }
)
_OF_A_BODY: Final = frozenset({"content-length", "content-type", "content-disposition", "content-encoding"})
_NOT_IN_A_PROBLEM: Final = _OF_A_BODY | {"cache-control", "set-cookie", "location", "etag", "vary"}
_SECONDS_TO_RETRY: Final = "60"


def etag_of(body: bytes) -> str:
    """Return by what the bytes are known."""
    return hashlib.sha256(body).hexdigest()


def has_it(known: str, etag: str) -> bool:
    """Tell whether who asks has these bytes already, packed or not: in a list, weakly, or by a star."""
    if not known:
        return False
    etags = parse_etags(known)
    return etags.contains_weak(etag) or etags.contains_weak(f"{etag}-gzip")


@lru_cache(maxsize=256)
def takes_gzip(accepted: str) -> bool:
    """Tell whether who asks said that it may come packed."""
    # A star is what programs say that cannot unpack: only who names it is taken at its word.
    return any(name == "gzip" and quality > 0 for name, quality in parse_accept_header(accepted, Accept))


def told(headers: Headers, etag: str) -> Headers:
    """Return the headers of a calendar, as they are sent with its bytes."""
    kept = [(name, value) for name, value in headers if name.lower() not in {"set-cookie", "vary", "etag"}]
    return [*kept, ("ETag", f'"{etag}"'), ("Vary", "Accept-Encoding")]


def packed(body: bytes, headers: Headers, etag: str) -> tuple[bytes, Headers]:
    """Return the calendar packed, and its headers."""
    smaller = gzip.compress(body, 6, mtime=0)
    others = [(name, value) for name, value in headers if name not in {"ETag", "Content-Length"}]
    # Other bytes are another representation, with a fingerprint of its own (RFC 9110 section 8.8.3.3).
    own = [("ETag", f'"{etag}-gzip"'), ("Content-Encoding", "gzip"), ("Content-Length", str(len(smaller)))]
    return smaller, [*others, *own]


def without_body(headers: Headers) -> Headers:
    """Return the headers that are sent to who has the bytes already."""
    return [(name, value) for name, value in headers if name.lower() not in _OF_A_BODY]


def without(environ: "WSGIEnvironment", names: Collection[str]) -> dict[str, Any]:
    """Return what was asked, without these parts of it."""
    return {name: value for name, value in environ.items() if name not in names}


def passed_on(
    status: str,
    headers: Headers,
    body: bytes,
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
) -> list[bytes]:
    """Give the application's own answer if it is one that a calendar understands, and a plain line if not."""
    if status.startswith(("200", "304")):
        start_response(status, [each for each in headers if each[0].lower() != "set-cookie"])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
    # Who is sent elsewhere ends at a page: an address that is not quite right is no address.
    wrong = "404 NOT FOUND" if status.startswith("3") else status
    return problem(wrong, headers, environ, start_response)


def problem(
    status: str,
    headers: Iterable[tuple[str, str]],
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
) -> list[bytes]:
    """Say in a plain line what went wrong; no program takes that for an empty calendar."""
    phrase = HTTPStatus(int(status[:3])).phrase
    kept = [each for each in headers if each[0].lower() not in _NOT_IN_A_PROBLEM]
    if status.startswith("503") and not any(name.lower() == "retry-after" for name, _value in kept):
        kept.append(("Retry-After", _SECONDS_TO_RETRY))
    body = f"{phrase.capitalize()}\n".encode()
    own = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(status, [*kept, *own])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
