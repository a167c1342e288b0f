"""What time alone brings: places that nobody answered for go on, and those who wait get their turn."""

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.signups.queries import occasions_with_late_answers, occasions_with_queues
from booking.signups.rules import Holds
from booking.signups.taking import take_occasion
from booking.signups.turns import end_late, offer_free_places


def end_holds(session: Session, clock: Clock, *, holds: Holds) -> int:
    """Give on each place that was not answered for in time, and end queues that nothing can serve.

    Return how many sign-ups ended. Doing it twice does it once.
    """
    late = occasions_with_late_answers(session, now=clock())
    # Turns are taken in one order by everybody, so that no two wait for each other.
    in_order = sorted({*late, *occasions_with_queues(session)})
    return sum(
        end_late(session, clock, occasion=take_occasion(session, occasion_id), holds=holds)
        for occasion_id in in_order
    )


def serve_queues(session: Session, clock: Clock, *, holds: Holds) -> int:
    """Offer every free place for which somebody waits; return how many were offered. Twice is once."""
    return sum(
        offer_free_places(session, clock, occasion=take_occasion(session, occasion_id), holds=holds)
        for occasion_id in occasions_with_queues(session)
    )
