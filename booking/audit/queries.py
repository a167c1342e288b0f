"""Looking at the record, and checking that it is whole."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.tokens import chain_digest

_AT_ONCE = 1000


def digest_after(previous: str, entry: AuditEntry) -> str:
    """Return the digest that ties the entry to the one before it."""
    fields = (
        entry.at.astimezone(UTC).isoformat(),
        entry.actor,
        entry.account_id,
        entry.action,
        entry.subject,
        entry.subject_id,
        entry.library_id,
        entry.facts,
    )
    return chain_digest(previous, [json.dumps(field, sort_keys=True) for field in fields])


def last_digest(session: Session) -> str:
    """Return the digest of the newest entry; the first entry of all follows on nothing."""
    newest = select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(newest) or ""


def verify_chain(session: Session) -> int | None:
    """Return the id of the first entry that does not follow on the one before it, or nothing if all do."""
    every = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=_AT_ONCE)
    with closing(session.scalars(every)) as entries:
        return _first_break(entries)


def _first_break(entries: Iterable[AuditEntry]) -> int | None:
    previous = ""
    for entry in entries:
        if entry.digest != digest_after(previous, entry):
            return entry.id
        previous = entry.digest
    return None


def recent_entries(
    session: Session, *, library_id: int | None = None, before_id: int | None = None, limit: int = 50
) -> Sequence[AuditEntry]:
    """Return entries, newest first: of one library or of all, and only those older than `before_id`."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if library_id is not None:
        wanted = wanted.where(AuditEntry.library_id == library_id)
    if before_id is not None:
        wanted = wanted.where(AuditEntry.id < before_id)
    return session.scalars(wanted).all()
