"""What was agreed to for the child of one sign-up."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.consent.half_queries import half_yeses_of
from booking.consent.models import Consent
from booking.consent.shared_models import HalfYes
from booking.consent.standing_queries import newest_consents
from booking.errors import NotFound
from booking.signups.models import Signup


def consents_of(session: Session, *, signup: Signup) -> Sequence[Consent]:
    """Return the newest step of each consent of the sign-up's child: about this occasion, or about none."""
    newest = newest_consents(session, participant_ids=[signup.participant_id], with_words=True)
    return [each for each in newest.values() if each.occasion_id in {None, signup.occasion_id}]


def halves_of(session: Session, *, signup: Signup) -> Sequence[HalfYes]:
    """Return the yeses of the sign-up's child that wait for another's, about this occasion."""
    return half_yeses_of(session, participant_ids=[signup.participant_id], occasion_id=signup.occasion_id)


def get_consent_of(session: Session, consent_id: int, *, signup: Signup) -> Consent:
    """Return a consent of the sign-up's child, or raise NotFound for any other."""
    consent = session.get(Consent, consent_id)
    if consent is None or consent.participant_id != signup.participant_id:
        raise NotFound
    if consent.occasion_id not in {None, signup.occasion_id}:
        raise NotFound
    return consent
