"""Changing how one comes to an occasion: what was promised to families is kept."""

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.operations import set_terms
from booking.activities.planning import Terms, check_terms
from booking.clock import Clock
from booking.signups.queries import count_in, live_in, take_turn


def change_terms(
    session: Session, clock: Clock, *, occasion: Occasion, terms: Terms, seen: str, account_id: int
) -> None:
    """Give the occasion new terms under its turn, so that nobody gets a place in between.

    More places than before are offered to those who wait when the queue is next looked after. Refuses
    ChangedMeanwhile, FewerThanTaken, HasSignups and ClosesBeforeOpening.
    """
    take_turn(session, occasion_id=occasion.id)
    session.refresh(occasion)
    taken = count_in(session, occasion.id).taken
    check_terms(terms, taken=taken, live=len(live_in(session, occasion.id)))
    set_terms(session, clock, occasion=occasion, terms=terms, seen=seen, account_id=account_id)
