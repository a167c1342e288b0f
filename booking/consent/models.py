"""The tables of agreement: exact words, and who agreed to them when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.consent.rules import (
    Capacity,
    ChildAnswer,
    Established,
    Step,
    TakenDownFor,
    Way,
    WordingPurpose,
)
from booking.db import PERSONAL, SHOWN, Base
from booking.libraries.rules import Language


class Wording(Base):
    """One version of a text in one language. Published once and never changed: the database refuses."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("purpose", "language", "version"), {"info": SHOWN})

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[WordingPurpose]
    language: Mapped[Language]
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text())
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]


class Permission(Base):
    """Leave for one participant to take part in one occasion, tied to the words that were agreed to."""

    __tablename__ = "permission"

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    wording_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), index=True)
    capacity: Mapped[Capacity]
    established: Mapped[Established]
    given_at: Mapped[datetime]
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardian.id", ondelete="SET NULL"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    age_rule_id: Mapped[int | None] = mapped_column(ForeignKey("age_rule.id"))

    wording: Mapped[Wording] = relationship(lazy="raise")


class Consent(Base):
    """One step in the life of a yes to one purpose, tied to the exact words. Rows are added, never changed.

    Where a consent stands is told by the newest row of its participant, purpose and occasion; those that are
    not about one occasion have none.
    """

    __tablename__ = "consent"
    __table_args__ = (
        Index("ix_consent_participant_purpose", "participant_id", "purpose"),
        Index("ix_consent_expires_at", "expires_at"),
        # SQLite gives the number of an erased row to the next one; numbers tell which row is newest.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    purpose: Mapped[WordingPurpose]
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    wording_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), index=True)
    step: Mapped[Step]
    capacity: Mapped[Capacity]
    established: Mapped[Established]
    way: Mapped[Way]
    child_answer: Mapped[ChildAnswer]
    at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    age_rule_id: Mapped[int | None] = mapped_column(ForeignKey("age_rule.id"))

    wording: Mapped[Wording] = relationship(lazy="raise")


class RenewalAsk(Base):
    """That a family was asked whether a yes shall stand for another year: once for each end."""

    __tablename__ = "renewal_ask"

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime]


class PictureTask(Base):
    """That pictures of a child at an occasion are to be taken down, as a yes to them has ended.

    Of the child it holds the number alone, and not even that when the child is erased: what is to be done
    stays until somebody has done it.
    """

    __tablename__ = "picture_task"
    __table_args__ = (Index("ix_picture_task_library_done", "library_id", "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), index=True
    )
    purpose: Mapped[WordingPurpose]
    reason: Mapped[TakenDownFor]
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class NeedsNote(Base):
    """What a participant needs at an occasion, sealed: the database alone tells nothing of it."""

    __tablename__ = "needs_note"
    __table_args__ = (UniqueConstraint("participant_id", "occasion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    sealed: Mapped[str] = mapped_column(Text(), info=PERSONAL)
    written_at: Mapped[datetime]


class AgeRule(Base):
    """From what age somebody answers for themselves, in force from `begins_at` until the next one begins.

    Before `youth_from` a guardian signs up; before `alone_from` a guardian has the last word. Rows are added,
    never changed: each permission and consent tells which one it was given under.
    """

    __tablename__ = "age_rule"
    __table_args__ = (
        CheckConstraint(
            "0 <= youth_from AND youth_from <= alone_from AND alone_from <= adult_from AND adult_from <= 25",
            name="ages_in_order",
        ),
        CheckConstraint("photo_own_yes_from BETWEEN 0 AND 25", name="photo_age_in_reason"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(index=True)
    youth_from: Mapped[int]
    alone_from: Mapped[int]
    photo_own_yes_from: Mapped[int]
    adult_from: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
