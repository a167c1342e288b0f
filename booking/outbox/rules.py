"""How a letter moves from waiting to gone, and which letters may be sent again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    PARKED = "parked"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"


class Policy(StrEnum):
    """What to do when a worker died while sending and nobody knows whether the letter left.

    A confirmation had better come twice than never (REPEAT, with the same Message-ID); a
    reminder or an invitation had better not come twice (ONCE): staff see it as uncertain.
    """

    REPEAT = "repeat"
    ONCE = "once"


class Channel(StrEnum):
    """How a letter travels."""

    EMAIL = "email"
    SMS = "sms"


NEXT_STATES: Final[Mapping[LetterState, frozenset[LetterState]]] = {
    LetterState.WAITING: frozenset({LetterState.SENDING, LetterState.DROPPED}),
    LetterState.SENDING: frozenset(
        {LetterState.SENT, LetterState.WAITING, LetterState.PARKED, LetterState.UNCERTAIN}
    ),
    LetterState.SENT: frozenset(),
    LetterState.PARKED: frozenset({LetterState.WAITING, LetterState.DROPPED}),
    LetterState.UNCERTAIN: frozenset({LetterState.WAITING, LetterState.DROPPED}),
    LetterState.DROPPED: frozenset(),
}

# Longer than any SMTP conversation that still ends well.
LEASE: Final = timedelta(seconds=120)
MOST_ATTEMPTS: Final = 12


def next_try_at(*, attempts: int, now: datetime) -> datetime:
    """Return when to try again: one minute after the first failure, doubling up to six hours."""
    wait = timedelta(minutes=2 ** min(attempts, 20))
    return now + min(wait, timedelta(hours=6))


class LetterHasGone(Refusal):
    """The letter is no longer where this step begins: it has gone, or somebody else dealt with it."""

    code: ClassVar[str] = "letter_has_gone"


class Trouble(StrEnum):
    """Why a letter did not leave."""

    NO_ANSWER = "no_answer"
    REFUSED_FOR_NOW = "refused_for_now"
    REFUSED = "refused"
    UNWRITABLE = "unwritable"
    WORKER_DIED = "worker_died"

    @property
    def is_lasting(self) -> bool:
        """Tell whether trying again would end the same way."""
        return self in {Trouble.REFUSED, Trouble.UNWRITABLE}


def check_move(current: LetterState, wanted: LetterState) -> None:
    """Let a step along the table pass; refuse any other with LetterHasGone."""
    if wanted not in NEXT_STATES[current]:
        raise LetterHasGone


def hidden_address(address: str) -> str:
    """Return an address of which only the first letter and the domain show: «k…@example.org»."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
