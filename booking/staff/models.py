"""The tables of accounts, their roles, and the keys they sign in with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import PERSONAL, SHOWN, Base
from booking.libraries.rules import Language
from booking.staff.rules import Role


class Account(Base):
    """A member of staff who can sign in, once an invitation was answered with a password.

    Who is signed in carries `session_key`; a new key signs out everywhere. The secret of the code app
    is kept encrypted, and the number of the last code used, as a code opens once. Of recovery codes
    only the fingerprints are kept.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True, info=PERSONAL)
    name: Mapped[str] = mapped_column(String(80), info={**PERSONAL, **SHOWN})
    language: Mapped[Language]
    password_hash: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool]
    session_key: Mapped[str] = mapped_column(String(64), unique=True)
    passkey_handle: Mapped[str] = mapped_column(String(64), unique=True)
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_counter: Mapped[int | None]
    recovery_codes: Mapped[list[str]]
    made_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="account", lazy="raise", cascade="all, delete-orphan"
    )
    passkeys: Mapped[list["Passkey"]] = relationship(
        back_populates="account", lazy="raise", cascade="all, delete-orphan"
    )


class Membership(Base):
    """A role that an account holds, at one library or across them all."""

    __tablename__ = "membership"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('door', 'librarian')) = (library_id IS NOT NULL)", name="role_fits_its_reach"
        ),
        Index(
            "uq_membership_at_library",
            "account_id",
            "role",
            "library_id",
            unique=True,
            sqlite_where=text("library_id IS NOT NULL"),
            postgresql_where=text("library_id IS NOT NULL"),
        ),
        Index(
            "uq_membership_across",
            "account_id",
            "role",
            unique=True,
            sqlite_where=text("library_id IS NULL"),
            postgresql_where=text("library_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[Role]
    library_id: Mapped[int | None] = mapped_column(ForeignKey("library.id"), index=True)

    account: Mapped[Account] = relationship(back_populates="memberships", lazy="raise")


class Passkey(Base):
    """A passkey (WebAuthn credential) of an account: its public half, and how its owner calls it."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1024))
    sign_count: Mapped[int]
    transports: Mapped[list[str]]
    name: Mapped[str] = mapped_column(String(40), info=PERSONAL)
    made_at: Mapped[datetime]

    account: Mapped[Account] = relationship(back_populates="passkeys", lazy="raise")
