"""The tables of agreement: exact words, and who agreed to them when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.consent.rules import Capacity, Established, WordingPurpose
from booking.db import Base
from booking.libraries.rules import Language


class Wording(Base):
    """One version of a text in one language. Published once and never changed: the database refuses."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("purpose", "language", "version"),)

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

    wording: Mapped[Wording] = relationship(lazy="raise")
