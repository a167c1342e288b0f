"""Writing down what was done, so that nobody can rewrite it unseen."""

from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session, SessionTransaction

from booking.audit.models import Actor, AuditEntry
from booking.audit.queries import digest_after, last_digest
from booking.clock import Clock

_Waiting = tuple[SessionTransaction | None, AuditEntry]
_WAITING = "audit_entries_wait"
# Any number does, as long as nothing else in the database takes an advisory lock by it.
_TURN = 7_301_406_151


def record(
    session: Session,
    clock: Clock,
    *,
    actor: Actor,
    action: str,
    subject: str,
    subject_id: int | None = None,
    account_id: int | None = None,
    library_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Note what was done; the entry is written with everything else when the unit of work ends.

    `facts` are ids and counts, never what was seen or written.
    """
    entry = AuditEntry(
        at=clock(),
        actor=actor,
        account_id=account_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        library_id=library_id,
        facts=facts or {},
    )
    session.info.setdefault(_WAITING, []).append((session.get_nested_transaction(), entry))


def entries_waiting(session: Session) -> list[AuditEntry]:
    """Return what was noted in this unit of work and is not written yet."""
    waiting: list[_Waiting] = session.info.get(_WAITING, [])
    return [entry for _savepoint, entry in waiting]


def write_down(session: Session) -> None:
    """Write the entries that wait, each tied to the one before it."""
    waiting: list[_Waiting] = session.info.pop(_WAITING, [])
    if not waiting:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    previous = last_digest(session)
    for _savepoint, entry in waiting:
        previous = entry.digest = digest_after(previous, entry)
        session.add(entry)
        # One by one: the numbers must run as the chain does.
        session.flush()


# Each writer waits here for the one before it. At the very end of the unit of work nothing more is
# locked afterwards, so two writers can never wait for each other, and the turn is held for a moment only.
@event.listens_for(Session, "before_commit")
def _write_down_at_the_end(session: Session) -> None:
    if not session.in_nested_transaction():
        write_down(session)


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_not_done(session: Session, undone: SessionTransaction) -> None:
    # A write that the database refused undoes the savepoint that it stands in, or everything.
    while undone.parent is not None and not undone.nested:
        undone = undone.parent
    waiting: list[_Waiting] = session.info.pop(_WAITING, [])
    if undone.nested:
        session.info[_WAITING] = [noted for noted in waiting if noted[0] is not undone]
