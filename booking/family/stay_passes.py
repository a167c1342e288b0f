"""The pass of a family that is in: a signed cookie that says nothing of the family."""

from datetime import UTC, datetime
from typing import Final

from flask import Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from booking.clock import Clock
from booking.family.stay_queries import find_family_of
from booking.family.stay_rules import NobodyHere, Stay, still_holds
from booking.pages import settings_in_use
from booking.people.models import Family

_SALT: Final = "the pass of a family"
# How old the time in the cookie may be, in seconds: not every page needs a new one.
_RENEW_AFTER: Final = 60


def cookie_name() -> str:
    """Return what the cookie is called; browsers refuse to let another host set one with this prefix."""
    return "__Host-family" if settings_in_use().is_https else "family"


def carries_pass() -> bool:
    """Tell whether the browser brought a pass, good or bad."""
    return cookie_name() in request.cookies


def begin_stay(clock: Clock, *, secret: str) -> None:
    """Let the answer bring a pass for the stay that has just begun."""
    g.stay_now = Stay(secret=secret, since=clock(), seen_at=clock())


def end_stay() -> None:
    """Let the answer take the pass away from the browser."""
    g.stay_now = None


def family_in_use(session: Session, clock: Clock) -> Family | None:
    """Return the family that is in, with its children, or nothing; being seen lengthens its stay."""
    stay, now = _read_stay(), clock()
    if stay is None:
        return None
    family = find_family_of(session, clock, secret=stay.secret) if still_holds(stay, now=now) else None
    if family is None:
        end_stay()
        return None
    if (now - stay.seen_at).total_seconds() >= _RENEW_AFTER:
        g.stay_now = Stay(secret=stay.secret, since=stay.since, seen_at=now)
    return family


def family_here(session: Session, clock: Clock) -> Family:
    """Return the family that is in, with its children, or refuse NobodyHere."""
    family = family_in_use(session, clock)
    if family is None:
        raise NobodyHere
    return family


def bring(response: Response) -> Response:
    """Set the cookie as it was decided while the page was made, if anything was."""
    if "stay_now" not in g:
        return response
    name, stay, is_https = cookie_name(), g.stay_now, settings_in_use().is_https
    if stay is None:
        response.delete_cookie(name, secure=is_https, httponly=True, samesite="Lax")
        return response
    content = [stay.secret, stay.since.timestamp(), stay.seen_at.timestamp()]
    text = str(_serializer().dumps(content))
    # No end of its own: it goes when the browser is closed, and the stay is over in an hour anyway.
    response.set_cookie(name, text, secure=is_https, httponly=True, samesite="Lax")
    return response


def wipe(response: BaseResponse) -> BaseResponse:
    """Return the answer with the word that lets a browser forget what it kept of the family's pages."""
    # Not its cookies: they would take the language along.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _read_stay() -> Stay | None:
    text = request.cookies.get(cookie_name())
    if text is None:
        return None
    try:
        secret, since, seen_at = _serializer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return Stay(
        secret=str(secret),
        since=datetime.fromtimestamp(since, UTC),
        seen_at=datetime.fromtimestamp(seen_at, UTC),
    )


def _serializer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt=_SALT)
