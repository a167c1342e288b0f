"""How a letter moves from waiting to gone, and which letters may be sent again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


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
