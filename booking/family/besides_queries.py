"""Finding what is left to be asked about a child that is signed up."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking.consent.half_queries import half_yeses_of
from booking.consent.queries import newest_permission
from booking.consent.rules import Capacity, WordingPurpose
from booking.consent.standing_queries import consents_in
from booking.family.besides_rules import Besides, left_to_ask
from booking.signups.agreeing import asked_at, asks_besides
from booking.signups.guardians import needs_guardian
from booking.signups.models import Signup
from booking.signups.rules import SignupState

_NOTHING = left_to_ask(asked=frozenset(), said=frozenset(), capacity=None, is_shielded=False)


def besides_of(session: Session, signup: Signup, *, by_guardian: bool, now: datetime) -> Besides:
    """Return what whoever looks may still say for the sign-up's child; nothing where it is not theirs to say.

    Of a youth whose guardian has the last word the guardian says it, of a child its family, from when the
    place is theirs until the last meeting is over. The database is asked only where the activity asks for
    something.
    """
    # A youth who is its own contact says neither for itself, whoever gave leave for it.
    is_theirs = needs_guardian(signup) if by_guardian else not signup.participant.is_own_contact
    is_on = any(meeting.ends_at > now for meeting in signup.occasion.meetings)
    has_place = signup.state is SignupState.CONFIRMED
    if not (is_theirs and is_on and has_place and asks_besides(signup.occasion.activity)):
        return _NOTHING
    return left_to_ask(
        asked=asked_at(signup.occasion),
        said=said_for(session, signup, now=now),
        capacity=capacity_of(session, signup),
        is_shielded=signup.participant.is_shielded,
    )


def may_say_more(session: Session, signup: Signup, *, by_guardian: bool, now: datetime) -> bool:
    """Tell whether `besides_of` finds anything that is left to be said."""
    return not besides_of(session, signup, by_guardian=by_guardian, now=now).is_nothing


def said_for(session: Session, signup: Signup, *, now: datetime) -> frozenset[WordingPurpose]:
    """Return what stands for the sign-up's child at its occasion, or waits for another's yes."""
    children = [signup.participant_id]
    standing = consents_in(session, occasion_id=signup.occasion_id, now=now, participant_ids=children)
    halves = half_yeses_of(session, participant_ids=children, occasion_id=signup.occasion_id)
    return standing.get(signup.participant_id, frozenset()) | {half.purpose for half in halves}


def capacity_of(session: Session, signup: Signup) -> Capacity | None:
    """Return in what capacity somebody gave the newest leave to take part, or nothing where nobody did."""
    given = newest_permission(session, participant_id=signup.participant_id, occasion_id=signup.occasion_id)
    return given.capacity if given else None
