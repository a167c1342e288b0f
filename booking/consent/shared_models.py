"""The tables of pictures that everybody can see: half a yes, and what makes it a whole one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.consent.models import Wording
from booking.consent.rules import Capacity, ChildAnswer, Established, RestsOn, Way, WordingPurpose
from booking.db import Base


class HalfYes(Base):
    """One guardian's yes to what takes all who share the responsibility. It is no consent: it counts as a no.

    `over_at` is when the last meeting ends, as it was when the yes was said. `asked_at` and
    `other_guardian_id` tell whether somebody was written to, and `letters` how often.
    """

    __tablename__ = "half_yes"
    __table_args__ = (
        UniqueConstraint("participant_id", "occasion_id", "purpose"),
        # The other guardian's page names them by number.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[WordingPurpose]
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"))
    wording_id: Mapped[int] = mapped_column(ForeignKey("wording.id"), index=True)
    capacity: Mapped[Capacity]
    established: Mapped[Established]
    way: Mapped[Way]
    child_answer: Mapped[ChildAnswer]
    age_rule_id: Mapped[int] = mapped_column(ForeignKey("age_rule.id"))
    said_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    runs_out_at: Mapped[datetime] = mapped_column(index=True)
    other_guardian_id: Mapped[int | None] = mapped_column(
        ForeignKey("other_guardian.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime | None]
    letters: Mapped[int] = mapped_column(default=0)


class Accord(Base):
    """What a consent rests on that takes all guardians: one who decides alone, or the yes of both.

    It goes with the consent. Who the other guardian was goes as soon as nothing stands any more.
    """

    __tablename__ = "accord"
    __table_args__ = (
        CheckConstraint(
            "(rests_on = 'both') = (other_said_at IS NOT NULL AND other_wording_id IS NOT NULL "
            "AND other_capacity IS NOT NULL)",
            name="both_have_said_it",
        ),
    )

    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), primary_key=True)
    rests_on: Mapped[RestsOn]
    first_said_at: Mapped[datetime]
    declared_at: Mapped[datetime]
    other_guardian_id: Mapped[int | None] = mapped_column(
        ForeignKey("other_guardian.id", ondelete="SET NULL"), index=True
    )
    other_capacity: Mapped[Capacity | None]
    other_wording_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"), index=True)
    other_said_at: Mapped[datetime | None]

    other_wording: Mapped[Wording | None] = relationship(lazy="raise")
