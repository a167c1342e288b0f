"""Inviting staff, deciding what they may do, and letting them go."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy.orm import Session

from booking.accounts.rules import FIRST_ADMIN, INVITATION, AdminThere
from booking.accounts.sign_in_operations import note
from booking.clock import Clock
from booking.errors import NotFound
from booking.libraries.installation import mark_real
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.links.operations import issue_link, note_used, revoke_links
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.staff.models import Account
from booking.staff.operations import add_account, disable, enable, set_memberships, sign_out_everywhere
from booking.staff.queries import active_admins, find_account, get_account, hold_account, hold_admins
from booking.staff.rules import Post, Role

_ENDS_WITH_THE_ACCOUNT: Final = (
    Purpose.INVITATION,
    Purpose.FIRST_ADMIN,
    Purpose.PASSWORD_RESET,
    Purpose.STAFF_FEED,
)


def tell(
    session: Session, clock: Clock, *, account: Account, template: str, facts: dict[str, Any] | None = None
) -> None:
    """Write the member of staff a letter about their account."""
    write_letter(
        session,
        clock,
        key=f"{template}-{account.id}-{clock().isoformat()}",
        template=template,
        address=account.email,
        language=account.language,
        facts={"name": account.name, **(facts or {})},
    )


def invite(
    session: Session,
    clock: Clock,
    *,
    by: int | None,
    email: str,
    name: str,
    language: Language,
    posts: Collection[Post],
) -> Account:
    """Return a new account whose owner is invited by letter; refuses EmailTaken and NoRole."""
    account = add_account(session, clock, email=email, name=name, language=language, posts=posts)
    note(session, clock, by=by, action="invited", account=account, facts=_as_facts(posts))
    _send_invitation(session, clock, account)
    return account


def invite_again(session: Session, clock: Clock, *, by: int, account_id: int) -> Account:
    """Write a new invitation and end the old one; NotFound once the invitation was answered."""
    account = hold_account(session, account_id)
    if account.password_hash is not None or not account.active:
        raise NotFound
    note(session, clock, by=by, action="invited_again", account=account)
    _send_invitation(session, clock, account)
    return account


def _send_invitation(session: Session, clock: Clock, account: Account) -> None:
    revoke_links(session, clock, purpose=Purpose.INVITATION, subject_id=account.id)
    secret = issue_link(session, clock, purpose=Purpose.INVITATION, subject_id=account.id, lasts=INVITATION)
    tell(session, clock, account=account, template="invitation", facts={"secret": secret})


def invite_first_admin(session: Session, clock: Clock, *, email: str, name: str) -> str:
    """Return the secret of a link by which the first administrator begins; refuses AdminThere."""
    if active_admins(session):
        raise AdminThere
    account = find_account(session, email)
    if account is None:
        posts = [(Role.ADMIN, None)]
        account = add_account(session, clock, email=email, name=name, language=Language.NB, posts=posts)
    mark_real(session, clock)
    note(session, clock, by=None, action="invited_first_admin", account=account)
    revoke_links(session, clock, purpose=Purpose.FIRST_ADMIN, subject_id=account.id)
    return issue_link(session, clock, purpose=Purpose.FIRST_ADMIN, subject_id=account.id, lasts=FIRST_ADMIN)


def invited_account(session: Session, clock: Clock, *, purpose: Purpose, secret: str) -> tuple[Account, Link]:
    """Return who is invited by the link; NotFound once they answered, or when they were let go."""
    link = follow_link(session, clock, purpose=purpose, secret=secret)
    account = get_account(session, link.subject_id)
    if link.used_at is not None or account.password_hash is not None or not account.active:
        raise NotFound
    return account, link


def accept_invitation(
    session: Session, clock: Clock, *, purpose: Purpose, secret: str, password_hash: str
) -> Account:
    """Return the account, open from now on by its password; the link works once and NotFound afterwards."""
    link = follow_link(session, clock, purpose=purpose, secret=secret)
    hold_account(session, link.subject_id)
    account, link = invited_account(session, clock, purpose=purpose, secret=secret)
    note_used(session, clock, link=link)
    account.password_hash = password_hash
    note(session, clock, by=account.id, action="accepted_invitation", account=account)
    return account


def change_posts(
    session: Session, clock: Clock, *, by: int, account_id: int, posts: Collection[Post]
) -> Account:
    """Let the account have exactly these roles; the person and the other administrators are told.

    Refuses NoRole and LastAdmin. Without a change nobody is told anything.
    """
    hold_admins(session)
    account = hold_account(session, account_id)
    if not set_memberships(session, account=account, posts=posts):
        return account
    # A pass from before the change may not have asked for the second factor that the new role needs.
    sign_out_everywhere(account=account)
    note(session, clock, by=by, action="changed_roles", account=account, facts=_as_facts(posts))
    _tell_of_roles(session, clock, by=get_account(session, by), account=account)
    return account


def _tell_of_roles(session: Session, clock: Clock, *, by: Account, account: Account) -> None:
    others = [admin for admin in active_admins(session) if admin.id not in {by.id, account.id}]
    for reader in (account, *others):
        write_letter(
            session,
            clock,
            key=f"roles-{account.id}-{reader.id}-{clock().isoformat()}",
            template="roles_changed",
            address=reader.email,
            language=reader.language,
            facts={"name": reader.name, "whose": account.name, "by": by.name},
        )


def let_go(session: Session, clock: Clock, *, by: int, account_id: int) -> Account:
    """Disable the account, which acts at once, and end its invitations; refuses LastAdmin."""
    hold_admins(session)
    account = hold_account(session, account_id)
    if account.active:
        disable(session, account=account)
        for purpose in _ENDS_WITH_THE_ACCOUNT:
            revoke_links(session, clock, purpose=purpose, subject_id=account.id)
        note(session, clock, by=by, action="disabled", account=account)
    return account


def take_back(session: Session, clock: Clock, *, by: int, account_id: int) -> Account:
    """Enable the account again."""
    account = hold_account(session, account_id)
    if not account.active:
        enable(account=account)
        note(session, clock, by=by, action="enabled", account=account)
    return account


def end_sessions(session: Session, clock: Clock, *, by: int, account_id: int) -> Account:
    """Sign the account out everywhere."""
    account = hold_account(session, account_id)
    sign_out_everywhere(account=account)
    note(session, clock, by=by, action="signed_out_everywhere", account=account)
    return account


def _as_facts(posts: Collection[Post]) -> dict[str, Any]:
    return {"posts": sorted(f"{role.value}:{library_id or ''}" for role, library_id in posts)}
