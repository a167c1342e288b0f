"""What a family does on its own page: answer, give back, take consent back, and be shielded."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent, withdraw_pictures
from booking.consent.rules import Way, WordingPurpose
from booking.family.my_queries import child_of, get_own_consent, get_own_signup
from booking.links.models import Link
from booking.links.operations import issue_link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.people.models import Family
from booking.people.operations import shield
from booking.signups.answers import say_no, say_yes, withdraw
from booking.signups.rules import Holds, MoveNotPossible, SignupState

# By which letter's link a sign-up in this state is answered.
_ANSWERED_BY: Final[Mapping[SignupState, Purpose]] = {
    SignupState.AWAITING_EMAIL: Purpose.CONFIRM_EMAIL,
    SignupState.OFFERED: Purpose.OFFER,
}
_A_MOMENT: Final = timedelta(minutes=1)


def say_yes_here(session: Session, clock: Clock, *, family: Family, signup_id: int, holds: Holds) -> None:
    """Confirm the place, exactly as the button behind the letter's link does; twice is once.

    Refuses MoveNotPossible where nothing waits for an answer, and NotFound for a stranger's sign-up.
    """
    link = _as_if_by_letter(session, clock, family, signup_id)
    say_yes(session, clock, link=link, holds=holds)


def say_no_here(session: Session, clock: Clock, *, family: Family, signup_id: int, holds: Holds) -> None:
    """Decline the place that was offered, exactly as behind the letter's link.

    Refuses MoveNotPossible where nothing was offered, and NotFound for a stranger's sign-up.
    """
    link = _as_if_by_letter(session, clock, family, signup_id)
    if link.purpose is not Purpose.OFFER:
        raise MoveNotPossible
    say_no(session, clock, link=link, holds=holds)


def give_back_here(session: Session, clock: Clock, *, family: Family, signup_id: int, holds: Holds) -> None:
    """Give one of the family's places back; twice gives back one.

    Refuses AllIsOver when the last meeting is over, and NotFound for a stranger's sign-up.
    """
    signup = get_own_signup(session, family, signup_id)
    withdraw(session, clock, signup_id=signup.id, holds=holds)


def take_consent_back(
    session: Session, clock: Clock, *, family: Family, consent_id: int, way: Way = Way.FAMILY_PAGE
) -> WordingPurpose:
    """Take one consent back, in force at once; return what it was about. Twice is once.

    Refuses NotFound for a stranger's consent.
    """
    consent = get_own_consent(session, family, consent_id)
    withdraw_consent(
        session,
        clock,
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        way=way,
    )
    return consent.purpose


def change_shielding(
    session: Session, clock: Clock, *, family: Family, participant_id: int, is_shielded: bool
) -> None:
    """Show the child with a chosen name only from now on, or as all others again; twice is once.

    With the shield on nobody takes pictures: such consents are taken back. NotFound for a stranger's child.
    """
    child = child_of(family, participant_id)
    if child.is_shielded is is_shielded:
        return
    shield(clock, family=family, participant=child, is_shielded=is_shielded)
    if is_shielded:
        withdraw_pictures(session, clock, participant_ids=[child.id], way=Way.FAMILY_PAGE)
    record(
        session,
        clock,
        actor=Actor.FAMILY,
        action="shielding_changed",
        subject="participant",
        subject_id=child.id,
        facts={"is_shielded": is_shielded},
    )


def _as_if_by_letter(session: Session, clock: Clock, family: Family, signup_id: int) -> Link:
    # A link of its own, for this moment: whatever an answer asks for by letter, it asks for here too.
    signup = get_own_signup(session, family, signup_id)
    purpose = _ANSWERED_BY.get(signup.state)
    if purpose is None:
        raise MoveNotPossible
    secret = issue_link(session, clock, purpose=purpose, subject_id=signup.id, lasts=_A_MOMENT)
    return follow_link(session, clock, purpose=purpose, secret=secret)
