"""Codes for the second step: from an app on the phone (RFC 6238), or from a sheet of recovery codes."""

import hashlib
from base64 import b32decode, b32encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import quote

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from booking.tokens import fingerprint, new_readable_code, new_secret, same_secret

_SECONDS: Final = 30
_DIGITS: Final = 6
_SECRET_BYTES: Final = 20
_GROUPS: Final = 4
RECOVERY_CODES: Final = 10
ISSUER: Final = "Velkommen inn"


def lock_for(secret_keys: Sequence[str]) -> MultiFernet:
    """Return what encrypts the secrets of code apps: with the first key, while older ones still open."""
    return MultiFernet([Fernet(_fernet_key(key)) for key in secret_keys])


def _fernet_key(secret_key: str) -> bytes:
    return urlsafe_b64encode(hashlib.sha256(f"code apps\x1f{secret_key}".encode()).digest())


def new_totp_secret() -> str:
    """Return a new secret that a person's app and the service will share."""
    return b32encode(hashlib.sha256(new_secret().encode()).digest()[:_SECRET_BYTES]).decode()


def code_at(secret: str, instant: datetime) -> str:
    """Return the code that an app shows at the instant."""
    return _code(secret, _counter(instant))


def fresh_code(secret: str, instant: datetime, *, after: int | None) -> str:
    """Return a code that opens at the instant: the one shown, or the next one when that was used."""
    return _code(secret, max(_counter(instant), (after or 0) + 1))


def matching_counter(secret: str, code: str, *, instant: datetime, after: int | None) -> int | None:
    """Return the number of the code if it is right now, or was or will be half a minute away.

    Numbers up to `after` were used already: somebody who looks over a shoulder comes too late.
    """
    now = _counter(instant)
    for counter in (now, now - 1, now + 1):
        if same_secret(_code(secret, counter), code) and (after is None or counter > after):
            return counter
    return None


def provisioning_address(secret: str, email: str) -> str:
    """Return the address that an app reads from the QR code."""
    issuer = quote(ISSUER)
    return f"otpauth://totp/{issuer}:{quote(email)}?secret={secret}&issuer={issuer}"


def new_recovery_codes() -> list[str]:
    """Return a fresh sheet of codes, each of which opens once."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_fingerprint(code: str) -> str:
    """Return by what a recovery code is found again, however it was typed."""
    return fingerprint("".join(filter(str.isalnum, code)).upper())


def _recovery_code() -> str:
    return "-".join(new_readable_code(4) for _ in range(_GROUPS))


def _counter(instant: datetime) -> int:
    return int(instant.timestamp()) // _SECONDS


def _code(secret: str, counter: int) -> str:
    return HOTP(b32decode(secret), _DIGITS, SHA1()).generate(counter).decode()  # noqa: S303 – what apps speak
