"""The table of the record: appended to, never rewritten."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base


class Actor(StrEnum):
    """Who acted, without a name."""

    STAFF = "staff"
    FAMILY = "family"
    SYSTEM = "system"
    STRANGER = "stranger"


class AuditEntry(Base):
    """One thing done, or one look at somebody's details. The database refuses to change or drop it.

    `facts` holds ids and counts, never what was seen or written. `digest` ties the entry to the one
    before it (SHA-256 over the previous digest and this entry's fields), so a gap shows.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[Actor]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    library_id: Mapped[int | None] = mapped_column(ForeignKey("library.id"), index=True)
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
