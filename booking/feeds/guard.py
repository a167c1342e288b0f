"""Stands before the addresses that calendars fetch: what they have already is not made or sent again.

Programs ask here, some of them every few minutes for years, and a page for people would harm them: some take
whatever comes for a calendar, and empty their own. So nobody is recognised here, nothing is set or followed,
and what goes wrong is said in one plain line.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING, Final

from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from booking.direct import direct_reader
from booking.feeds.wire_guard import (
    OF_WHO_ASKS,
    etag_of,
    has_it,
    packed,
    passed_on,
    problem,
    takes_gzip,
    told,
    without,
    without_body,
)
from booking.kept import MARKS, Page, shelf_of, whole_answer
from booking.logs import write_line
from booking.pages import policy
from booking.revision import Catalogue
from booking.work import House, database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Key = tuple[str, str, str]

_MARK: Final = "booking.feeds.kept"
_BEGINNING: Final = "/calendar/"
# All but those behind links, which are for one reader each and looked up anew each time.
_OPEN: Final = re.compile(r"/calendar/(?:activities/|meetings/)?[^/]+\.ics")
_LONGEST_QUERY: Final = 300
_MOST_ADDRESSES: Final = 1024
_TURNS: Final = 16
_ONLY_TO_LOOK: Final = (
    ("Allow", "GET, HEAD"),
    ("Content-Security-Policy", policy()),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
)
_COOKIE: Final = frozenset({"HTTP_COOKIE"})


def keep_until(moment: datetime, order: str) -> None:
    """Let the calendar that is being made be given to everybody until then, unless the programme changes.

    `order` is the one way to write what the address asks for: however it was written, one is kept.
    """
    rule = request.url_rule
    key = (f"{request.root_path}{request.path}", order, "ics")
    request.environ.get(MARKS, {})[_MARK] = (key, rule.rule if rule else "", _minute(moment) - 1)


def start_calendars(app: Flask) -> None:
    """Put the guard before the application."""
    app.wsgi_app = CalendarGuard(app, app.wsgi_app)  # type: ignore[method-assign]


class CalendarGuard:
    """Answers from what is kept, and asks the application for the rest."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        """Stand before `inner`, the application's own way of answering."""
        self._inner = inner
        self._house: House = app.extensions["booking"]
        self._shelf = shelf_of(app)
        self._keys: dict[Key, Key] = {}
        self._turns = [Lock() for _turn in range(_TURNS)]
        with app.app_context():
            self._programme = direct_reader(database.engine, select(Catalogue.programme))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer whoever asks for a calendar; let everybody else pass."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(_BEGINNING):
            return self._inner(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method not in {"GET", "HEAD"}:
            write_line(method, f"{_BEGINNING}…", HTTPStatus.METHOD_NOT_ALLOWED, 0)
            return problem("405 METHOD NOT ALLOWED", _ONLY_TO_LOOK, environ, start_response)
        if not _OPEN.fullmatch(path):
            return passed_on(*whole_answer(self._inner, without(environ, _COOKIE)), environ, start_response)
        found = self._kept(environ)
        if found is None:
            return self._in_turn(environ, start_response)
        return self._answer(*found, environ, start_response)

    def _in_turn(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with self._turns[hash(_address(environ)) % _TURNS]:
            # Whoever waited for the turn finds what the one before has made.
            found = self._kept(environ) or self._made(environ, start_response)
        return found if isinstance(found, list) else self._answer(*found, environ, start_response)

    def _kept(self, environ: "WSGIEnvironment") -> tuple[Key, Page] | None:
        key = self._keys.get(_address(environ))
        programme = self._programme_or_none() if key else None
        if key is None or programme is None:
            return None
        page = self._shelf.find(key, programme, _minute(self._house.clock()))
        if page is None:
            return None
        is_known = has_it(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag)
        status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK
        write_line(environ["REQUEST_METHOD"], page.pattern, status, 0)
        return key, page

    def _made(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> tuple[Key, Page] | list[bytes]:
        # Before it is made: what is committed meanwhile belongs to the next programme.
        programme, minute = self._programme_or_none(), _minute(self._house.clock())
        plain = without(environ, OF_WHO_ASKS)
        status, headers, body = whole_answer(self._inner, plain)
        mark = plain.get(_MARK)
        if mark is None or programme is None or not status.startswith("200"):
            return passed_on(status, headers, body, environ, start_response)
        key, pattern, last_minute = mark
        etag = etag_of(body)
        page = Page(programme, minute, pattern, told(headers, etag), etag, body, last_minute)
        self._shelf.put(key, page)
        self._know(_address(environ), key)
        return key, page

    def _know(self, address: Key, key: Key) -> None:
        if len(self._keys) >= _MOST_ADDRESSES:
            self._keys.clear()
        if len(address[2]) <= _LONGEST_QUERY:
            self._keys[address] = key

    def _programme_or_none(self) -> str | None:
        try:
            row = self._programme()
        except SQLAlchemyError:
            return None  # the application says in its own words that the database is away
        return row[0] if row else None

    def _answer(
        self, key: Key, page: Page, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        form = page
        if takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            form = self._packed(key, page)
        if has_it(environ.get("HTTP_IF_NONE_MATCH", ""), page.etag):
            start_response("304 NOT MODIFIED", without_body(form.headers))
            return [b""]
        start_response("200 OK", list(form.headers))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else form.body]

    def _packed(self, key: Key, page: Page) -> Page:
        beside = (key[0], key[1], "ics.gz")
        kept = self._shelf.find(beside, page.revision, page.minute)
        if kept is not None and kept.etag == page.etag:
            return kept
        body, headers = packed(page.body, page.headers, page.etag)
        form = replace(page, body=body, headers=headers)
        self._shelf.put(beside, form)
        return form


def _address(environ: "WSGIEnvironment") -> Key:
    return environ.get("SCRIPT_NAME", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
