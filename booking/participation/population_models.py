"""The table of how many live where, and the one of what the project has set itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base
from booking.participation.population import Ages


class Population(Base):
    """How many of some ages lived in a municipality on the first of January, and who says so."""

    __tablename__ = "population"
    __table_args__ = (
        UniqueConstraint("municipality_code", "year", "ages"),
        CheckConstraint("persons >= 0", name="not_negative"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(String(4))
    year: Mapped[int]
    ages: Mapped[Ages]
    persons: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime]


class Target(Base):
    """What the project wants to reach by a figure in a period, at one library or in all of them.

    `amount` is in hundredths of the figure's unit. There is no target that nobody entered.
    """

    __tablename__ = "target"
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        CheckConstraint("amount >= 0", name="not_negative"),
        Index(
            "uq_target_of_a_library",
            "library_id",
            "metric_code",
            "first_on",
            "last_on",
            unique=True,
            sqlite_where=text("library_id IS NOT NULL"),
            postgresql_where=text("library_id IS NOT NULL"),
        ),
        Index(
            "uq_target_of_all",
            "metric_code",
            "first_on",
            "last_on",
            unique=True,
            sqlite_where=text("library_id IS NULL"),
            postgresql_where=text("library_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int | None] = mapped_column(ForeignKey("library.id"))
    metric_code: Mapped[str] = mapped_column(String(40))
    first_on: Mapped[date]
    last_on: Mapped[date]
    amount: Mapped[int]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
