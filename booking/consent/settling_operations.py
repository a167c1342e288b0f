"""What makes half a yes a whole one: somebody who decides alone, or the yes of the other guardian too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.consent_operations import Said, Yes, record_consents
from booking.consent.models import AgeRule, Consent
from booking.consent.rules import Capacity, RestsOn, WordingPurpose
from booking.consent.shared_models import Accord, HalfYes
from booking.consent.standing_queries import is_standing, newest_consents
from booking.people.models import Participant


@dataclass(frozen=True, kw_only=True)
class OtherYes:
    """What the other guardian said: who, in what capacity, and to which words of each purpose."""

    other_guardian_id: int
    capacity: Capacity
    texts: dict[WordingPurpose, int]


def settle(
    session: Session, clock: Clock, *, halves: Sequence[HalfYes], other: OtherYes | None = None
) -> Sequence[Consent]:
    """Make consents of half yeses, and note what each rests on; return those that stand now.

    Without another's yes they rest on the word of who decides alone. The caller holds the child. A yes that
    is none by now – of a child who is shielded since, say – is not kept.
    """
    stands = []
    for half in halves:
        if other is None or half.purpose in other.texts:
            stands += _settle(session, clock, half, other)
        session.delete(half)
    session.flush()
    return stands


def _settle(session: Session, clock: Clock, half: HalfYes, other: OtherYes | None) -> list[Consent]:
    child = session.get_one(Participant, half.participant_id)
    said = Said(
        library_id=half.library_id,
        occasion_id=half.occasion_id,
        over_at=half.over_at,
        rule=session.get_one(AgeRule, half.age_rule_id),
        capacity=half.capacity,
        established=half.established,
        way=half.way,
        is_settled=True,
    )
    yes = Yes(participant=child, purposes=frozenset({half.purpose}), child_answer=half.child_answer)
    record_consents(session, clock, yeses=[yes], texts={half.purpose: half.wording_id}, said=said)
    newest = newest_consents(session, participant_ids=[child.id])
    consent = newest.get((child.id, half.purpose, half.occasion_id))
    if consent is None or consent.at != clock() or not is_standing(consent, clock()):
        return []
    session.add(_accord(clock, half, consent, other))
    return [consent]


def _accord(clock: Clock, half: HalfYes, consent: Consent, other: OtherYes | None) -> Accord:
    theirs: dict[str, Any] = {}
    if other is not None:
        theirs = {
            "other_guardian_id": other.other_guardian_id,
            "other_capacity": other.capacity,
            "other_wording_id": other.texts[half.purpose],
            "other_said_at": clock(),
        }
    return Accord(
        consent_id=consent.id,
        rests_on=RestsOn.ALONE if other is None else RestsOn.BOTH,
        first_said_at=half.said_at,
        declared_at=clock(),
        **theirs,
    )
