"""The table of secret links: their fingerprints, never the secrets."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base
from booking.links.rules import Purpose


class Link(Base):
    """One secret that somebody holds. `subject_id` names a row in the table that the purpose implies."""

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
