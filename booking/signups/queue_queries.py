"""Where in the queue somebody is."""

from collections.abc import Iterable, Mapping

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from booking.signups.models import Signup
from booking.signups.rules import SignupState


def places_in_queue(session: Session, signups: Iterable[Signup]) -> Mapping[int, int]:
    """Return which in the queue each of the sign-ups is that waits in one, by its number; the first is 1.

    In order of arrival, as places are offered. Asks nothing where nobody waits.
    """
    waiting = [signup.id for signup in signups if signup.state is SignupState.QUEUED]
    if not waiting:
        return {}
    before = aliased(Signup)
    no_later = and_(
        before.occasion_id == Signup.occasion_id,
        before.state == SignupState.QUEUED,
        before.id <= Signup.id,
    )
    rows = session.execute(
        select(Signup.id, func.count(before.id))
        .join(before, no_later)
        .where(Signup.id.in_(waiting))
        .group_by(Signup.id)
    )
    return {number: int(place) for number, place in rows}
