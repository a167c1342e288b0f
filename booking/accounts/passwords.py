"""Passwords: kept as Argon2 hashes, and never compared while somebody waits for the database."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from booking.accounts.rules import check_password
from booking.staff.models import Account

_COMMON = Path(__file__).parent / "common_passwords.txt"


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that anybody would try first."""
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


@cache
def _hash_of_nobody(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")


def is_right(hasher: PasswordHasher, account: Account | None, password: str) -> bool:
    """Tell whether the password opens the account.

    For no account, a disabled one and one without a password it takes as long to say no: the time
    must not tell who works here.
    """
    usable = account is not None and account.active and account.password_hash is not None
    kept = account.password_hash if account and usable else None
    try:
        hasher.verify(kept or _hash_of_nobody(hasher), password)
    except (VerificationError, InvalidHashError):
        return False
    return usable


def new_hash(hasher: PasswordHasher, account: Account, password: str) -> str:
    """Return what is kept of a new password; refuses PasswordTooShort and PasswordTooCommon."""
    check_password(password, about=(account.name, account.email), common=common_passwords())
    return hasher.hash(password)
