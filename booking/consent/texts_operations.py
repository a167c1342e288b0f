"""Publishing new words for something that is agreed to, in all languages at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.models import Wording
from booking.consent.operations import publish_wording
from booking.consent.rules import WordingPurpose
from booking.consent.texts import NotLookedAt, TextsUnchanged, sign_of_change
from booking.consent.texts_queries import current_texts
from booking.libraries.rules import Language
from booking.wording import check_plain


def publish_texts(
    session: Session,
    clock: Clock,
    *,
    purpose: WordingPurpose,
    words: Mapping[Language, str],
    looked_at: str,
    account_id: int,
) -> Sequence[Wording]:
    """Return the new versions, one for each language whose words changed; the older ones stay.

    `looked_at` is the sign of what was shown to change. Refuses TextsUnchanged, and NotLookedAt when it
    would be another change by now; TextNotPlain for what nobody can see.
    """
    check_plain(words.values())
    current = current_texts(session, purpose=purpose)
    now = {language: text.words for language, text in current.items()}
    changed = [language for language in Language if now[language] != words[language]]
    if not changed:
        raise TextsUnchanged
    if looked_at != sign_of_change(now, words):
        raise NotLookedAt
    published = [
        publish_wording(session, clock, purpose=purpose, language=language, words=words[language])
        for language in changed
    ]
    _note(session, clock, published, purpose, account_id)
    return published


def _note(
    session: Session, clock: Clock, published: Sequence[Wording], purpose: WordingPurpose, account_id: int
) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="texts_published",
        subject="wording",
        subject_id=published[0].id,
        account_id=account_id,
        facts={"purpose": purpose.value, "versions": {text.language: text.version for text in published}},
    )
