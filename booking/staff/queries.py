"""Finding members of staff."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.rights import Visitor
from booking.staff.models import Account
from booking.staff.rules import grants_of


def find_visitor(session: Session, session_key: str) -> Visitor | None:
    """Return who holds the session, with their rights as they are now; nobody if disabled or signed out everywhere."""
    account = session.scalar(
        select(Account)
        .where(Account.fs_uniquifier == session_key, Account.active)
        .options(selectinload(Account.memberships))
    )
    if account is None:
        return None
    roles = [(membership.role, membership.library_id) for membership in account.memberships]
    return Visitor(account_id=account.id, name=account.name, grants=grants_of(roles))
