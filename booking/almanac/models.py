"""The table of the schools' breaks."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking.almanac.rules import LONGEST_SOURCE, BreakKind
from booking.db import SHOWN, Base


class SchoolBreak(Base):
    """A break of a municipality's schools, as its school calendar says; both ends belong to it."""

    __tablename__ = "school_break"
    __table_args__ = (
        UniqueConstraint("municipality_code", "kind", "first_on"),
        CheckConstraint("first_on <= last_on", name="ends_after_start"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
        Index("ix_school_break_municipality_code_last_on", "municipality_code", "last_on"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(4))
    kind: Mapped[BreakKind]
    first_on: Mapped[date]
    last_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(LONGEST_SOURCE), default="")
    imported_at: Mapped[datetime]
