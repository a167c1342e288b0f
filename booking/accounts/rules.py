"""How long a sign-in lasts, which passwords do, and where one may be sent afterwards."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

from booking.clock import local_date
from booking.errors import Refusal

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
# How long after the password was typed the weightiest pages open, and how long their forms are taken.
PROOF_TO_OPEN: Final = timedelta(minutes=10)
PROOF_TO_SEND: Final = timedelta(minutes=40)
SECOND_STEP: Final = timedelta(minutes=10)
INVITATION: Final = timedelta(hours=72)
FIRST_ADMIN: Final = timedelta(hours=24)
RESET: Final = timedelta(hours=1)

SHORTEST_PASSWORD: Final = 8
LONG_PASSWORD: Final = 15
LONGEST_PASSWORD: Final = 128


class WrongSignIn(Refusal):
    """The address and the password do not open an account; which of the two is wrong is not told."""

    code: ClassVar[str] = "wrong_sign_in"


class SignInTimedOut(Refusal):
    """Too long went by between the password and the second step."""

    code: ClassVar[str] = "sign_in_timed_out"


class WrongPassword(Refusal):
    """It is not the password of who is signed in."""

    code: ClassVar[str] = "wrong_password"
    field: ClassVar[str | None] = "password"


class WrongCode(Refusal):
    """The code is not right, was used already, or its half minute is over."""

    code: ClassVar[str] = "wrong_code"
    field: ClassVar[str | None] = "code"


class WrongPasskey(Refusal):
    """The passkey could not be checked, or belongs to somebody else."""

    code: ClassVar[str] = "wrong_passkey"


class PasswordTooShort(Refusal):
    """Anybody with time can guess it."""

    code: ClassVar[str] = "password_too_short"
    field: ClassVar[str | None] = "password"


class PasswordTooCommon(Refusal):
    """It is among the first that anybody would try."""

    code: ClassVar[str] = "password_too_common"
    field: ClassVar[str | None] = "password"


class SecondFactorNeeded(Refusal):
    """Somebody with these roles must keep at least one second factor."""

    code: ClassVar[str] = "second_factor_needed"


class AdminThere(Refusal):
    """There is an administrator already, who can invite others."""

    code: ClassVar[str] = "admin_there"


@dataclass(frozen=True, kw_only=True)
class StaffPass:
    """What somebody who is signed in carries from page to page."""

    session_key: str
    since: datetime
    seen_at: datetime
    proved_at: datetime
    second_factor: bool


def holds(carried: StaffPass, *, now: datetime, only_at_the_door: bool) -> bool:
    """Tell whether a pass still opens: for half an hour of idleness and twelve hours at most.

    A phone at the door lies in a pocket between two children, so there it holds until midnight.
    """
    if only_at_the_door:
        return carried.since <= now and local_date(carried.since) == local_date(now)
    return now - carried.seen_at < IDLE and now - carried.since < LONGEST


def is_proved(carried: StaffPass, *, now: datetime, sending: bool) -> bool:
    """Tell whether the password was typed recently enough for the weightiest pages."""
    return now - carried.proved_at < (PROOF_TO_SEND if sending else PROOF_TO_OPEN)


def check_password(password: str, *, about: Collection[str], common: Collection[str]) -> None:
    """Refuse PasswordTooShort, and PasswordTooCommon for what anybody would try first.

    `about` are words about the person: their name and address are no secret.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort
    if _is_monotonous(password):
        raise PasswordTooCommon
    if len(password) < LONG_PASSWORD and _is_common(password.casefold(), about, common):
        raise PasswordTooCommon


def _is_monotonous(password: str) -> bool:
    fewest = 4
    return len(set(password)) < fewest


def _is_common(password: str, about: Collection[str], common: Collection[str]) -> bool:
    # "Passord2026!" is "passord" with what everybody adds at the end.
    stem = re.sub(r"[\W\d_]+$", "", password)
    own = {part for words in about for part in re.split(r"[\W_]+", words.casefold()) if part}
    return password in common or stem in common or stem in own or not stem


def safe_next(address: str | None) -> str | None:
    """Return the address if it is a staff page of our own, and nothing for any other."""
    if address is None or not re.fullmatch(r"/staff(/[A-Za-z0-9_-]+)*/?", address):
        return None
    return address
