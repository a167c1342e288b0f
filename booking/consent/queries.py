"""Finding the words that somebody is asked to agree to."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from booking.consent.models import AgeRule, Permission, Wording
from booking.consent.rules import WordingChanged, WordingPurpose
from booking.libraries.rules import Language


def newest_wording(purpose: WordingPurpose, language: Language) -> Select[Wording]:
    """Return the search for the newest version of the words in the language."""
    return (
        select(Wording)
        .where(Wording.purpose == purpose, Wording.language == language)
        .order_by(Wording.version.desc())
        .limit(1)
    )


def current_wording(session: Session, *, purpose: WordingPurpose, language: Language) -> Wording:
    """Return the newest version of the words in the language; there is one from the first migration on."""
    return session.scalars(newest_wording(purpose, language)).one()


def current_wordings(session: Session, *, language: Language) -> Mapping[WordingPurpose, Wording]:
    """Return the newest version of the words for every purpose in the language."""
    rows = session.scalars(
        select(Wording).where(Wording.language == language).order_by(Wording.purpose, Wording.version)
    )
    return {wording.purpose: wording for wording in rows}


def newest_permission(session: Session, *, participant_id: int, occasion_id: int) -> Permission | None:
    """Return the newest leave to take part that somebody gave, or nothing where nobody did."""
    given = select(Permission).where(
        Permission.participant_id == participant_id, Permission.occasion_id == occasion_id
    )
    return session.scalars(given.order_by(Permission.id.desc()).limit(1)).first()


def age_rule_at(session: Session, *, now: datetime) -> AgeRule:
    """Return the rule of ages that is in force; there is one from the first migration on."""
    in_force = select(AgeRule).where(AgeRule.begins_at <= now)
    return session.scalars(in_force.order_by(AgeRule.begins_at.desc(), AgeRule.id.desc()).limit(1)).one()


def wording_shown(session: Session, *, purpose: WordingPurpose, language: Language, digest: str) -> Wording:
    """Return the words that somebody read, by their digest, or refuse WordingChanged if there are newer ones.

    Nobody is held to words that they have not seen.
    """
    wording = current_wording(session, purpose=purpose, language=language)
    if wording.digest != digest:
        raise WordingChanged
    return wording
