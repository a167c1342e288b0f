"""What a browser carries signed: looked at closely once, and known again when it comes with the next request.

A phone at the door sends the same cookie and the same token with each tick. Whether we signed them does not
change; how old they are, and whether they belong together, is asked each time.
"""

import copy
from datetime import datetime
from threading import Lock
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
_TOKEN_SEAL: Final = "booking.token_seal"
_LOOKED_AT: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_TYPED: Final = "application/x-www-form-urlencoded"
# Of a storm of sign-ups too: each form is sent a minute after it was fetched, and its code a minute later.
_MOST_KNOWN: Final = 1024


class Seal:
    """A seal that knows again what it sealed itself, and what it looked at closely once."""

    def __init__(self, seal: URLSafeTimedSerializer) -> None:
        """Seal as this one does."""
        self._seal: Final = seal
        self._known: Final[dict[str, tuple[Any, datetime]]] = {}
        self._turn: Final = Lock()

    def dumps(self, content: Any) -> str:  # noqa: ANN401 – whatever is sealed
        """Return the content as a sealed text. It must not change afterwards."""
        text = str(self._seal.dumps(content))
        self._keep(text, content, system_clock())
        return text

    def content_of(self, text: str) -> tuple[Any, datetime] | None:
        """Return what was sealed, and when; nothing where that was not done by this seal."""
        known = self._known.get(text)
        if known is not None:
            return known
        try:
            content, signed_at = self._seal.loads(text, return_timestamp=True)
        except BadSignature:
            return None
        return self._keep(text, content, signed_at)

    def _keep(self, text: str, content: Any, signed_at: datetime) -> tuple[Any, datetime]:  # noqa: ANN401 – as above
        with self._turn:
            if len(self._known) >= _MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[text] = content, signed_at
        return content, signed_at


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions in a signed cookie; a cookie whose signature was checked is known again."""

    def __init__(self, app: Flask) -> None:
        """Make the seal once: keys change only when the service starts anew."""
        seal = super().get_signing_serializer(app)
        self._seal = Seal(seal) if seal else None
        self._longest = app.permanent_session_lifetime

    def get_signing_serializer(self, app: Flask) -> Any:  # noqa: ANN401 – what seals as the library's own does
        """Return the seal."""
        del app
        return self._seal

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds; nothing where it is not ours, or too old."""
        text = request.cookies.get(self.get_cookie_name(app))
        found = self._seal.content_of(text) if text and self._seal else None
        if found is None:
            return self.session_class()
        content, signed_at = found
        # By the clock that the seal was made with, which nobody stops.
        is_young = system_clock() - signed_at <= self._longest
        # What is put into one session must not be in the next one that the same cookie opens.
        return self.session_class(copy.deepcopy(content) if is_young else None)


class Protection(CSRFProtect):  # type: ignore[misc]  # the library has no types
    """Flask-WTF's protection against forged requests, which knows a token again.

    It lets pass only what the library would. What is not plainly right is left to that, and so is saying no.
    """

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 – the library's own
        """Refuse a request that another site made the browser send."""
        if request.method not in _LOOKED_AT:
            return
        if request.endpoint and _is_ours(_token_sent()):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)


def token_seal(app: Flask) -> Seal:
    """Return what the application seals the tokens in its forms with, as the library does."""
    seal: Seal | None = app.extensions.get(_TOKEN_SEAL)
    if seal is None:
        serializer = URLSafeTimedSerializer(str(app.secret_key), salt=_TOKEN_SALT)
        seal = app.extensions[_TOKEN_SEAL] = Seal(serializer)
    return seal


def _token_sent() -> str | None:
    if request.mimetype == _TYPED:
        return request.form.get(_TOKEN)
    return request.headers.get(_TOKEN_HEADER) if request.is_json else None


def _is_ours(token: str | None) -> bool:
    kept: str | None = session.get(_TOKEN)
    if not token or not kept:
        return False
    found = token_seal(current_app).content_of(token)
    sent = found[0] if found else None
    return isinstance(sent, str) and same_secret(kept, sent)
