"""Finding the words that somebody is asked to agree to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.consent.models import Wording
from booking.consent.rules import WordingChanged, WordingPurpose
from booking.libraries.rules import Language


def current_wording(session: Session, *, purpose: WordingPurpose, language: Language) -> Wording:
    """Return the newest version of the words in the language; there is one from the first migration on."""
    newest = (
        select(Wording)
        .where(Wording.purpose == purpose, Wording.language == language)
        .order_by(Wording.version.desc())
        .limit(1)
    )
    return session.scalars(newest).one()


def wording_shown(session: Session, *, purpose: WordingPurpose, language: Language, digest: str) -> Wording:
    """Return the words that somebody read, by their digest, or refuse WordingChanged if there are newer ones.

    Nobody is held to words that they have not seen.
    """
    wording = current_wording(session, purpose=purpose, language=language)
    if wording.digest != digest:
        raise WordingChanged
    return wording
