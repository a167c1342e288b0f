"""Recording leave to take part, and publishing the words for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.half_operations import drop_half_yeses
from booking.consent.models import Consent, NeedsNote, Permission, Wording
from booking.consent.queries import current_wording
from booking.consent.rules import Capacity, Established, Way, WordingPurpose
from booking.libraries.rules import Language
from booking.people.models import Participant
from booking.rows import note
from booking.tokens import fingerprint


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Leave to take part: the words agreed to, in what capacity, how that was shown, and by what rule."""

    wording_id: int
    capacity: Capacity
    established: Established
    age_rule_id: int | None = None
    account_id: int | None = None
    guardian_id: int | None = None


def record_permissions(
    session: Session, clock: Clock, *, participants: Sequence[Participant], occasion_id: int, leave: Leave
) -> None:
    """Keep leave for each of the participants to take part in the occasion."""
    said = {
        "occasion_id": occasion_id,
        "wording_id": leave.wording_id,
        "capacity": leave.capacity,
        "established": leave.established,
        "age_rule_id": leave.age_rule_id,
        "account_id": leave.account_id,
        "guardian_id": leave.guardian_id,
        "given_at": clock(),
    }
    note(session, Permission, [{"participant_id": participant.id, **said} for participant in participants])


def forget_agreements(session: Session, *, participant_id: int, occasion_id: int, said_at: datetime) -> None:
    """Erase what a stranger agreed to for a child on a form: about an occasion, or just then; twice is once.

    What was said by whoever had shown to be the family stays.
    """
    for table in (Permission, NeedsNote):
        session.execute(
            delete(table).where(table.participant_id == participant_id, table.occasion_id == occasion_id)
        )
    drop_half_yeses(session, participant_ids=[participant_id], occasion_id=occasion_id)
    about_it = or_(
        Consent.occasion_id == occasion_id, and_(Consent.occasion_id.is_(None), Consent.at == said_at)
    )
    on_a_form = Consent.way == Way.FORM
    session.execute(delete(Consent).where(Consent.participant_id == participant_id, on_a_form, about_it))


def forget_ticks(session: Session, *, participant_id: int, occasion_id: int, since: datetime) -> None:
    """Erase what was ticked on forms about a child at an occasion since then, and what it needs there.

    The leave to take part stays, and so does what was ticked on a form before.
    """
    session.execute(
        delete(NeedsNote).where(
            NeedsNote.participant_id == participant_id, NeedsNote.occasion_id == occasion_id
        )
    )
    drop_half_yeses(session, participant_ids=[participant_id], occasion_id=occasion_id)
    ticked = (Consent.occasion_id == occasion_id, Consent.way == Way.FORM, Consent.at >= since)
    session.execute(delete(Consent).where(Consent.participant_id == participant_id, *ticked))


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
