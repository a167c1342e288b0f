"""Consents as they stand in the tables, for tests about taking them back."""

from typing import Any

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.consent.models import Consent, NeedsNote, Permission
from booking.consent.needs import Need, Needs, packed
from booking.consent.queries import current_wording
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose
from booking.consent.seal import Seal
from booking.libraries.rules import Language
from booking.people.models import Participant
from tests.factories import NOON


def make_consent(
    session: Session, *, child: Participant, occasion: Occasion | None, library_id: int, **changes: Any
) -> Consent:
    """A parent's yes to pictures on the website, given with the form."""
    purpose = changes.pop("purpose", WordingPurpose.PHOTO_WEB)
    values: dict[str, Any] = {
        "participant_id": child.id,
        "purpose": purpose,
        "occasion_id": occasion.id if occasion else None,
        "library_id": library_id,
        "wording_id": current_wording(session, purpose=purpose, language=Language.EN).id,
        "step": Step.GIVEN,
        "capacity": Capacity.PARENT,
        "established": Established.SELF_DECLARED,
        "way": Way.FORM,
        "child_answer": ChildAnswer.YES,
        "at": NOON,
        "expires_at": None,
    }
    consent = Consent(**{**values, **changes})
    session.add(consent)
    session.flush()
    return consent


def make_permission(session: Session, *, child: Participant, occasion: Occasion) -> Permission:
    """A parent's leave to take part, given with the form."""
    permission = Permission(
        participant_id=child.id,
        occasion_id=occasion.id,
        wording_id=current_wording(session, purpose=WordingPurpose.PERMISSION, language=Language.EN).id,
        capacity=Capacity.PARENT,
        established=Established.SELF_DECLARED,
        given_at=NOON,
    )
    session.add(permission)
    session.flush()
    return permission


def make_note(
    session: Session, *, child: Participant, occasion: Occasion, seal: Seal | None = None
) -> NeedsNote:
    """What a child needs, sealed; without a seal the key is gone."""
    needs = Needs(choices=(Need.NO_NUTS,), line="Trenger litt ro")
    text = packed(needs, participant_id=child.id, occasion_id=occasion.id)
    sealed = seal.close(text) if seal else "of a key that is gone"
    note = NeedsNote(participant_id=child.id, occasion_id=occasion.id, sealed=sealed, written_at=NOON)
    session.add(note)
    session.flush()
    return note
