"""What was let out of the house, and what it was counted from. Rows are added here, and none is changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import Base
from booking.publications.shown import CellState
from booking.publications.tables import Table


class Publication(Base):
    """One time that figures were let out: of which half-year, through which day, and by which rule."""

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("first_on", "through_on"),
        CheckConstraint("first_on <= through_on AND through_on <= last_on", name="days_in_order"),
        CheckConstraint("least_count >= 3", name="least_count_not_below_three"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    through_on: Mapped[date]
    published_at: Mapped[datetime]
    least_count: Mapped[int]
    rule_version: Mapped[str] = mapped_column(String(40))

    cells: Mapped[list["PublishedCell"]] = relationship(back_populates="publication", lazy="raise")
    parts: Mapped[list["CountedPart"]] = relationship(back_populates="publication", lazy="raise")
    rooms: Mapped[list["RoomKnown"]] = relationship(back_populates="publication", lazy="raise")


class PublishedCell(Base):
    """One figure of one publication. A hidden one has no number, here neither."""

    __tablename__ = "published_cell"
    __table_args__ = (CheckConstraint("(state = 'number') = (value IS NOT NULL)", name="number_or_none"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    table_code: Mapped[Table] = mapped_column(primary_key=True)
    row_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    column_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[CellState]
    value: Mapped[int | None]

    publication: Mapped[Publication] = relationship(back_populates="cells", lazy="raise")


class CountedPart(Base):
    """What a publication added to a count, exactly: never shown, and kept to reckon what the shown tells."""

    __tablename__ = "counted_part"
    __table_args__ = (CheckConstraint("persons > 0", name="some_persons"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    column_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    persons: Mapped[int]

    publication: Mapped[Publication] = relationship(back_populates="parts", lazy="raise")


class RoomKnown(Base):
    """How many of some ages could have been at one library's meetings that were counted, by their places.

    Ages are written with commas; none of them stand for whoever booked a place in the half-year so far.
    """

    __tablename__ = "room_known"
    __table_args__ = (CheckConstraint("persons >= 0", name="not_negative"),)

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    row_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    bands: Mapped[str] = mapped_column(String(80), primary_key=True)
    persons: Mapped[int]

    publication: Mapped[Publication] = relationship(back_populates="rooms", lazy="raise")
