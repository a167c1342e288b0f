"""The tables of the door: marks and counts are only ever added; a closing freezes them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.attendance.rules import Standing
from booking.db import Base
from booking.participation.rules import HeadcountBand, MeetingOutcome


class Mark(Base):
    """A tick made at the door. `event_id` is made on the phone: the same tick sent twice is one tick.

    `late_for_id` is the closing that it came too late for: while that one is in force it says nothing.
    """

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_meeting_participant", "meeting_id", "participant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    standing: Mapped[Standing]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(36))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    late_for_id: Mapped[int | None] = mapped_column(ForeignKey("closing.id", ondelete="CASCADE"), index=True)


class HeadcountMark(Base):
    """One more, or one fewer, who just dropped in. The count is the sum, so two phones add up.

    `late_for_id` as for a tick.
    """

    __tablename__ = "headcount_mark"
    __table_args__ = (CheckConstraint("delta <> 0 AND delta BETWEEN -500 AND 500", name="delta_in_reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(36), unique=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    band: Mapped[HeadcountBand]
    delta: Mapped[int]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(36))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    late_for_id: Mapped[int | None] = mapped_column(ForeignKey("closing.id", ondelete="CASCADE"), index=True)


class Closing(Base):
    """The end of a meeting's register. Reopening keeps the row; a meeting has one open closing at most."""

    __tablename__ = "closing"
    __table_args__ = (
        Index(
            "uq_closing_one_in_force",
            "meeting_id",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    outcome: Mapped[MeetingOutcome]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
