"""Recording leave to take part, and publishing the words for it."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.models import Permission, Wording
from booking.consent.queries import current_wording
from booking.consent.rules import Capacity, Established, WordingPurpose
from booking.libraries.rules import Language
from booking.people.models import Participant
from booking.tokens import fingerprint


def record_permission(
    session: Session,
    clock: Clock,
    *,
    participant: Participant,
    occasion_id: int,
    language: Language,
    capacity: Capacity,
    established: Established,
    wording: Wording | None = None,
) -> Permission:
    """Return leave for the participant to take part, tied to these words or to the newest."""
    agreed_to = wording or current_wording(session, purpose=WordingPurpose.PERMISSION, language=language)
    permission = Permission(
        participant_id=participant.id,
        occasion_id=occasion_id,
        wording_id=agreed_to.id,
        capacity=capacity,
        established=established,
        given_at=clock(),
    )
    session.add(permission)
    return permission


def forget_permission(session: Session, *, participant_id: int, occasion_id: int) -> None:
    """Erase leave that a stranger gave; twice is once."""
    session.execute(
        delete(Permission).where(
            Permission.participant_id == participant_id, Permission.occasion_id == occasion_id
        )
    )


def publish_wording(
    session: Session, clock: Clock, *, purpose: WordingPurpose, language: Language, words: str
) -> Wording:
    """Return a new version of the words; those before it stay, and so do the agreements to them.

    The same words again are no new version.
    """
    current = current_wording(session, purpose=purpose, language=language)
    if current.words == words:
        return current
    wording = Wording(
        purpose=purpose,
        language=language,
        version=current.version + 1,
        words=words,
        digest=fingerprint(words),
        published_at=clock(),
    )
    session.add(wording)
    session.flush()
    return wording
