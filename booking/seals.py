"""What a browser carries signed: looked at closely once, and known again when it comes with the next request.

A phone at the door sends the same cookie and the same token with each tick. Whether we signed them does not
change; how old they are, and whether they belong together, is asked each time.
"""

import copy
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from flask import Flask, Request, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature, URLSafeTimedSerializer

from booking.clock import system_clock
from booking.tokens import same_secret

_TOKEN: Final = "csrf_token"
_TOKEN_HEADER: Final = "X-CSRFToken"
_TOKEN_SALT: Final = "wtf-csrf-token"
_KNOWN: Final = 256


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions in a signed cookie; a cookie whose signature was checked is known again."""

    def __init__(self, app: Flask) -> None:
        """Make the seal once: keys change only when the service starts anew."""
        self._seal = super().get_signing_serializer(app)
        self._longest = app.permanent_session_lifetime

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the seal."""
        del app
        return self._seal

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; nothing where it is not ours, or too old."""
        text = request.cookies.get(self.get_cookie_name(app))
        found = _content(self._seal, text) if text and self._seal else None
        if found is None:
            return self.session_class()
        content, signed_at = found
        # By the clock that the seal was made with, which nobody stops.
        is_young = system_clock() - signed_at <= self._longest
        # What is put into one session must not be in the next one that the same cookie opens.
        return self.session_class(copy.deepcopy(content) if is_young else None)


class Protection(CSRFProtect):  # type: ignore[misc]  # the library has no types
    """Flask-WTF's protection against forged requests, which knows a script's token again.

    It lets pass only what the library would. What is not plainly right is left to that, and so is saying no.
    """

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 – the library's own
        """Refuse a request that another site made the browser send."""
        if request.endpoint and request.is_json and _is_ours(request.headers.get(_TOKEN_HEADER)):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)


def _is_ours(token: str | None) -> bool:
    kept: str | None = session.get(_TOKEN)
    if not token or not kept:
        return False
    sent = _signed_in(str(current_app.secret_key), token)
    return sent is not None and same_secret(kept, sent)


@lru_cache(maxsize=_KNOWN)
def _content(seal: URLSafeTimedSerializer, text: str) -> tuple[dict[str, Any], datetime] | None:
    try:
        content, signed_at = seal.loads(text, return_timestamp=True)
    except BadSignature:
        return None
    return content, signed_at


@lru_cache(maxsize=_KNOWN)
def _signed_in(key: str, token: str) -> str | None:
    try:
        sent = URLSafeTimedSerializer(key, salt=_TOKEN_SALT).loads(token)
    except BadSignature:
        return None
    return sent if isinstance(sent, str) else None
