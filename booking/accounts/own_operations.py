"""Choosing a new password, forgotten or not."""

from contextlib import suppress

from sqlalchemy.orm import Session

from booking.accounts.operations import tell
from booking.accounts.rules import RESET
from booking.accounts.sign_in_operations import note
from booking.clock import Clock
from booking.errors import NotFound
from booking.libraries.rules import Language
from booking.links.operations import issue_link, note_used, revoke_links
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.operations import write_letter
from booking.staff.models import Account
from booking.staff.operations import sign_out_everywhere
from booking.staff.queries import find_account, get_account, hold_account


def change_password(session: Session, clock: Clock, *, account_id: int, password_hash: str) -> Account:
    """Keep a new password and end every session that was opened with the old one."""
    account = hold_account(session, account_id)
    account.password_hash = password_hash
    sign_out_everywhere(account=account)
    revoke_links(session, clock, purpose=Purpose.PASSWORD_RESET, subject_id=account.id)
    note(session, clock, by=account.id, action="changed_password", account=account)
    tell(session, clock, account=account, template="password_changed")
    return account


def ask_for_reset(session: Session, clock: Clock, *, email: str) -> None:
    """Write a letter with a way back in, if the address is that of an account in use.

    For any other address the same is done and undone: neither answer nor time tells who works here.
    """
    account = find_account(session, email)
    usable = account if account and account.active and account.password_hash else None
    with suppress(_NobodyThere), session.begin_nested():
        _write_reset(session, clock, account=usable, email=email)
        if usable is None:
            raise _NobodyThere
    note(session, clock, by=None, action="asked_for_reset", account=usable)


class _NobodyThere(Exception):  # noqa: N818 – undoes what was done for nobody
    pass


def _write_reset(session: Session, clock: Clock, *, account: Account | None, email: str) -> None:
    subject_id = account.id if account else 0
    revoke_links(session, clock, purpose=Purpose.PASSWORD_RESET, subject_id=subject_id)
    secret = issue_link(session, clock, purpose=Purpose.PASSWORD_RESET, subject_id=subject_id, lasts=RESET)
    write_letter(
        session,
        clock,
        key=f"password_reset-{subject_id}-{clock().isoformat()}",
        template="password_reset",
        address=account.email if account else email,
        language=account.language if account else Language.NB,
        facts={"name": account.name if account else "", "secret": secret},
    )


def account_to_reset(session: Session, clock: Clock, *, secret: str) -> Account:
    """Return whose password the link may replace; NotFound once it was used or is over."""
    link = follow_link(session, clock, purpose=Purpose.PASSWORD_RESET, secret=secret)
    account = get_account(session, link.subject_id)
    if link.used_at is not None or not account.active:
        raise NotFound
    return account


def reset_password(session: Session, clock: Clock, *, secret: str, password_hash: str) -> Account:
    """Replace a forgotten password; the second factor is still asked for at the next sign-in."""
    link = follow_link(session, clock, purpose=Purpose.PASSWORD_RESET, secret=secret)
    hold_account(session, link.subject_id)
    session.refresh(link)
    account = account_to_reset(session, clock, secret=secret)
    note_used(session, clock, link=link)
    return change_password(session, clock, account_id=account.id, password_hash=password_hash)
