"""The table of tablets on which youths tick themselves off."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.activities.models import Meeting
from booking.db import Base


class Kiosk(Base):
    """That staff put up a tablet for one meeting; what it ticks is put down to who put it up.

    A meeting has one at a time. It ends by itself at `ends_at`.
    """

    __tablename__ = "kiosk"
    __table_args__ = (
        Index(
            "uq_kiosk_one_at_a_time",
            "meeting_id",
            unique=True,
            sqlite_where=text("stopped_at IS NULL"),
            postgresql_where=text("stopped_at IS NULL"),
        ),
        CheckConstraint("started_at < ends_at", name="ends_after_start"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
