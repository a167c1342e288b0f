"""Finding members of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, selectinload

from booking.direct import Direct
from booking.errors import NotFound
from booking.rights import Grant, Visitor
from booking.staff.models import Account, Membership
from booking.staff.rules import Post, Role, grants_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who is signed in, and which roles they hold where: all that a door asks."""

    account_id: int
    name: str
    posts: frozenset[Post]


def _posts(_database: str) -> Select[Any]:
    account, held = Account.__table__, Membership.__table__
    return (
        select(account.c.id, account.c.name, held.c.role, held.c.library_id)
        .select_from(account.outerjoin(held, held.c.account_id == account.c.id))
        .where(account.c.session_key == bindparam("key"), account.c.active)
    )


_POSTS: Final = Direct(_posts)


def _whole() -> Select[Account]:
    return select(Account).options(selectinload(Account.memberships), selectinload(Account.passkeys))


def find_signed_in(session: Session, session_key: str) -> Account | None:
    """Return whose session it is; nobody once they are disabled or signed out everywhere."""
    return session.scalar(_whole().where(Account.session_key == session_key, Account.active))


def find_posts(engine: Engine, session_key: str) -> SignedIn | None:
    """Return who is signed in and their roles, in one question: it is asked before every page.

    Nobody once they are disabled or signed out everywhere.
    """
    rows = _POSTS.alone(engine, key=session_key)
    if not rows:
        return None
    held = frozenset((role, library_id) for _id, _name, role, library_id in rows if role is not None)
    return SignedIn(account_id=rows[0][0], name=rows[0][1], posts=held)


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


def visitor_with(signed_in: SignedIn) -> Visitor:
    """Return the same of who is signed in, from their roles alone."""
    return Visitor(account_id=signed_in.account_id, name=signed_in.name, grants=_grants_of(signed_in.posts))


@lru_cache(maxsize=256)
def _grants_of(posts: frozenset[Post]) -> frozenset[Grant]:
    return grants_of(posts)


def has_second_factor(account: Account) -> bool:
    """Tell whether a password alone does not open the account."""
    return account.totp_secret is not None or bool(account.passkeys)
