"""Making a key, taking it back, and noting on which day it was last used."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.api.key_queries import count_keys, get_own_key
from booking.api.models import AccessKey
from booking.api.rules import MOST_KEYS, TooManyKeys
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock, local_date
from booking.libraries.models import Library
from booking.tokens import fingerprint, new_secret


def make_key(session: Session, clock: Clock, *, library_id: int, name: str, account_id: int) -> str:
    """Return a new key to the library's figures; it is shown once, and only its fingerprint is kept.

    Refuses TooManyKeys.
    """
    # Held so that two at once do not both make the last one.
    session.execute(select(Library.id).where(Library.id == library_id).with_for_update())
    if count_keys(session, library_id=library_id) >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    secret = new_secret()
    key = AccessKey(
        library_id=library_id,
        name=name,
        fingerprint=fingerprint(secret),
        made_at=clock(),
        made_by_id=account_id,
    )
    session.add(key)
    session.flush()
    _note(session, clock, key, action="access_key_made", account_id=account_id)
    return secret


def revoke_key(
    session: Session, clock: Clock, *, key_id: int, library_ids: Collection[int], account_id: int
) -> None:
    """Let a key open nothing from the next request on; twice is once. NotFound for another library's."""
    key = get_own_key(session, key_id, library_ids=library_ids)
    if key.revoked_at is not None:
        return
    key.revoked_at, key.revoked_by_id = clock(), account_id
    _note(session, clock, key, action="access_key_revoked", account_id=account_id)


def note_used(session: Session, clock: Clock, *, key_id: int) -> None:
    """Remember the day on which a key was last used, so that one that nobody needs is seen."""
    key = session.get_one(AccessKey, key_id)
    key.last_used_on = local_date(clock())


def _note(session: Session, clock: Clock, key: AccessKey, *, action: str, account_id: int) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="access_key",
        subject_id=key.id,
        account_id=account_id,
        library_id=key.library_id,
    )
