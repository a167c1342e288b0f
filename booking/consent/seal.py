"""The seal on notes of needs: the database alone, or a copy of it, tells nothing of them."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from booking.consent.needs import NeedsUnreadable
from booking.settings import Settings

_PURPOSE: Final = b"needs note"
_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Seal:
    """What closes and opens notes: it closes with the newest key, and opens with older ones too."""

    _lock: MultiFernet = field(repr=False)

    @classmethod
    def of(cls, secret_keys: Sequence[str]) -> Self:
        """Return the seal that is made of the installation's secrets, the newest first."""
        return cls(MultiFernet([Fernet(_key_from(secret)) for secret in secret_keys]))

    def close(self, text: str) -> str:
        """Return the text as it may stand in the database."""
        return self._lock.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Return the text, or refuse NeedsUnreadable when no key fits."""
        try:
            return self._lock.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise NeedsUnreadable from None


def seal_of(settings: Settings) -> Seal:
    """Return the seal of an installation; what was closed with an earlier secret key still opens."""
    return Seal.of([settings.secret_key, *settings.old_secret_keys])


@lru_cache(maxsize=8)
def _key_from(secret: str) -> bytes:
    # A key of its own for this purpose (HKDF, RFC 5869): whoever learns it can sign no cookie with it.
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(derived)
