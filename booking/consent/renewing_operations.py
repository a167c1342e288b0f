"""Letting a yes stand for another year, said again by whoever said it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.consent_operations import Said, Yes, record_consents
from booking.consent.half_operations import rest_on_the_same
from booking.consent.models import Consent
from booking.consent.queries import age_rule_at
from booking.consent.rules import ChildAnswer, Established, RestsOn, Way
from booking.consent.shared_models import Accord
from booking.consent.standing import A_YEAR, PHOTOS, ends_soon
from booking.consent.standing_queries import (
    is_standing,
    key_of,
    may_say_again,
    newest_consents,
    texts_shown,
)
from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.people.models import Participant


class YesHasEnded(Refusal):
    """The yes stands no longer: it was taken back, or its time is over."""

    code: ClassVar[str] = "yes_has_ended"


def renew_consent(
    session: Session, clock: Clock, *, consent: Consent, digest: str, language: Language, way: Way
) -> Consent:
    """Let the yes stand for another year, tied to the words that were read now; twice is once.

    One that does not end soon stays as it is. For pictures the button says that the child wants it too; one
    that takes all guardians stands for another year when it did so on the word of one who decides alone, and
    is half a yes otherwise. Return the step that stood. Refuses YesHasEnded, also where a guardian said what
    a youth cannot say again, and ConsentChanged when the words were changed after they were shown.
    """
    child = session.get_one(Participant, consent.participant_id, with_for_update={"key_share": True})
    now = clock()
    newest = _standing(session, child, consent, now)
    if not ends_soon(newest.step, expires_at=newest.expires_at, now=now):
        return newest
    accord = session.get(Accord, newest.id)
    is_alone = accord is not None and accord.rests_on is RestsOn.ALONE
    texts = texts_shown(session, shown={newest.purpose: digest}, language=language)
    answer = ChildAnswer.YES if newest.purpose in PHOTOS else newest.child_answer
    said = Said(
        library_id=newest.library_id,
        occasion_id=newest.occasion_id,
        # Said again it is for a whole year, also where the meetings are over before that.
        over_at=now + A_YEAR,
        rule=age_rule_at(session, now=now),
        capacity=newest.capacity,
        established=Established.SELF_DECLARED,
        way=way,
        is_settled=is_alone,
    )
    yes = Yes(participant=child, purposes=frozenset({newest.purpose}), child_answer=answer)
    record_consents(session, clock, yeses=[yes], texts=texts, said=said)
    if accord is not None and is_alone:
        _rest_as_before(session, newest, accord)
    return newest


def _standing(session: Session, child: Participant, consent: Consent, now: datetime) -> Consent:
    newest = newest_consents(session, participant_ids=[child.id]).get(key_of(consent))
    if newest is None or not is_standing(newest, now) or not may_say_again(newest, child):
        raise YesHasEnded
    return newest


def _rest_as_before(session: Session, before: Consent, accord: Accord) -> None:
    newest = newest_consents(session, participant_ids=[before.participant_id])[key_of(before)]
    if newest.id != before.id:
        rest_on_the_same(session, accord=accord, consent_id=newest.id)
