"""The table of letters: a row is the truth, whatever rings for the postman."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import PERSONAL, Base
from booking.libraries.rules import Language
from booking.outbox.rules import Channel, LetterState, Policy


class Letter(Base):
    """One letter to one address. `key` names the act that it tells of, so one act writes one letter.

    `about` names what it tells of: a newer letter about the same takes its place as long as it still waits.
    `facts` fill the template and are emptied when the letter is gone; so is the address.
    """

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "ix_letter_waiting",
            "next_try_at",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[Channel]
    policy: Mapped[Policy]
    state: Mapped[LetterState]
    template: Mapped[str] = mapped_column(String(40))
    about: Mapped[str | None] = mapped_column(String(80), index=True)
    language: Mapped[Language]
    library_id: Mapped[int | None] = mapped_column(ForeignKey("library.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254), info=PERSONAL, index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON(), info=PERSONAL)
    written_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_trouble: Mapped[str | None] = mapped_column(String(60))
    gone_at: Mapped[datetime | None]
