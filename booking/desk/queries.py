"""Finding what staff act upon: of their own libraries only."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Activity, Occasion
from booking.activities.rules import Mode, next_start
from booking.clock import Clock
from booking.errors import NotFound
from booking.signups.models import Signup
from booking.signups.queries import take_signup, take_turn
from booking.signups.taking import take_occasion


def take_own_occasion(session: Session, occasion_id: int, *, library_ids: Collection[int]) -> Occasion:
    """Return the occasion after taking its turn, or raise NotFound: another library's does not exist here."""
    occasion = take_occasion(session, occasion_id)
    if occasion.activity.library_id not in library_ids:
        raise NotFound
    return occasion


def take_own_signup(
    session: Session, signup_id: int, *, occasion_id: int, library_ids: Collection[int]
) -> Signup:
    """Return the sign-up after taking its occasion's turn, or raise NotFound."""
    signup = take_signup(session, signup_id)
    if signup.occasion_id != occasion_id or signup.occasion.activity.library_id not in library_ids:
        raise NotFound
    return signup


def take_both_turns(session: Session, one: int, other: int) -> None:
    """Wait for the turns at two occasions, in the order in which everybody takes them."""
    for occasion_id in sorted({one, other}):
        take_turn(session, occasion_id=occasion_id)


def occasions_to_move_to(session: Session, clock: Clock, *, library_id: int, but: int) -> Sequence[Occasion]:
    """Return the occasions of the library that have places and are still to come, the next one first."""
    found = session.scalars(
        select(Occasion)
        .join(Occasion.activity)
        .where(
            Activity.library_id == library_id,
            Occasion.id != but,
            Occasion.called_off_at.is_(None),
            Occasion.mode != Mode.DROP_IN,
        )
        .options(joinedload(Occasion.activity).selectinload(Activity.texts), selectinload(Occasion.meetings))
    ).all()
    now = clock()
    coming = [each for each in found if next_start(each.meetings, now=now) is not None]
    return sorted(coming, key=lambda each: (next_start(each.meetings, now=now), each.id))
