"""What is put on record about accounts: who signed in, who could not, and who changed what."""

from typing import Any

from sqlalchemy.orm import Session

from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.staff.models import Account


def note(
    session: Session,
    clock: Clock,
    *,
    by: int | None,
    action: str,
    account: Account | None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Put on record what was done with an account, and by whom."""
    record(
        session,
        clock,
        actor=Actor.SYSTEM if by is None else Actor.STAFF,
        action=action,
        subject="account",
        subject_id=account.id if account else None,
        account_id=by,
        facts=facts,
    )


def note_sign_in(session: Session, clock: Clock, *, account: Account) -> None:
    """Put on record that somebody signed in."""
    note(session, clock, by=account.id, action="signed_in", account=account)


def note_refused_sign_in(session: Session, clock: Clock, *, account: Account | None) -> None:
    """Put on record that a sign-in was refused; for strangers too, so that it takes as long."""
    subject_id = account.id if account else None
    record(
        session,
        clock,
        actor=Actor.STRANGER,
        action="sign_in_refused",
        subject="account",
        subject_id=subject_id,
    )
