"""The second factor: codes from an app, passkeys, and the sheet for when both are lost."""

from datetime import datetime

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy.orm import Session

from booking.accounts.codes import matching_counter, new_recovery_codes, recovery_fingerprint
from booking.accounts.operations import tell
from booking.accounts.passkeys import NewPasskey, Site, checked_use
from booking.accounts.rules import SecondFactorNeeded, WrongCode
from booking.accounts.sign_in_operations import note, note_sign_in
from booking.clock import Clock
from booking.errors import NotFound
from booking.staff.models import Account, Passkey
from booking.staff.operations import sign_out_everywhere
from booking.staff.queries import has_second_factor, hold_account
from booking.staff.rules import needs_second_factor


def use_code(session: Session, clock: Clock, *, account_id: int, code: str, lock: MultiFernet) -> Account:
    """Let the account in by a code from the app or the sheet; each opens once. Refuses WrongCode."""
    account = hold_account(session, account_id)
    counter = _counter(account, code, lock=lock, instant=clock())
    if counter is not None:
        account.totp_counter = counter
    else:
        _spend_recovery_code(session, clock, account, code)
    note_sign_in(session, clock, account=account)
    return account


def _counter(account: Account, code: str, *, lock: MultiFernet, instant: datetime) -> int | None:
    if account.totp_secret is None:
        return None
    try:
        secret = lock.decrypt(account.totp_secret).decode()
    except InvalidToken:
        # The secret key was changed without keeping the old one: recovery codes still open.
        return None
    return matching_counter(secret, "".join(code.split()), instant=instant, after=account.totp_counter)


def _spend_recovery_code(session: Session, clock: Clock, account: Account, code: str) -> None:
    spent = recovery_fingerprint(code)
    if spent not in account.recovery_codes:
        raise WrongCode
    account.recovery_codes = [kept for kept in account.recovery_codes if kept != spent]
    left = len(account.recovery_codes)
    note(session, clock, by=account.id, action="used_recovery_code", account=account, facts={"left": left})
    tell(session, clock, account=account, template="recovery_code_used", facts={"left": left})


def use_passkey(
    session: Session, clock: Clock, *, account_id: int, credential: str, challenge: str, site: Site
) -> Account:
    """Let the account in by one of its passkeys; refuses WrongPasskey."""
    account = hold_account(session, account_id)
    passkey, sign_count = checked_use(site, account, credential, challenge)
    passkey.sign_count = sign_count
    note_sign_in(session, clock, account=account)
    return account


def add_code_app(
    session: Session, clock: Clock, *, account_id: int, secret: str, code: str, lock: MultiFernet
) -> Account:
    """Ask for codes of this app from now on, once it has shown the right one; refuses WrongCode."""
    account = hold_account(session, account_id)
    counter = matching_counter(secret, "".join(code.split()), instant=clock(), after=None)
    if counter is None:
        raise WrongCode
    account.totp_secret = lock.encrypt(secret.encode()).decode()
    account.totp_counter = counter
    return _after_change(session, clock, account, "added_code_app")


def remove_code_app(session: Session, clock: Clock, *, account_id: int) -> Account:
    """Ask for codes no more; refuses SecondFactorNeeded when nothing else is left to ask for."""
    account = hold_account(session, account_id)
    if not account.passkeys:
        _check_may_do_without(account)
    account.totp_secret = account.totp_counter = None
    return _after_change(session, clock, account, "removed_code_app")


def add_passkey(session: Session, clock: Clock, *, account_id: int, made: NewPasskey, name: str) -> Account:
    """Let the account be opened with this passkey too, after its password."""
    account = hold_account(session, account_id)
    account.passkeys.append(
        Passkey(
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            transports=made.transports,
            name=name,
            made_at=clock(),
        )
    )
    return _after_change(session, clock, account, "added_passkey")


def remove_passkey(session: Session, clock: Clock, *, account_id: int, passkey_id: int) -> Account:
    """Accept the passkey no more; refuses NotFound, and SecondFactorNeeded for the last way in."""
    account = hold_account(session, account_id)
    kept = [passkey for passkey in account.passkeys if passkey.id != passkey_id]
    if len(kept) == len(account.passkeys):
        raise NotFound
    if not kept and account.totp_secret is None:
        _check_may_do_without(account)
    account.passkeys = kept
    return _after_change(session, clock, account, "removed_passkey")


def renew_recovery_codes(session: Session, clock: Clock, *, account_id: int) -> list[str]:
    """Return a fresh sheet of recovery codes, shown once; those of the old sheet open no more."""
    account = hold_account(session, account_id)
    if not has_second_factor(account):
        raise NotFound
    codes = new_recovery_codes()
    account.recovery_codes = [recovery_fingerprint(code) for code in codes]
    note(session, clock, by=account.id, action="renewed_recovery_codes", account=account)
    return codes


def forget_second_factor(session: Session, clock: Clock, *, by: int, account_id: int) -> Account:
    """Let somebody who lost phone and sheet begin anew; their sessions end, and they are told."""
    account = hold_account(session, account_id)
    account.totp_secret = account.totp_counter = None
    account.passkeys = []
    account.recovery_codes = []
    sign_out_everywhere(account=account)
    note(session, clock, by=by, action="forgot_second_factor", account=account)
    tell(session, clock, account=account, template="second_factor_changed")
    return account


def _check_may_do_without(account: Account) -> None:
    if needs_second_factor(membership.role for membership in account.memberships):
        raise SecondFactorNeeded


def _after_change(session: Session, clock: Clock, account: Account, action: str) -> Account:
    # Elsewhere it may be somebody else who is signed in: there the new factor is asked for.
    sign_out_everywhere(account=account)
    if not has_second_factor(account):
        account.recovery_codes = []
    session.flush()
    note(session, clock, by=account.id, action=action, account=account)
    tell(session, clock, account=account, template="second_factor_changed")
    return account
