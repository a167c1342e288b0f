"""The table of school breaks: days without school, by municipality."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.almanac.rules import LONGEST_SOURCE, BreakKind
from booking.db import Base


class SchoolBreak(Base):
    """Days without school in one municipality, from the first to the last."""

    __tablename__ = "school_break"
    __table_args__ = (
        UniqueConstraint("municipality_code", "kind", "first_on"),
        CheckConstraint("first_on <= last_on", name="ends_after_start"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
        # Who asks wants a municipality's days from some day on: what is over is never read.
        Index("ix_school_break_municipality_code_last_on", "municipality_code", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(4))
    kind: Mapped[BreakKind]
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str | None] = mapped_column(String(LONGEST_SOURCE))
    imported_at: Mapped[datetime]
