"""What the tests of this room say yes to."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.queries import get_published_occasion
from booking.clock import Clock
from booking.consent.consent_operations import Said, Yes, record_consents
from booking.consent.models import Consent
from booking.consent.queries import age_rule_at, current_wording
from booking.consent.rules import Capacity, Established, Step, Way, WordingPurpose
from booking.consent.seal import Seal
from booking.libraries.rules import Language
from booking.people.models import Participant
from tests.factories import NOON, make_meeting, make_occasion

WEB, SOCIAL, PRESS = WordingPurpose.PHOTO_WEB, WordingPurpose.PHOTO_SOCIAL, WordingPurpose.PHOTO_PRESS
NEEDS, NEWS = WordingPurpose.NEEDS, WordingPurpose.NEWS
OVER_AT = NOON + timedelta(days=7, hours=7)
SEAL = Seal.of(["a secret that only the tests of needs know"])


def occasion_in_a_week(session: Session, **changes: Any) -> Occasion:
    """An occasion with one meeting in a week, with its activity at hand."""
    occasion = make_occasion(session, **changes)
    make_meeting(session, occasion=occasion)
    session.expire(occasion)
    return get_published_occasion(session, occasion.id)


def said_at(session: Session, clock: Clock, occasion: Occasion, **changes: Any) -> Said:
    """A parent's words on the form."""
    values: dict[str, Any] = {
        "library_id": occasion.activity.library_id,
        "occasion_id": occasion.id,
        "over_at": OVER_AT,
        "rule": age_rule_at(session, now=clock()),
        "capacity": Capacity.PARENT,
        "established": Established.SELF_DECLARED,
        "way": Way.FORM,
        # What takes both guardians has tests of its own.
        "is_settled": True,
    }
    return Said(**{**values, **changes})


def texts(session: Session, purposes: Collection[WordingPurpose]) -> Mapping[WordingPurpose, int]:
    """The numbers of the words in English, as they are now."""
    return {
        purpose: current_wording(session, purpose=purpose, language=Language.EN).id for purpose in purposes
    }


def say_yes(
    session: Session,
    clock: Clock,
    participant: Participant,
    occasion: Occasion,
    *purposes: WordingPurpose,
    child_answer: Any = None,
    **changes: Any,
) -> None:
    """Say yes to these purposes for one child."""
    answer = {} if child_answer is None else {"child_answer": child_answer}
    yes = Yes(participant=participant, purposes=frozenset(purposes), **answer)
    said = said_at(session, clock, occasion, **changes)
    record_consents(session, clock, yeses=[yes], texts=texts(session, purposes), said=said)


def steps(session: Session, participant: Participant) -> list[tuple[WordingPurpose, Step]]:
    """What happened to a participant's consents, in order."""
    found = select(Consent.purpose, Consent.step).where(Consent.participant_id == participant.id)
    return [(row.purpose, row.step) for row in session.execute(found.order_by(Consent.id))]
