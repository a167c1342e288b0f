"""How a sign-up moves, who gets a place, and how long a place is held."""

from collections.abc import Mapping
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


class MoveNotPossible(Refusal):
    """The sign-up is no longer where this step begins."""

    code: ClassVar[str] = "move_not_possible"


def check_move(current: SignupState | None, wanted: SignupState) -> None:
    """Let a step along the table pass; refuse any other with MoveNotPossible."""
    following = FIRST_STATES if current is None else NEXT_STATES[current]
    if wanted not in following:
        raise MoveNotPossible(current=current, wanted=wanted)


def place_is_free(*, capacity: int, taken: int, waiting: int) -> bool:
    """Tell whether a newcomer gets a place: one is free and nobody waits for it."""
    return taken < capacity and waiting == 0


def hold_until(*, now: datetime, hours: int, starts_at: datetime) -> datetime:
    """Return when a held place is given on: after the hours, and never later than the start."""
    return min(now + timedelta(hours=hours), starts_at)
