"""Offering free places to those who wait, whoever asked first standing first."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Occasion
from booking.activities.rules import OccasionCalledOff, SignupTimes, check_booking_window, first_start
from booking.clock import Clock
from booking.signups.agreeing import forget_unanswered
from booking.signups.guardians import tell_guardian_it_is_over
from booking.signups.households import whose_turn
from booking.signups.models import Signup
from booking.signups.moving import SYSTEM, move_together
from booking.signups.queries import count_in, late_in, waiting_in
from booking.signups.rules import IS_ANSWERED, Holds, SignupState, last_offer_at, offer_until


def signup_times(occasion: Occasion) -> SignupTimes:
    """Return when sign-up for the occasion opens and closes, and when it starts."""
    return SignupTimes(
        mode=occasion.mode,
        opens_at=occasion.opens_at,
        closes_at=occasion.closes_at,
        starts_at=first_start(occasion.meetings),
    )


def check_open(occasion: Occasion, now: datetime) -> datetime:
    """Return when the occasion starts if one can sign up for it now; refuse with the reason otherwise."""
    times = signup_times(occasion)
    if times.starts_at is None or occasion.called_off_at is not None:
        raise OccasionCalledOff
    check_booking_window(now, times)
    return times.starts_at


def offer_free_places(session: Session, clock: Clock, *, occasion: Occasion, holds: Holds) -> int:
    """Offer each free place to who waited longest, with a deadline; return how many were offered.

    The occasion's turn has been taken. Nothing is offered after the start or the end of sign-up.
    """
    until = _offers_last_until(occasion, clock(), holds)
    households = _households(waiting_in(session, occasion.id)) if until else []
    if not households:
        return 0
    free = (occasion.capacity or 0) - count_in(session, occasion.id).taken
    chosen = whose_turn(free=free, sizes=[len(household) for household in households])
    for number in chosen:
        _move_in(session, clock, occasion, households[number], SignupState.OFFERED, held_until=until)
    return sum(len(households[number]) for number in chosen)


def shorten_holds(session: Session, clock: Clock, *, occasion: Occasion, holds: Holds) -> None:
    """Hold places for a shorter time from now on, as somebody waits: the letters said so."""
    until = clock() + timedelta(hours=holds.hold_hours_while_others_wait)
    session.execute(
        update(Signup)
        .where(
            Signup.occasion_id == occasion.id,
            Signup.state == SignupState.AWAITING_EMAIL,
            Signup.held_until > until,
        )
        .values(held_until=until)
        .execution_options(synchronize_session="fetch")
    )


def end_late(session: Session, clock: Clock, *, occasion: Occasion, holds: Holds) -> int:
    """Give on what was not answered in time, and end the queue when no offer can come any more.

    The occasion's turn has been taken. Return how many sign-ups ended; each family is told.
    """
    late = list(late_in(session, occasion.id, now=clock()))
    if _is_past_offers(occasion, clock(), holds):
        late += waiting_in(session, occasion.id)
    for household in _households(late):
        tell_guardian_it_is_over(session, clock, signups=household, occasion=occasion)
        if not has_answered(household):
            forget_unanswered(session, signups=household)
        _move_in(session, clock, occasion, household, SignupState.EXPIRED)
    return len(late)


def has_answered(household: Sequence[Signup]) -> bool:
    """Tell whether a household that is late has shown that the address is theirs: its guardian is late."""
    return household[0].state in IS_ANSWERED


def _move_in(
    session: Session,
    clock: Clock,
    occasion: Occasion,
    household: Sequence[Signup],
    wanted: SignupState,
    *,
    held_until: datetime | None = None,
) -> None:
    for signup in household:
        set_committed_value(signup, "occasion", occasion)
    move_together(session, clock, signups=household, wanted=wanted, by=SYSTEM, held_until=held_until)


def _offers_last_until(occasion: Occasion, now: datetime, holds: Holds) -> datetime | None:
    starts_at = first_start(occasion.meetings)
    if starts_at is None or occasion.called_off_at is not None:
        return None
    return offer_until(now=now, holds=holds, starts_at=starts_at, closes_at=occasion.closes_at)


def _is_past_offers(occasion: Occasion, now: datetime, holds: Holds) -> bool:
    starts_at = first_start(occasion.meetings)
    if starts_at is None:
        return True
    return now >= last_offer_at(holds=holds, starts_at=starts_at, closes_at=occasion.closes_at)


def _households(signups: Sequence[Signup]) -> list[list[Signup]]:
    # Children asked for with one form stand together, where the first of them stands; those that stand
    # elsewhere by now are told apart.
    by_form: dict[tuple[str, SignupState], list[Signup]] = {}
    for signup in signups:
        by_form.setdefault((signup.ask_key, signup.state), []).append(signup)
    return list(by_form.values())
