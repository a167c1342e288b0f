"""The pass of whoever is signed in: a signed cookie that no other site can make a browser send."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer

from booking.accounts.rules import StaffPass
from booking.pages import settings_in_use
from booking.settings import Settings

_SALT: Final = "the pass of a member of staff"


def cookie_name(settings: Settings) -> str:
    """Return what the cookie is called; browsers refuse to let another host set one with this prefix."""
    return "__Host-staff" if settings.is_https else "staff"


def sealed(app: Flask, carried: StaffPass) -> str:
    """Return the pass as it stands in the cookie."""
    times = (carried.since, carried.seen_at, carried.proved_at)
    content = [carried.session_key, *(time.timestamp() for time in times), carried.second_factor]
    return str(_serializer(_keys(app)).dumps(content))


def read_pass() -> StaffPass | None:
    """Return the pass that came with the request, if there is one and we signed it."""
    text = request.cookies.get(cookie_name(settings_in_use()))
    return _opened(_keys(current_app), text) if text else None


# The same pass comes with each tick at the door; whether it still holds is asked each time.
@lru_cache(maxsize=256)
def _opened(keys: tuple[str, ...], text: str) -> StaffPass | None:
    try:
        session_key, since, seen_at, proved_at, second_factor = _serializer(keys).loads(text)
        times = [datetime.fromtimestamp(told, UTC) for told in (since, seen_at, proved_at)]
    except (BadSignature, ValueError, TypeError, OverflowError):
        return None
    return StaffPass(
        session_key=str(session_key),
        since=times[0],
        seen_at=times[1],
        proved_at=times[2],
        second_factor=bool(second_factor),
    )


def hand_out(carried: StaffPass) -> None:
    """Let the answer bring the pass to the browser."""
    g.pass_now = carried


def take_back() -> None:
    """Let the answer take the pass away from the browser."""
    g.pass_now = None


def bring(response: Response) -> Response:
    """Set the cookie as it was decided while the page was made, if anything was."""
    if "pass_now" not in g:
        return response
    settings = settings_in_use()
    name, carried = cookie_name(settings), g.pass_now
    if carried is None:
        response.delete_cookie(name, secure=settings.is_https, httponly=True, samesite="Strict")
        return response
    text = sealed(current_app, carried)
    response.set_cookie(name, text, secure=settings.is_https, httponly=True, samesite="Strict")
    return response


def _keys(app: Flask) -> tuple[str, ...]:
    return *app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"]


def _serializer(keys: tuple[str, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt=_SALT)
