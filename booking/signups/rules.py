"""How a sign-up moves, who gets a place, and how long a place is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal


class SignupState(StrEnum):
    """A participant's standing for one occasion."""

    AWAITING_EMAIL = "awaiting_email"
    AWAITING_GUARDIAN = "awaiting_guardian"
    QUEUED = "queued"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    EXPIRED = "expired"
    CALLED_OFF = "called_off"


_STATE = SignupState

FIRST_STATES: Final = frozenset(
    {_STATE.AWAITING_EMAIL, _STATE.AWAITING_GUARDIAN, _STATE.CONFIRMED, _STATE.QUEUED}
)

NEXT_STATES: Final[Mapping[SignupState, frozenset[SignupState]]] = {
    _STATE.AWAITING_EMAIL: frozenset(
        {_STATE.AWAITING_GUARDIAN, _STATE.CONFIRMED, _STATE.EXPIRED, _STATE.WITHDRAWN}
    ),
    _STATE.AWAITING_GUARDIAN: frozenset(
        {_STATE.CONFIRMED, _STATE.DECLINED, _STATE.EXPIRED, _STATE.WITHDRAWN}
    ),
    _STATE.QUEUED: frozenset({_STATE.OFFERED, _STATE.WITHDRAWN, _STATE.EXPIRED}),
    _STATE.OFFERED: frozenset({_STATE.CONFIRMED, _STATE.DECLINED, _STATE.EXPIRED, _STATE.WITHDRAWN}),
    _STATE.CONFIRMED: frozenset({_STATE.WITHDRAWN, _STATE.CALLED_OFF}),
    _STATE.WITHDRAWN: frozenset(),
    _STATE.DECLINED: frozenset(),
    _STATE.EXPIRED: frozenset(),
    _STATE.CALLED_OFF: frozenset(),
}

IS_OVER: Final = frozenset(state for state, following in NEXT_STATES.items() if not following)
IS_LIVE: Final = frozenset(SignupState) - IS_OVER
HOLDS_A_PLACE: Final = IS_LIVE - {_STATE.QUEUED}
IS_HELD_FOR_A_WHILE: Final = HOLDS_A_PLACE - {_STATE.CONFIRMED}
# Only somebody who reads the address's letters can bring a sign-up here.
IS_ANSWERED: Final = frozenset({_STATE.AWAITING_GUARDIAN, _STATE.CONFIRMED})


# Less than this before the start an offer has to be answered soon.
_NEAR: Final = timedelta(hours=24)
_MOST_UNANSWERED_IN_AN_HOUR: Final = 5
_MOST_UNANSWERED_IN_A_DAY: Final = 20


class MoveNotPossible(Refusal):
    """The sign-up is no longer where this step begins."""

    code: ClassVar[str] = "move_not_possible"


class OccasionFull(Refusal):
    """All places are taken, and there is no waiting list."""

    code: ClassVar[str] = "occasion_full"


class AllIsOver(Refusal):
    """The last meeting is over: there is no place to give back."""

    code: ClassVar[str] = "all_is_over"


class TooManyUnanswered(Refusal):
    """So many letters went to this address unanswered that one more would be a nuisance to somebody."""

    code: ClassVar[str] = "too_many_unanswered"
    field: ClassVar[str | None] = "email"


@dataclass(frozen=True, kw_only=True)
class Holds:
    """How long a place waits for an answer; the installation decides.

    No place is offered when less than `offer_lead_minutes` are left: nobody could be on the way in time.
    """

    hold_hours: int
    hold_hours_while_others_wait: int
    guardian_hours: int
    offer_hours: int
    offer_hours_when_near: int
    offer_lead_minutes: int


@dataclass(frozen=True)
class Unanswered:
    """How many sign-ups were typed for one address that nobody who reads it has answered."""

    in_an_hour: int
    in_a_day: int


def check_move(current: SignupState | None, wanted: SignupState) -> None:
    """Let a step along the table pass; refuse any other with MoveNotPossible."""
    following = FIRST_STATES if current is None else NEXT_STATES[current]
    if wanted not in following:
        raise MoveNotPossible(current=current, wanted=wanted)


def check_unanswered(unanswered: Unanswered) -> None:
    """Let an address pass that few letters wait at; refuse TooManyUnanswered, known address or not.

    The form would otherwise mail whomever a stranger names (REL and SEC-15: five an hour, twenty a day).
    """
    too_many = (
        unanswered.in_an_hour >= _MOST_UNANSWERED_IN_AN_HOUR
        or unanswered.in_a_day >= _MOST_UNANSWERED_IN_A_DAY
    )
    if too_many:
        raise TooManyUnanswered


def place_is_free(*, capacity: int, taken: int, waiting: int) -> bool:
    """Tell whether a newcomer gets a place: one is free and nobody waits for it."""
    return taken < capacity and waiting == 0


def hold_until(*, now: datetime, hours: int, starts_at: datetime) -> datetime:
    """Return when a held place is given on: after the hours, and never later than the start."""
    return min(now + timedelta(hours=hours), starts_at)


def last_offer_at(*, holds: Holds, starts_at: datetime, closes_at: datetime | None) -> datetime:
    """Return from when on no place is offered any more: sign-up has closed, or the start is too near."""
    near = starts_at - timedelta(minutes=holds.offer_lead_minutes)
    return near if closes_at is None else min(near, closes_at)


def offer_until(
    *, now: datetime, holds: Holds, starts_at: datetime, closes_at: datetime | None
) -> datetime | None:
    """Return until when an offer is open, or nothing when it is too late to offer a place.

    Never past the start, and never past the end of sign-up.
    """
    if now >= last_offer_at(holds=holds, starts_at=starts_at, closes_at=closes_at):
        return None
    last = starts_at if closes_at is None else min(starts_at, closes_at)
    hours = holds.offer_hours_when_near if starts_at - now < _NEAR else holds.offer_hours
    return min(now + timedelta(hours=hours), last)


def is_too_late(state: SignupState, *, held_until: datetime | None, now: datetime) -> bool:
    """Tell whether the time for an answer has run out; the last instant is too late already."""
    return state in IS_HELD_FOR_A_WHILE and held_until is not None and now >= held_until
