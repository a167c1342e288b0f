"""The table of what staff wrote to the families of an occasion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import PERSONAL, Base


class Notice(Base):
    """One message to the families of an occasion. It leaves at `leaves_at` unless it is taken back before."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint("recipients >= 0", name="recipients_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    send_key: Mapped[str] = mapped_column(String(36), unique=True)
    words: Mapped[str] = mapped_column(Text(), info=PERSONAL)
    groups: Mapped[list[str]]
    recipients: Mapped[int]
    written_at: Mapped[datetime]
    leaves_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
