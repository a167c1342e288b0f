"""Taking a yes back by the link in a letter."""

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.ending_operations import withdraw_consent
from booking.consent.rules import Way, WordingPurpose
from booking.family.agreed_queries import get_consent_of
from booking.signups.queries import get_signup


def take_back(session: Session, clock: Clock, *, signup_id: int, consent_id: int) -> WordingPurpose:
    """Take back what was agreed to with this sign-up, at once, and return what it was; twice is once.

    What is about another child or another sign-up is not there: NotFound.
    """
    consent = get_consent_of(session, consent_id, signup=get_signup(session, signup_id))
    withdraw_consent(
        session,
        clock,
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=consent.occasion_id,
        way=Way.LINK,
    )
    return consent.purpose
