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
        {
            LetterState.SENT,
            LetterState.WAITING,
            LetterState.PARKED,
            LetterState.UNCERTAIN,
            LetterState.DROPPED,
        }
    ),
    LetterState.SENT: frozenset(),
    LetterState.PARKED: frozenset({LetterState.WAITING, LetterState.DROPPED}),
    LetterState.UNCERTAIN: frozenset({LetterState.WAITING, LetterState.DROPPED}),
    LetterState.DROPPED: frozenset(),
}

# Longer than any conversation with a mail server: those end after 112 seconds at most.
LEASE: Final = timedelta(seconds=120)
MOST_ATTEMPTS: Final = 12
# A letter that nobody saw to is too old to send; that one went is remembered as long as we say we do.
GIVEN_UP_AFTER: Final = timedelta(days=30)
FORGOTTEN_AFTER: Final = timedelta(days=90)


def next_try_at(*, attempts: int, now: datetime) -> datetime:
    """Return when to try again: two minutes after the first failure, doubling up to six hours."""
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
    NO_RECEIPT = "no_receipt"
    WORKER_DIED = "worker_died"

    @property
    def is_lasting(self) -> bool:
        """Tell whether trying again would end the same way."""
        return self in {Trouble.REFUSED, Trouble.UNWRITABLE}

    @property
    def leaves_doubt(self) -> bool:
        """Tell whether the letter may have left all the same."""
        return self in {Trouble.NO_RECEIPT, Trouble.WORKER_DIED}


class LetGo(StrEnum):
    """Why a letter was not sent any more, though nothing stood in its way."""

    OVERTAKEN = "letter_overtaken"
    TOO_LATE = "letter_too_late"
    NO_LONGER_SO = "letter_no_longer_so"


class Matter(StrEnum):
    """What a letter is about, as far as staff need it to see to one."""

    SIGNUP = "letter_about_signup"
    OFFER = "letter_about_offer"
    MEETING = "letter_about_meeting"
    FAMILY = "letter_about_family"
    ACCOUNT = "letter_about_account"
    REMINDER = "letter_about_reminder"
    NOTICE = "letter_about_notice"


def matter_of(template: str) -> Matter:
    """Return what a letter is about, as the first word of its template's name tells."""
    matters = {
        "signup": Matter.SIGNUP,
        "besides": Matter.SIGNUP,
        "pictures": Matter.SIGNUP,
        "offer": Matter.OFFER,
        "meeting": Matter.MEETING,
        "occasion": Matter.MEETING,
        "family": Matter.FAMILY,
        "reminder": Matter.REMINDER,
        "ask": Matter.REMINDER,
        "notice": Matter.NOTICE,
    }
    return matters.get(template.partition("_")[0], Matter.ACCOUNT)


def after_trouble(trouble: Trouble, *, policy: Policy, attempts: int) -> LetterState:
    """Tell where a letter goes that did not leave, or of which nobody knows whether it did."""
    if trouble.leaves_doubt and policy is Policy.ONCE:
        return LetterState.UNCERTAIN
    if trouble.is_lasting or attempts >= MOST_ATTEMPTS:
        return LetterState.PARKED
    return LetterState.WAITING


def check_move(current: LetterState, wanted: LetterState) -> None:
    """Let a step along the table pass; refuse any other with LetterHasGone."""
    if wanted not in NEXT_STATES[current]:
        raise LetterHasGone


def hidden_address(address: str) -> str:
    """Return what shows whom it is to and no more: «k…@example.org», or the last two digits of a number."""
    if "@" not in address:
        return f"…{address[-2:]}"
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"
