"""Taking on members of staff, changing what they are, and letting them go."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.rules import Language
from booking.staff.models import Account, Membership
from booking.staff.queries import active_admins, find_account
from booking.staff.rules import EmailTaken, LastAdmin, Post, Role, check_posts
from booking.tokens import new_secret


def add_account(
    session: Session, clock: Clock, *, email: str, name: str, language: Language, posts: Collection[Post]
) -> Account:
    """Return a new account that has no password yet; refuses EmailTaken and NoRole."""
    check_posts(posts)
    if find_account(session, email) is not None:
        raise EmailTaken
    account = Account(
        email=email.strip().lower(),
        name=name.strip(),
        language=language,
        password_hash=None,
        active=True,
        session_key=new_secret(),
        passkey_handle=new_secret(),
        totp_secret=None,
        totp_counter=None,
        recovery_codes=[],
        made_at=clock(),
        memberships=_memberships(posts),
        passkeys=[],
    )
    session.add(account)
    session.flush()
    return account


def set_memberships(session: Session, *, account: Account, posts: Collection[Post]) -> bool:
    """Let the account be exactly this from now on; tell whether that changed anything.

    Refuses NoRole, and LastAdmin when nobody would be left to let others in.
    """
    check_posts(posts)
    held = {(membership.role, membership.library_id) for membership in account.memberships}
    if held == set(posts):
        return False
    if (Role.ADMIN, None) not in posts:
        _check_another_admin(session, account)
    account.memberships = [
        membership for membership in account.memberships if (membership.role, membership.library_id) in posts
    ] + _memberships(set(posts) - held)
    session.flush()
    return True


def disable(session: Session, *, account: Account) -> None:
    """Let the account in no more, from the next page on; refuses LastAdmin."""
    _check_another_admin(session, account)
    account.active = False
    sign_out_everywhere(account=account)


def enable(*, account: Account) -> None:
    """Let the account in again; it signs in as before."""
    account.active = True


def sign_out_everywhere(*, account: Account) -> None:
    """End every session of the account, wherever it is open."""
    account.session_key = new_secret()


def _check_another_admin(session: Session, account: Account) -> None:
    admins = [admin.id for admin in active_admins(session)]
    if admins == [account.id]:
        raise LastAdmin


def _memberships(posts: Collection[Post]) -> list[Membership]:
    in_order = sorted(posts, key=lambda post: (post[0], post[1] or 0))
    return [Membership(role=role, library_id=library_id) for role, library_id in in_order]
