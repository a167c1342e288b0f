"""Holding what the service promises against its tables: places, histories, letters and the record."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.queries import verify_chain
from booking.outbox.models import Letter
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import FIRST_STATES, HOLDS_A_PLACE, IS_LIVE, NEXT_STATES, SignupState

_AT_ONCE = 1000
# Who stands here was asked something by a letter about its asking.
_ASKED_BY_LETTER = (SignupState.AWAITING_EMAIL, SignupState.OFFERED)


def overfull_occasions(session: Session) -> Iterator[str | None]:
    """Tell of occasions with more children than places."""
    taken = func.count(Signup.id)
    rows = session.execute(
        select(Occasion.id, Occasion.capacity, taken)
        .join(Signup, Signup.occasion_id == Occasion.id)
        .where(Signup.state.in_(HOLDS_A_PLACE), Occasion.capacity.is_not(None))
        .group_by(Occasion.id, Occasion.capacity)
        .having(taken > Occasion.capacity)
    )
    for occasion_id, capacity, count in rows:
        yield f"occasion {occasion_id}: {count} hold a place, and there are {capacity}"


def doubled_signups(session: Session) -> Iterator[str | None]:
    """Tell of children who stand twice in one occasion."""
    rows = session.execute(
        select(Signup.occasion_id, Signup.participant_id, func.count())
        .where(Signup.state.in_(IS_LIVE))
        .group_by(Signup.occasion_id, Signup.participant_id)
        .having(func.count() > 1)
    )
    for occasion_id, participant_id, count in rows:
        yield f"occasion {occasion_id}: participant {participant_id} has {count} live sign-ups"


def broken_histories(session: Session) -> Iterator[str | None]:
    """Tell of sign-ups that moved where no arrow leads, or do not stand where their last move led."""
    for signup_id, moves in groupby(_moves(session), key=lambda each: each.id):
        every = list(moves)
        states = [None, *(each.to_state for each in every)]
        for before, after in pairwise(states):
            if after not in (FIRST_STATES if before is None else NEXT_STATES[before]):
                yield f"sign-up {signup_id}: no arrow leads from {before} to {after}"
        led, stands = states[-1], every[0].state
        if led is not stands:
            yield f"sign-up {signup_id}: its last move led to {led}, and it stands at {stands}"


def unasked_signups(session: Session) -> Iterator[str | None]:
    """Tell of sign-ups that wait for an answer to a letter that nobody wrote."""
    letter = select(Letter.id).where(Letter.about == literal("ask:") + Signup.ask_key)
    rows = session.execute(
        select(Signup.id, Signup.state).where(Signup.state.in_(_ASKED_BY_LETTER), ~letter.exists())
    )
    for signup_id, state in rows:
        yield f"sign-up {signup_id}: it is {state}, and there is no letter that asks"


def broken_record(session: Session) -> Iterator[str | None]:
    """Tell where the record of who did what was changed."""
    entry_id = verify_chain(session)
    if entry_id is not None:
        yield f"entry {entry_id} of the record does not follow on the one before it"


def _moves(session: Session) -> Iterator[Any]:
    return iter(
        session.execute(
            select(Signup.id, Signup.state, SignupMove.to_state)
            .join(SignupMove, SignupMove.signup_id == Signup.id)
            .order_by(Signup.id, SignupMove.id)
            .execution_options(yield_per=_AT_ONCE)
        )
    )
