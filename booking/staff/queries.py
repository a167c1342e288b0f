"""Finding members of staff."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from booking.errors import NotFound
from booking.rights import Visitor
from booking.staff.models import Account, Membership
from booking.staff.rules import Role, grants_of


def _whole() -> Select[Account]:
    return select(Account).options(selectinload(Account.memberships), selectinload(Account.passkeys))


def find_signed_in(session: Session, session_key: str) -> Account | None:
    """Return whose session it is; nobody once they are disabled or signed out everywhere."""
    return session.scalar(_whole().where(Account.session_key == session_key, Account.active))


def find_account(session: Session, email: str) -> Account | None:
    """Return the account with the address, however it is written in capitals, if there is one."""
    return session.scalar(_whole().where(Account.email == email.strip().lower()))


def get_account(session: Session, account_id: int) -> Account:
    """Return the account with its memberships and passkeys, or raise NotFound."""
    account = session.scalar(_whole().where(Account.id == account_id))
    if account is None:
        raise NotFound
    return account


def hold_account(session: Session, account_id: int) -> Account:
    """Return the account as it is now, and let nobody else change it before this unit of work ends."""
    held = _whole().where(Account.id == account_id).with_for_update()
    account = session.scalar(held, execution_options={"populate_existing": True})
    if account is None:
        raise NotFound
    return account


def hold_admins(session: Session) -> None:
    """Let no administrator be changed elsewhere meanwhile: two could let each other go at once."""
    is_admin = Account.memberships.any(Membership.role == Role.ADMIN)
    session.scalars(select(Account.id).where(is_admin).order_by(Account.id).with_for_update()).all()


def all_accounts(session: Session) -> Sequence[Account]:
    """Return every account with its memberships, by name; those that are disabled come last."""
    return session.scalars(_whole().order_by(Account.active.desc(), Account.name, Account.id)).all()


def active_admins(session: Session) -> Sequence[Account]:
    """Return the administrators who can sign in now."""
    is_admin = Account.memberships.any(Membership.role == Role.ADMIN)
    return session.scalars(
        _whole().where(Account.active, Account.password_hash.is_not(None), is_admin).order_by(Account.id)
    ).all()


def names_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    """Return the names of these members of staff by id."""
    found = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in found}


def visitor_of(account: Account) -> Visitor:
    """Return what the rest of the house needs to know of who is signed in."""
    posts = [(membership.role, membership.library_id) for membership in account.memberships]
    return Visitor(account_id=account.id, name=account.name, grants=grants_of(posts))


def has_second_factor(account: Account) -> bool:
    """Tell whether a password alone does not open the account."""
    return account.totp_secret is not None or bool(account.passkeys)
