"""Finding which consents stand, what became of them, and the words that somebody read."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from booking.consent.ages import Ages, KnownAge
from booking.consent.models import AgeRule, Consent, Wording
from booking.consent.rules import Capacity, ConsentChanged, WordingPurpose
from booking.consent.standing import PHOTOS, stands
from booking.libraries.rules import Language
from booking.people.models import Participant

Key = tuple[int, WordingPurpose, int | None]
"""What a consent is about: whose, what for, and at which occasion."""


def texts_shown(
    session: Session, *, shown: Mapping[WordingPurpose, str], language: Language
) -> Mapping[WordingPurpose, int]:
    """Return the numbers of the words that somebody read, by their digests; refuse ConsentChanged.

    Nobody is held to words that they have not seen.
    """
    current = {text.purpose: text for text in newest_texts(session, purposes=shown, language=language)}
    if any(purpose not in current or current[purpose].digest != digest for purpose, digest in shown.items()):
        raise ConsentChanged
    return {purpose: current[purpose].id for purpose in shown}


def newest_texts(
    session: Session, *, purposes: Collection[WordingPurpose], language: Language
) -> Sequence[Wording]:
    """Return the newest words for each of the purposes in the language."""
    if not purposes:
        return []
    newest = (
        select(Wording.purpose, func.max(Wording.version).label("version"))
        .where(Wording.language == language, Wording.purpose.in_(list(purposes)))
        .group_by(Wording.purpose)
        .subquery()
    )
    is_newest = (Wording.purpose == newest.c.purpose, Wording.version == newest.c.version)
    return session.scalars(
        select(Wording).join(newest, is_newest[0] & is_newest[1]).where(Wording.language == language)
    ).all()


def newest_consents(
    session: Session, *, participant_ids: Collection[int], with_words: bool = False
) -> Mapping[Key, Consent]:
    """Return the newest step of each consent of the participants, whether it stands or not."""
    found = select(Consent).where(Consent.id.in_(_newest_of(Consent.participant_id.in_(participant_ids))))
    if with_words:
        found = found.options(joinedload(Consent.wording))
    return {key_of(row): row for row in session.scalars(found.order_by(Consent.id))}


def consents_in(
    session: Session, *, occasion_id: int, now: datetime, participant_ids: Collection[int] | None = None
) -> Mapping[int, frozenset[WordingPurpose]]:
    """Return what stands for an occasion, by participant; whoever said yes to nothing is not in it.

    Pictures of a child who is shielded never stand, whatever was said before.
    """
    is_there: ColumnElement[bool] = Consent.occasion_id == occasion_id
    if participant_ids is not None:
        is_there = is_there & Consent.participant_id.in_(participant_ids)
    newest = select(Consent, Participant.is_shielded).join(
        Participant, Participant.id == Consent.participant_id
    )
    standing = defaultdict(set)
    for row, is_shielded in session.execute(newest.where(Consent.id.in_(_newest_of(is_there)))):
        if is_standing(row, now) and not (is_shielded and row.purpose in PHOTOS):
            standing[row.participant_id].add(row.purpose)
    return {participant_id: frozenset(purposes) for participant_id, purposes in standing.items()}


def history_of(session: Session, *, participant_id: int, occasion_id: int | None = None) -> Sequence[Consent]:
    """Return every step of a participant's consents with its words, oldest first.

    With an occasion only what is about that one, or about none.
    """
    steps = select(Consent).where(Consent.participant_id == participant_id)
    if occasion_id is not None:
        steps = steps.where(or_(Consent.occasion_id == occasion_id, Consent.occasion_id.is_(None)))
    return session.scalars(steps.options(joinedload(Consent.wording)).order_by(Consent.id)).all()


def ages_of(rule: AgeRule) -> Ages:
    """Return what a rule of ages says."""
    return Ages(
        youth_from=rule.youth_from,
        alone_from=rule.alone_from,
        photo_own_yes_from=rule.photo_own_yes_from,
        adult_from=rule.adult_from,
    )


def age_of(participant: Participant) -> KnownAge:
    """Return what is known of a participant's age."""
    age, day = participant.declared_age, participant.declared_on
    return KnownAge(
        birth_year=participant.birth_year,
        is_by_grade=participant.is_by_grade,
        declared=(age, day) if age is not None and day is not None else None,
    )


def is_standing(consent: Consent, now: datetime) -> bool:
    """Tell whether the newest step of a consent lets it stand."""
    return stands(consent.step, expires_at=consent.expires_at, now=now)


def is_newest() -> ColumnElement[bool]:
    """Return the condition that a consent's step is the newest of what it is about."""
    newer = aliased(Consent)
    return ~exists().where(
        newer.participant_id == Consent.participant_id,
        newer.purpose == Consent.purpose,
        newer.occasion_id.is_not_distinct_from(Consent.occasion_id),
        newer.id > Consent.id,
    )


def may_say_again(consent: Consent, participant: Participant) -> bool:
    """Tell whether whoever reads the letters to the child's family may say this yes again.

    What a guardian said for a youth who is its own contact, the youth cannot say in their place.
    """
    return consent.capacity is Capacity.SELF or not participant.is_own_contact


def key_of(consent: Consent) -> Key:
    """Return what the consent is about."""
    return consent.participant_id, consent.purpose, consent.occasion_id


def _newest_of(*conditions: ColumnElement[bool]) -> Select[int]:
    newest = func.max(Consent.id)
    return (
        select(newest)
        .where(*conditions)
        .group_by(Consent.participant_id, Consent.purpose, Consent.occasion_id)
    )
