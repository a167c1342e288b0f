"""What was agreed to goes along when a child's place is moved to another occasion of the activity."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.clock import Clock
from booking.consent.half_operations import move_half_yeses, rest_on_the_same
from booking.consent.half_queries import accords_of
from booking.consent.models import Consent, NeedsNote
from booking.consent.needs import NeedsUnreadable, packed, unpacked
from booking.consent.needs_operations import erase_needs
from booking.consent.rules import Step, WordingPurpose
from booking.consent.seal import Seal
from booking.consent.standing_queries import is_standing, newest_consents


def carry_along(
    session: Session,
    clock: Clock,
    *,
    participant_id: int,
    here: Occasion,
    there: Occasion,
    account_id: int,
    seal: Seal,
) -> bool:
    """Let consents and the note of needs go along, and erase the note here; tell whether a note was left.

    The words that were agreed to speak of «this activity»: at another one nothing of it stands, and the
    family must be asked again. Nothing lasts longer than it was given for.
    """
    note = session.scalar(
        select(NeedsNote).where(NeedsNote.participant_id == participant_id, NeedsNote.occasion_id == here.id)
    )
    standing = _standing(session, clock, participant_id, here)
    goes_along = here.activity_id == there.activity_id
    if goes_along:
        _carry(session, clock, standing, there, account_id)
        move_half_yeses(session, participant_id=participant_id, here_id=here.id, there_id=there.id)
    is_kept = note is None or (
        goes_along
        and WordingPurpose.NEEDS in {consent.purpose for consent in standing}
        and _keep_there(session, note, there, seal)
    )
    erase_needs(session, participant_ids=[participant_id], occasion_id=here.id)
    session.flush()
    return not is_kept


def _carry(session: Session, clock: Clock, standing: list[Consent], there: Occasion, account_id: int) -> None:
    accords = accords_of(session, participant_ids={consent.participant_id for consent in standing})
    again = {consent.id: _again(clock, consent, there, account_id) for consent in standing}
    session.add_all(again.values())
    session.flush()
    for number, consent in again.items():
        if number in accords:
            rest_on_the_same(session, accord=accords[number], consent_id=consent.id)


def _standing(session: Session, clock: Clock, participant_id: int, here: Occasion) -> list[Consent]:
    newest = newest_consents(session, participant_ids=[participant_id])
    return [
        consent
        for consent in newest.values()
        if consent.occasion_id == here.id and is_standing(consent, clock())
    ]


def _again(clock: Clock, consent: Consent, there: Occasion, account_id: int) -> Consent:
    return Consent(
        participant_id=consent.participant_id,
        purpose=consent.purpose,
        occasion_id=there.id,
        library_id=consent.library_id,
        wording_id=consent.wording_id,
        step=Step.GIVEN,
        capacity=consent.capacity,
        established=consent.established,
        way=consent.way,
        child_answer=consent.child_answer,
        at=clock(),
        expires_at=consent.expires_at,
        account_id=account_id,
        age_rule_id=consent.age_rule_id,
    )


def _keep_there(session: Session, note: NeedsNote, there: Occasion, seal: Seal) -> bool:
    child = note.participant_id
    try:
        told = unpacked(seal.open(note.sealed), participant_id=child, occasion_id=note.occasion_id)
    except NeedsUnreadable:
        return False
    # Sealed anew: a note opens only at the occasion that it was written for.
    sealed = seal.close(packed(told, participant_id=child, occasion_id=there.id))
    session.add(
        NeedsNote(participant_id=child, occasion_id=there.id, sealed=sealed, written_at=note.written_at)
    )
    return True
