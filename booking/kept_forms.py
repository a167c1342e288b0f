"""Forms that are kept: the same for everybody but for the two values by which we know a form as ours.

A form that is opened by somebody new differs from the next one in its token against forgery and in the key by
which it is known when it comes twice. Both are cut out of the kept page and put in anew for each who asks,
with the cookie that the token belongs to. Whoever carries any cookie but the choice of language is answered
by the application itself, and nothing of it is kept.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import dump_cookie

from booking.forms import LARGEST_NUMBER
from booking.kept import MARKS, Page, Shelf, language_of_cookies, shelf_of, whole_answer
from booking.logs import write_line
from booking.seals import token_seal
from booking.tokens import new_secret, new_uid
from booking.work import House, database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

StandsOn = Callable[..., str | None]
View = TypeVar("View", bound=Callable[..., Any])

_HOLES: Final = "booking.kept.holes"
# No page holds a NUL: nothing that somebody wrote can be taken for a hole.
_TOKEN_HOLE: Final = b"\x00token\x00"
_KEY_HOLE: Final = b"\x00key\x00"
_NEW_EACH_TIME: Final = frozenset({"set-cookie", "content-length"})


def kept_form(stands_on: Callable[[Engine], StandsOn]) -> Callable[[View], View]:
    """Say that a form may be kept while it stands on the same: what is read by its address's number."""

    def mark(view: View) -> View:
        cast("Any", view).form_stands_on = stands_on
        return view

    return mark


def new_form_key() -> str:
    """Return a new key by which a form is known when it comes twice."""
    g.form_key = new_uid()
    return str(g.form_key)


@dataclass(frozen=True)
class _Kind:
    """A form's address before and after its number, its pattern, and what reads that it stands on."""

    beginning: str
    ending: str
    name: str
    pattern: str
    read: StandsOn

    def number_in(self, path: str) -> int | None:
        """Return the number in the address, if it is an address of this form."""
        if not path.startswith(self.beginning) or not path.endswith(self.ending):
            return None
        number = path[len(self.beginning) : -len(self.ending)]
        is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(LARGEST_NUMBER))
        return int(number) if is_number and int(number) <= LARGEST_NUMBER else None


class KeptForms:
    """Stands before the application and gives kept forms to who is new here."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        """Stand before `inner`, the application's own way of answering."""
        self._app = app
        self._house: House = app.extensions["booking"]
        self._shelf: Shelf = shelf_of(app)
        self._inner = inner
        self._kinds: tuple[_Kind, ...] | None = None
        self._tokens = token_seal(app)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from the shelf, or ask the application and keep what may be kept."""
        language = _language(environ)
        found = self._found(environ["PATH_INFO"]) if language else None
        if found is None or language is None:
            return self._inner(environ, start_response)
        pattern, stands_on = found
        minute = int(self._house.clock().timestamp() // 60)
        key = (f"{environ.get('SCRIPT_NAME', '')}{environ['PATH_INFO']}", "", language)
        page = self._shelf.find(key, stands_on, minute)
        if page is not None:
            write_line("GET", pattern, HTTPStatus.OK, 0)
            return self._filled(page, start_response)
        status, headers, body = whole_answer(self._inner, environ)
        holes = environ.get(_HOLES)
        # How full it is may have changed while the page was drawn, and may change back.
        if holes is not None and status.startswith("200") and found == self._found(environ["PATH_INFO"]):
            self._shelf.put(key, _page(stands_on, minute, pattern, headers, _cut(body, holes)))
        start_response(status, headers)
        return [body]

    def _found(self, path: str) -> tuple[str, str] | None:
        if self._kinds is None:
            self._kinds = tuple(_kinds_of(self._app))
        for kind in self._kinds:
            number = kind.number_in(path)
            stands_on = _read(kind, number) if number is not None else None
            if stands_on is not None:
                return kind.pattern, stands_on
        return None

    def _filled(self, page: Page, start_response: "StartResponse") -> Iterable[bytes]:
        raw = new_secret()
        body = page.body.replace(_TOKEN_HOLE, self._tokens.dumps(raw).encode())
        body = body.replace(_KEY_HOLE, new_uid().encode())
        headers = [*page.headers, ("Content-Length", str(len(body))), ("Set-Cookie", self._cookie(raw))]
        start_response("200 OK", headers)
        return [body]

    def _cookie(self, raw: str) -> str:
        config, sessions = self._app.config, cast("Any", self._app.session_interface)
        return dump_cookie(
            config["SESSION_COOKIE_NAME"],
            sessions.get_signing_serializer(self._app).dumps({"csrf_token": raw}),
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=config["SESSION_COOKIE_HTTPONLY"],
            samesite=config["SESSION_COOKIE_SAMESITE"],
            path=sessions.get_cookie_path(self._app),
        )


def start_kept_forms(app: Flask) -> None:
    """Put the kept forms before the application, and let it tell what is new in each of them."""
    app.after_request(_mark)
    app.wsgi_app = KeptForms(app, app.wsgi_app)  # type: ignore[method-assign]


def _language(environ: "WSGIEnvironment") -> str | None:
    # An address with a question in it (an invitation, another language) is answered anew.
    if environ["REQUEST_METHOD"] != "GET" or environ.get("QUERY_STRING"):
        return None
    return language_of_cookies(environ.get("HTTP_COOKIE", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def _read(kind: _Kind, number: int) -> str | None:
    try:
        return kind.read(**{kind.name: number})
    except SQLAlchemyError:
        return None  # the application says in its own words that the database is away
    except Exception as error:
        if type(error).__module__.startswith(("psycopg", "pysqlite3", "sqlite3")):
            return None
        raise


def _kinds_of(app: Flask) -> Iterable[_Kind]:
    with app.app_context():
        engine = database.engine
    for rule in app.url_map.iter_rules():
        stands_on = getattr(app.view_functions[rule.endpoint], "form_stands_on", None)
        if stands_on is not None:
            beginning, _sign, rest = rule.rule.partition("<int:")
            name, _sign, ending = rest.partition(">")
            yield _Kind(beginning, ending, name, rule.rule, stands_on(engine))


def _mark(response: Response) -> Response:
    view = current_app.view_functions.get(request.endpoint or "")
    if hasattr(view, "form_stands_on") and "form_key" in g and "csrf_token" in g:
        holes = {_TOKEN_HOLE: str(g.csrf_token), _KEY_HOLE: str(g.form_key)}
        request.environ.get(MARKS, {})[_HOLES] = holes
    return response


def _cut(body: bytes, holes: Mapping[bytes, str]) -> bytes:
    for hole, told in holes.items():
        body = body.replace(told.encode(), hole)
    return body


def _page(stands_on: str, minute: int, pattern: str, headers: Iterable[tuple[str, str]], body: bytes) -> Page:
    lasting = [each for each in headers if each[0].lower() not in _NEW_EACH_TIME]
    return Page(revision=stands_on, minute=minute, pattern=pattern, headers=lasting, etag="", body=body)
