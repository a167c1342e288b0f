"""Pages that are kept: whoever asks the same at the same minute of the same revision gets the same bytes.

What a public page shows depends on its address, the language, the catalogue and the time, and on nobody who
asks. Every instant in the data stands on a whole minute, so within a minute a page changes only when the
catalogue does; and the revision is asked of the database for each answer, so a change shows at once in every
process. Whoever carries any cookie but the choice of language is answered anew, and nothing of it is kept.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie, parse_etags

from booking.doors import visitor_or_none
from booking.i18n import LANGUAGE_COOKIE, language_wanted
from booking.logs import write_line
from booking.revision import revision_reader
from booking.work import House, database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES: Final = 32 * 1024 * 1024
_LONGEST_QUERY: Final = 300
_MARK: Final = "booking.kept"
MARKS: Final = "booking.kept.marks"
_NOT_FOR_304: Final = frozenset({"content-length", "content-type"})

View = TypeVar("View", bound=Callable[..., Any])
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that was given, and when it is still the right one: in its minute, or until the last one."""

    revision: str
    minute: int
    pattern: str
    headers: list[tuple[str, str]]
    etag: str
    body: bytes
    last_minute: int = 0

    def is_right(self, revision: str, minute: int) -> bool:
        """Tell whether the page is what would be answered now."""
        return self.revision == revision and self.minute <= minute <= max(self.minute, self.last_minute)


def kept(view: View) -> View:
    """Say that what the view answers may be given to everybody who asks the same."""
    cast("Any", view).is_kept = True
    return view


class Shelf:
    """The pages that one process keeps, the least asked-for going first when it is full. For many threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Keep at most that many bytes of pages."""
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._turn = Lock()

    def find(self, key: Key, revision: str, minute: int) -> Page | None:
        """Return the page if it is there and still right."""
        with self._turn:
            page = self._pages.get(key)
            if page is None or not page.is_right(revision, minute):
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        """Keep the page in place of the one before it."""
        with self._turn:
            self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.body)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget all pages."""
        with self._turn:
            self._pages.clear()
            self._bytes = 0

    @property
    def bytes_kept(self) -> int:
        """Return how many bytes of pages are kept."""
        return self._bytes

    def _drop(self, key: Key) -> None:
        before = self._pages.pop(key, None)
        self._bytes -= len(before.body) if before else 0


class KeptPages:
    """Stands before the application and answers with kept pages what needs no thought."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        """Stand before `inner`, the application's own way of answering."""
        self._app = app
        self._house: House = app.extensions["booking"]
        self._beginnings: frozenset[str] = frozenset()
        self._inner = inner
        self._shelf: Shelf = app.extensions[_MARK]
        with app.app_context():
            self._revision = revision_reader(database.engine)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the shelf, or ask the application and keep what may be kept."""
        key = _key_of(environ) if self._may_be_kept(environ.get("PATH_INFO", "")) else None
        revision = self._revision_or_none() if key else None
        if key is None or revision is None:
            return self._inner(environ, start_response)
        # Before the page is made: what is committed while it is being made belongs to the next revision.
        minute = int(self._house.clock().timestamp() // 60)
        page = self._shelf.find(key, revision, minute)
        if page is not None:
            write_line(environ["REQUEST_METHOD"], page.pattern, HTTPStatus.OK, 0)
            return _answer(page, environ, start_response)
        status, headers, body = whole_answer(self._inner, environ)
        pattern = environ.get(_MARK)
        if pattern is None or not status.startswith("200") or _sets_a_cookie(headers):
            start_response(status, headers)
            return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
        page = _page(revision, minute, pattern, headers, body)
        self._shelf.put(key, page)
        return _answer(page, environ, start_response)

    def _may_be_kept(self, path: str) -> bool:
        if not self._beginnings:
            self._beginnings = frozenset(_beginnings_of(self._app))
        return path in self._beginnings or f"{path.rpartition('/')[0]}/<" in self._beginnings

    def _revision_or_none(self) -> str | None:
        try:
            return self._revision()
        except SQLAlchemyError:
            return None  # the application says in its own words that the database is away


def start_kept(app: Flask) -> None:
    """Put the shelf before the application, and let it know which answers may be kept."""
    app.extensions[_MARK] = Shelf()
    app.after_request(_mark)
    app.wsgi_app = KeptPages(app, app.wsgi_app)  # type: ignore[method-assign]


def shelf_of(app: Flask) -> Shelf:
    """Return the pages that the process keeps."""
    return cast("Shelf", app.extensions[_MARK])


def _mark(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "is_kept", False) and visitor_or_none() is None and request.url_rule:
        # On the environment that the shelf looks at: the one here is a copy that asks for the whole page.
        request.environ.get(MARKS, {})[_MARK] = request.url_rule.rule
    return response


def _key_of(environ: "WSGIEnvironment") -> Key | None:
    """Return what an answer depends on, or nothing when it may depend on who asks."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return None
    cookie, query = environ.get("HTTP_COOKIE", ""), environ.get("QUERY_STRING", "")
    if len(query) > _LONGEST_QUERY:
        return None
    language = language_of_cookies(cookie, environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    if language is None:
        return None
    return f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}", query, language


@lru_cache(maxsize=512)
def language_of_cookies(cookie: str, accepted: str) -> str | None:
    """Return the language of who carries no other cookie than that, and nothing for everybody else."""
    cookies = parse_cookie(cookie)
    if set(cookies) - {LANGUAGE_COOKIE}:
        return None
    return language_wanted((cookies.get(LANGUAGE_COOKIE),), accepted)


def _beginnings_of(app: Flask) -> Iterable[str]:
    """Return the addresses that may be kept, those with a part to fill in up to that part."""
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "is_kept", False):
            beginning, part, _rest = rule.rule.partition("<")
            yield beginning + part


def whole_answer(
    inner: "WSGIApplication", environ: "WSGIEnvironment"
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return the application's whole answer; made in full also for who asks for its head only."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def note(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        del exc_info
        begun.append((status, headers))
        return lambda _data: None

    answer = inner({**environ, "REQUEST_METHOD": "GET", MARKS: environ}, note)
    try:
        body = b"".join(answer)
    finally:
        close = getattr(answer, "close", None)
        if close:
            close()
    return *begun[-1], body


def _page(revision: str, minute: int, pattern: str, headers: list[tuple[str, str]], body: bytes) -> Page:
    etag = hashlib.sha256(body).hexdigest()[:32]
    return Page(
        revision=revision,
        minute=minute,
        pattern=pattern,
        headers=[*headers, ("ETag", f'"{etag}"')],
        etag=etag,
        body=body,
    )


def _sets_a_cookie(headers: Iterable[tuple[str, str]]) -> bool:
    return any(name.lower() == "set-cookie" for name, _value in headers)


def _answer(page: Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and parse_etags(known).contains_weak(page.etag):
        headers = [each for each in page.headers if each[0].lower() not in _NOT_FOR_304]
        start_response("304 NOT MODIFIED", headers)
        return [b""]
    start_response("200 OK", list(page.headers))
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else page.body]
