"""The tables of facts. They hold no name and point at nobody; erasing people changes nothing here."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import Base
from booking.participation.rules import AgeBand, GradeBand, HeadcountBand, MeetingOutcome, Outcome


class MeetingFact(Base):
    """What remains of one closed meeting.

    `meeting_uid`, `activity_id` and `occasion_id` are not foreign keys: this room stands below those rooms,
    and figures outlive the rows that they came from. Facts that are withdrawn count in no figure; they
    are kept until the meeting is closed again, as they may be all that is left of someone erased.

    From `day` on it is what can be reckoned from the rest, kept so that years are counted in a moment:
    the day as a number, its ISO week, the length, the sectors of the partners («|health|school|») and how
    many were there. `flask doctor` reckons it anew.
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
    occasion_id: Mapped[int] = mapped_column(index=True)
    is_course: Mapped[bool]
    asked: Mapped[int]
    waited_in_vain: Mapped[int]
    recorded_at: Mapped[datetime]
    is_withdrawn: Mapped[bool] = mapped_column(default=False)

    day: Mapped[int]
    iso_week: Mapped[str] = mapped_column(String(8))
    seconds: Mapped[int]
    partner_sectors: Mapped[str] = mapped_column(String(200))
    named: Mapped[int]
    named_adults: Mapped[int]
    anonymous: Mapped[int]
    companions: Mapped[int]
    booked: Mapped[int]
    no_shows: Mapped[int]
    late_cancellations: Mapped[int]
    queued: Mapped[int]
    offered_and_came: Mapped[int]
    permitted: Mapped[int]
    permitted_and_came: Mapped[int]

    persons: Mapped[list["PersonFact"]] = relationship(
        back_populates="meeting", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    headcounts: Mapped[list["HeadcountFact"]] = relationship(
        back_populates="meeting", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )
    partners: Mapped[list["PartnerFact"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class Visitor(Base):
    """Somebody at one library: a random key, and the first meeting it ever came to as a child or youth.

    The key is the only tie to a name, and erasing cuts it there. Who goes to two libraries is two visitors.
    """

    __tablename__ = "visitor"
    __table_args__ = (UniqueConstraint("library_id", "person_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    person_key: Mapped[str] = mapped_column(String(36), index=True)
    first_fact_id: Mapped[int | None] = mapped_column(
        ForeignKey("meeting_fact.id", ondelete="SET NULL"), index=True
    )


class PersonFact(Base):
    """One person at one meeting: who, in bands, from which municipality, and what happened."""

    __tablename__ = "person_fact"
    __table_args__ = (
        UniqueConstraint("meeting_fact_id", "visitor_id"),
        Index(
            "ix_person_fact_counted",
            "meeting_fact_id",
            "outcome",
            "age_band",
            "visitor_id",
            "grade_band",
            "municipality_code",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_fact_id: Mapped[int] = mapped_column(ForeignKey("meeting_fact.id", ondelete="CASCADE"))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitor.id"), index=True)
    age_band: Mapped[AgeBand]
    grade_band: Mapped[GradeBand | None]
    municipality_code: Mapped[str] = mapped_column(String(4))
    outcome: Mapped[Outcome]
    was_booked: Mapped[bool]
    booked_at_deadline: Mapped[bool]
    was_queued: Mapped[bool]
    was_offered: Mapped[bool]

    meeting: Mapped[MeetingFact] = relationship(back_populates="persons", lazy="raise")
    visitor: Mapped[Visitor] = relationship(lazy="raise")


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


class PartnerFact(Base):
    """An organisation that had a part in a meeting, and its sector. It is no person, and no foreign key."""

    __tablename__ = "partner_fact"

    meeting_fact_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_fact.id", ondelete="CASCADE"), primary_key=True
    )
    partner_id: Mapped[int] = mapped_column(primary_key=True)
    sector: Mapped[str] = mapped_column(String(40))


class MonthFact(Base):
    """What the meetings of a library in one month come to, in columns, and nothing that facts do not tell.

    The meetings stand in the order of their time, and after each other who came to each of them; `months.py`
    says what the bytes are. Numbers of visitors are those of the table of visitors. There is no row for a
    month without facts that count.
    """

    __tablename__ = "month_fact"

    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    visitor_count: Mapped[int]
    first_count: Mapped[int]
    adult_count: Mapped[int]
    kinds: Mapped[str] = mapped_column(Text)
    partner_sets: Mapped[str] = mapped_column(Text)
    person_words: Mapped[str] = mapped_column(Text)
    meetings: Mapped[bytes]
    counted: Mapped[bytes]
    visitors: Mapped[bytes]
    visits: Mapped[bytes]
    bands: Mapped[bytes]
    firsts: Mapped[bytes]
    adults: Mapped[bytes]
