"""The tables of facts. They hold no name and point at nobody; erasing people changes nothing here."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import Base
from booking.participation.rules import AgeBand, HeadcountBand, MeetingOutcome, Outcome


class MeetingFact(Base):
    """What remains of one closed meeting.

    `meeting_uid` and `activity_id` are not foreign keys: this room stands below those rooms, and
    figures outlive the rows that they came from. Facts that are withdrawn count in no figure; they
    are kept until the meeting is closed again, as they may be all that is left of someone erased.
    """

    __tablename__ = "meeting_fact"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        Index("ix_meeting_fact_library_held_on", "library_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_uid: Mapped[str] = mapped_column(String(36), unique=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    activity_id: Mapped[int] = mapped_column(index=True)
    activity_kind: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[MeetingOutcome]
    held_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None]
    statistics_type: Mapped[str] = mapped_column(String(40))
    statistics_responsibility: Mapped[str] = mapped_column(String(40))
    statistics_target: Mapped[str] = mapped_column(String(40))
    announced_before: Mapped[bool]
    recorded_at: Mapped[datetime]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)

    persons: Mapped[list["PersonFact"]] = relationship(
        back_populates="meeting", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    headcounts: Mapped[list["HeadcountFact"]] = relationship(
        back_populates="meeting", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class PersonFact(Base):
    """One person at one meeting: a random key, a band, a municipality and what happened."""

    __tablename__ = "person_fact"
    __table_args__ = (UniqueConstraint("meeting_fact_id", "person_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_fact_id: Mapped[int] = mapped_column(ForeignKey("meeting_fact.id", ondelete="CASCADE"))
    person_key: Mapped[str] = mapped_column(String(36), index=True)
    age_band: Mapped[AgeBand]
    municipality_code: Mapped[str] = mapped_column(String(4))
    outcome: Mapped[Outcome]
    was_booked: Mapped[bool]
    booked_at_deadline: Mapped[bool]
    was_queued: Mapped[bool]

    meeting: Mapped[MeetingFact] = relationship(back_populates="persons", lazy="raise")


class HeadcountFact(Base):
    """How many dropped in anonymously, in one band."""

    __tablename__ = "headcount_fact"
    __table_args__ = (
        UniqueConstraint("meeting_fact_id", "band"),
        CheckConstraint("persons >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_fact_id: Mapped[int] = mapped_column(ForeignKey("meeting_fact.id", ondelete="CASCADE"))
    band: Mapped[HeadcountBand]
    persons: Mapped[int]

    meeting: Mapped[MeetingFact] = relationship(back_populates="headcounts", lazy="raise")
