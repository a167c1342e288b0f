"""The tables of secret links and mailed codes: their fingerprints, never the secrets."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import PERSONAL, Base
from booking.links.programs import Program
from booking.links.rules import Purpose


class Link(Base):
    """One secret that somebody holds. `subject_id` names a row in the table that the purpose implies.

    Of a calendar's address it is noted when it was last fetched (to the hour), and roughly by what program.
    """

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_subject", "purpose", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose]
    subject_id: Mapped[int]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None] = mapped_column(info=PERSONAL)
    fetched_by: Mapped[Program | None] = mapped_column(info=PERSONAL)


class MailedCode(Base):
    """Six digits that were mailed, and the browser that may type them.

    `fingerprint` is of the browser's secret. `digest` is of that secret and the code together: whoever reads
    this table learns neither. `subject_id` is empty where a letter went to an address that nobody knows.
    """

    __tablename__ = "mailed_code"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        Index("ix_mailed_code_subject", "purpose", "subject_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose]
    subject_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
