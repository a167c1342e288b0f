"""The accounts of the demonstration, whose passwords everybody may know."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from booking.accounts.codes import fresh_code
from booking.clock import Clock
from booking.libraries.models import Installation, InstallationKind
from booking.libraries.rules import Language
from booking.staff.models import Account
from booking.staff.operations import add_account
from booking.staff.rules import Post, Role

DEMO_PASSWORD: Final = "bok lampe fjell brus"
# Nobody real has an address here, so nobody real is ever shown on the sign-in page.
DEMO_DOMAIN: Final = "@demo.example.org"


@dataclass(frozen=True, kw_only=True)
class DemoSignIn:
    """What a visitor of the demonstration needs to sign in as somebody."""

    email: str
    name: str
    roles: tuple[Role, ...]
    code: str | None


def add_demo_account(
    session: Session,
    clock: Clock,
    *,
    login: str,
    name: str,
    posts: Collection[Post],
    password_hash: str,
    totp_secret: str | None,
    lock: MultiFernet,
    language: Language = Language.NB,
) -> Account:
    """Return an account of the demonstration: its address is the login at the demonstration's own domain.

    With a secret (32 letters A–Z and digits 2–7) its code is shown on the sign-in page.
    """
    email = f"{login}{DEMO_DOMAIN}"
    account = add_account(session, clock, email=email, name=name, language=language, posts=posts)
    account.password_hash = password_hash
    if totp_secret is not None:
        account.totp_secret = lock.encrypt(totp_secret.encode()).decode()
    session.flush()
    return account


def demo_sign_ins(session: Session, clock: Clock, *, lock: MultiFernet) -> Sequence[DemoSignIn]:
    """Return how to sign in as each account of the demonstration; nothing where the data is real."""
    installation = session.scalar(select(Installation))
    if installation is None or installation.kind is not InstallationKind.DEMO:
        return []
    accounts = session.scalars(
        select(Account)
        .where(Account.email.endswith(DEMO_DOMAIN), Account.active)
        .options(selectinload(Account.memberships))
        .order_by(Account.id)
    )
    return [
        DemoSignIn(
            email=account.email,
            name=account.name,
            roles=tuple(membership.role for membership in account.memberships),
            code=_code(account, clock, lock),
        )
        for account in accounts
    ]


def _code(account: Account, clock: Clock, lock: MultiFernet) -> str | None:
    if account.totp_secret is None:
        return None
    try:
        secret = lock.decrypt(account.totp_secret).decode()
    except InvalidToken:
        return None
    return fresh_code(secret, clock(), after=account.totp_counter)
