"""What every page has: headers, menus, addresses, and an answer when something goes wrong."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests
from werkzeug.routing import IntegerConverter, Map

from booking.doors import DoorKind, door_of, is_same_for_all, visitor_or_none
from booking.errors import Busy, NotFound
from booking.forms import LARGEST_NUMBER
from booking.i18n import (
    LANGUAGE_COOKIE,
    LANGUAGES,
    N_,
    current_language,
    language_choices,
)
from booking.rights import Right
from booking.settings import Settings
from booking.tokens import new_readable_code

_SECONDS_TO_RETRY: Final = 10
_TELLS_OF_SOMEBODY: Final = "tells_of_somebody"
_A_YEAR: Final = 365 * 24 * 3600

_POLICY: Final = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_KNOWN_STATUSES: Final = frozenset({400, 404, 405, 413, 429, 500, 503})


@dataclass(frozen=True)
class MenuItem:
    """One way on, in a menu."""

    label: str
    url: str
    is_current: bool


# Each entry: the page, its words, and (for staff) the right that the page takes.
_PUBLIC_MENU: Final = (("whats_on.list_activities", N_("What’s on")), ("family.show_my", N_("Your sign-ups")))
_FOOTER: Final = (
    ("privacy.show_notice", N_("Privacy")),
    ("privacy.show_accessibility", N_("Accessibility")),
    ("privacy.show_about", N_("About")),
)
_STAFF_MENU: Final = (
    ("attendance.show_today", N_("Today"), Right.SEE_TODAY),
    ("planner.list_own", N_("Activities"), Right.PLAN_ACTIVITIES),
    ("partners.list_all", N_("Partners"), Right.PLAN_ACTIVITIES),
    ("plan.show_plan", N_("Plan"), Right.SEE_PLAN),
    ("reports.show_own_figures", N_("Figures"), Right.SEE_OWN_FIGURES),
    ("reports.show_all_figures", N_("All libraries"), Right.SEE_ALL_FIGURES),
    ("outbox.list_troubled", N_("Letters"), Right.SEE_LETTERS),
    ("accounts.list_accounts", N_("Accounts"), Right.MANAGE_ACCOUNTS),
    ("accounts.list_libraries", N_("Libraries"), Right.MANAGE_LIBRARIES),
    ("consent.list_texts", N_("Texts"), Right.SEE_TEXTS),
    ("accounts.show_record", N_("Record"), Right.SEE_AUDIT),
)


def settings_in_use() -> Settings:
    """Return the settings of the running application."""
    return cast("Settings", current_app.extensions["booking.settings"])


def public_url(endpoint: str, **values: object) -> str:
    """Return a full address on the configured host; a request's Host header has no say in it."""
    base = urlsplit(settings_in_use().base_url)
    adapter = current_app.url_map.bind(base.netloc, script_name=base.path or None, url_scheme=base.scheme)
    return adapter.build(endpoint, values, force_external=True)


@cache
def _file_version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """Return the address of a file of ours; it changes with the file, so it may be kept for a year."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=_file_version(path))


def public_static_url(name: str) -> str:
    """Return the full address of a file of ours, for machines that read a page from afar."""
    path = Path(str(current_app.static_folder)) / name
    return public_url("static", filename=name, v=_file_version(path))


def policy(**changes: str) -> str:
    """Return the content policy of a page; changes are of its directives, as in `frame_ancestors="*"`."""
    wanted = _POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{directive} {sources}" for directive, sources in wanted.items())


# With each answer that does not say otherwise itself.
_WITH_EACH: Final = (*_HEADERS.items(), ("Content-Security-Policy", policy()))


def is_personal_page() -> bool:
    """Tell whether the page is for one person, and must be kept by no cache and no search engine."""
    door = door_of(current_app.view_functions.get(request.endpoint or ""))
    is_public = door is not None and door.kind is DoorKind.PUBLIC
    return not is_public or visitor_or_none() is not None or bool(g.get(_TELLS_OF_SOMEBODY))


def tell_of_somebody() -> None:
    """Note that this answer holds what somebody typed or is known by, on an address that all may open."""
    setattr(g, _TELLS_OF_SOMEBODY, True)


class _RowNumber(IntegerConverter):
    """A whole number in an address; one that no row can have is an unknown address, not a fault."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=LARGEST_NUMBER)


