"""The one place that makes secrets, codes and identities, and takes their fingerprints."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from uuid import NAMESPACE_OID, uuid4, uuid5

# No 0/O, 1/I/L or vowels: read aloud over a counter, and no words appear by chance.
_READABLE = "23456789BCDFGHJKMNPQRSTVWXZ"


def new_secret() -> str:
    """Return 256 random bits as text that fits in an address."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """Return the SHA-256 by which a secret is found again; the secret itself is never stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(key: str, text: str) -> str:
    """Return an HMAC-SHA-256: equal texts are seen to be equal, but nobody without the key can guess them."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def same_secret(one: str, other: str) -> bool:
    """Compare two secrets in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def new_uid() -> str:
    """Return a random identity (UUID, RFC 9562 version 4) that says nothing about what it names."""
    return str(uuid4())


def derived_uid(one: str, other: str) -> str:
    """Return the identity (UUID, RFC 9562 version 5) that these two make together, whenever it is asked for.

    Where one of them is nobody else's to know, it tells nothing of the other.
    """
    return str(uuid5(NAMESPACE_OID, f"{one}/{other}"))


def new_code() -> str:
    """Return six random digits, to be typed from a letter."""
    return f"{secrets.randbelow(1_000_000):06}"


def new_readable_code(length: int = 6) -> str:
    """Return a short random code that is easy to read off a poster."""
    return "".join(secrets.choice(_READABLE) for _ in range(length))


def chain_digest(previous: str, parts: Sequence[str]) -> str:
    """Return the SHA-256 that ties a record to the one before it."""
    return fingerprint("\x1f".join((previous, *parts)))
