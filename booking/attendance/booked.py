"""What a sign-up's history means for one meeting: who was expected, who gave the place back, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking.attendance.rules import Standing
from booking.participation.rules import Outcome
from booking.signups.rules import IS_LIVE, SignupState


class Group(StrEnum):
    """Where in the register somebody stands."""

    EXPECTED = "expected"
    WAITING = "waiting"
    GONE = "gone"
    WALK_IN = "walk_in"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A sign-up came to a state at an instant."""

    at: datetime
    state: SignupState


@dataclass(frozen=True, kw_only=True)
class Span:
    """The instants of one meeting that decide what a booking was."""

    deadline_at: datetime
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Booking:
    """What one person's sign-ups came to for one meeting."""

    was_booked: bool
    booked_at_deadline: bool
    was_queued: bool
    given_back: Outcome | None


def state_at(steps: Sequence[Step], instant: datetime) -> SignupState | None:
    """Return where a sign-up stood at the instant, or nothing if it was not made yet."""
    return next((step.state for step in reversed(steps) if step.at <= instant), None)


def is_booked_at(histories: Sequence[Sequence[Step]], instant: datetime) -> bool:
    """Tell whether one of a person's sign-ups was confirmed at the instant."""
    return any(state_at(steps, instant) is SignupState.CONFIRMED for steps in histories)


def booking_of(histories: Sequence[Sequence[Step]], span: Span) -> Booking:
    """Return what the sign-ups of one person, each with its steps in order, came to for the meeting."""
    before = [step for steps in histories for step in steps if step.at <= span.starts_at]
    was_booked = any(step.state is SignupState.CONFIRMED for step in before)
    return Booking(
        was_booked=was_booked,
        booked_at_deadline=is_booked_at(histories, span.deadline_at),
        was_queued=any(step.state is SignupState.QUEUED for step in before),
        given_back=_given_back(histories, span) if was_booked else None,
    )


def _given_back(histories: Sequence[Sequence[Step]], span: Span) -> Outcome | None:
    if is_booked_at(histories, span.starts_at):
        return None
    withdrawals = [
        step.at
        for steps in histories
        if SignupState.CONFIRMED in {step.state for step in steps}
        for step in steps
        if step.state is SignupState.WITHDRAWN and step.at <= span.starts_at
    ]
    if not withdrawals:
        return None  # the library called it off: nobody gave anything back
    return Outcome.CANCELLED_IN_TIME if max(withdrawals) <= span.deadline_at else Outcome.CANCELLED_LATE


def outcome_of(booking: Booking, standing: Standing) -> Outcome | None:
    """Return what became of the booking or the visit, or nothing for who neither had a place nor came."""
    if standing is Standing.CAME:
        return Outcome.CAME
    if booking.given_back is not None:
        return booking.given_back
    if not booking.was_booked:
        return None
    return Outcome.DID_NOT_COME if standing is Standing.DID_NOT_COME else Outcome.NOT_KNOWN


def group_of(
    histories: Sequence[Sequence[Step]], span: Span, *, now: datetime, is_marked: bool
) -> Group | None:
    """Return where in the register somebody stands, or nothing for who has no business in it.

    Who gave a place back stays visible, and so does everyone with a tick.
    """
    if any(is_booked_at(histories, min(now, instant)) for instant in (span.starts_at, span.ends_at)):
        return Group.EXPECTED
    at = min(now, span.ends_at)
    if any(state_at(steps, at) in IS_LIVE for steps in histories):
        return Group.WAITING
    had_a_place = any(
        step.state is SignupState.CONFIRMED and step.at <= at for steps in histories for step in steps
    )
    return Group.GONE if had_a_place or is_marked else None