def start_pages(app: Flask) -> None:
    """Give every answer its headers, every template its menus, and every failure a page."""
    app.url_map.converters["int"] = _RowNumber
    app.before_request(_check_address)
    app.after_request(_finish)
    app.context_processor(_at_hand)
    app.jinja_env.globals.update(static_url=static_url, public_url=public_url)
    app.register_error_handler(NotFound, lambda _refusal: problem_page(404))
    app.register_error_handler(Busy, lambda _refusal: _busy_page())
    app.register_error_handler(DBAPIError, _database_page)
    app.register_error_handler(CSRFError, lambda _error: problem_page(400))
    app.register_error_handler(TooManyRequests, _too_often_page)
    app.register_error_handler(HTTPException, _http_page)
    app.register_error_handler(Exception, _broken_page)


def _check_address() -> None:
    # No text of ours holds it, and PostgreSQL does not answer a question with it in.
    if "\x00" in request.path:
        raise NotFound


def problem_page(status: int, *, incident: str | None = None) -> Response:
    """Return a page that says what went wrong and what to do next, in the service's own layout."""
    known = status if status in _KNOWN_STATUSES else 400
    # A page that fails must not depend on what failed: no visitor, no database, only words.
    response = make_response(render_template(f"errors/{known}.html", incident=incident), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _http_page(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:  # noqa: PLR2004 – redirects are exceptions too
        return error
    page = problem_page(error.code)
    for name, value in error.get_headers(request.environ):
        if name in {"Allow", "Retry-After"}:
            page.headers[name] = value
    return page


def _too_often_page(error: TooManyRequests) -> Response:
    page = problem_page(429)
    page.headers["Retry-After"] = str(error.retry_after or 60)
    return page


def _busy_page() -> Response:
    page = problem_page(503)
    page.headers["Retry-After"] = str(_SECONDS_TO_RETRY)
    return page


def _database_page(error: DBAPIError) -> Response:
    current_app.logger.error("the database did not answer: %s", type(error.orig).__name__)
    return _busy_page() if _is_away(error) else _broken_page(error)


def _is_away(error: DBAPIError) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError"} or error.connection_invalidated


def _broken_page(error: Exception) -> Response:
    incident = new_readable_code(8)
    current_app.logger.error("incident %s", incident, exc_info=error)
    return problem_page(InternalServerError.code, incident=incident)


def _finish(response: Response) -> Response:
    said = {name.lower() for name, _value in response.headers}
    response.headers.extend([(name, told) for name, told in _WITH_EACH if name.lower() not in said])
    if settings_in_use().is_https:
        response.headers["Strict-Transport-Security"] = f"max-age={_A_YEAR}; includeSubDomains"
    if request.endpoint == "static":
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    elif not is_same_for_all(current_app.view_functions.get(request.endpoint or "")):
        _finish_for_reader(response)
    return response


def _finish_for_reader(response: Response) -> None:
    if is_personal_page():
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    elif response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.update(("Cookie", "Accept-Language"))
    _remember_language(response)


def _remember_language(response: Response) -> None:
    if not request.query_string:
        return
    chosen = request.args.get("lang", "")
    # What only leads on carries the language with it; the page that it leads to remembers.
    if chosen in LANGUAGES and response.mimetype == "text/html" and "Location" not in response.headers:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=_A_YEAR,
            secure=settings_in_use().is_https,
            httponly=True,
            samesite="Lax",
        )


def _menu(items: tuple[tuple[str, str], ...]) -> list[MenuItem]:
    return [
        MenuItem(label=gettext(label), url=url_for(endpoint), is_current=request.endpoint == endpoint)
        for endpoint, label in items
        if endpoint in current_app.view_functions
    ]


def _staff_menu() -> list[MenuItem]:
    visitor = visitor_or_none()
    if visitor is None:
        return []
    return _menu(tuple((page, label) for page, label, right in _STAFF_MENU if visitor.may(right)))


def _at_hand() -> dict[str, object]:
    return {
        "language": current_language(),
        "html_language": current_language(),
        "text_direction": g.get("text_direction", "ltr"),
        "language_choices": language_choices(),
        "visitor": visitor_or_none(),
        "demo": settings_in_use().demo,
        "service_name": "Velkommen inn",
        "public_menu": _menu(_PUBLIC_MENU),
        "footer_links": _menu(_FOOTER),
        "staff_menu": _staff_menu(),
    }
