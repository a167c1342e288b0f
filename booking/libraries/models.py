"""The tables of the libraries and of the installation itself."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import SHOWN, Base
from booking.libraries.rules import Language


class InstallationKind(StrEnum):
    """Whether the data is made up for a demonstration, or about real children."""

    DEMO = "demo"
    REAL = "real"


class Installation(Base):
    """The one row that says what kind of data this database holds."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[InstallationKind]
    begun_at: Mapped[datetime]


class Library(Base):
    """One of the libraries: its staff see its own people and no other's."""

    __tablename__ = "library"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    municipality_code: Mapped[str] = mapped_column(String(4))
    municipality_name: Mapped[str] = mapped_column(String(60))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(20))
    street: Mapped[str] = mapped_column(String(100))
    postcode: Mapped[str] = mapped_column(String(4))
    town: Mapped[str] = mapped_column(String(60))
    latitude: Mapped[float]
    longitude: Mapped[float]
    colour: Mapped[str] = mapped_column(String(7))
    changed_at: Mapped[datetime]

    notes: Mapped[list["LibraryNote"]] = relationship(
        back_populates="library", lazy="raise", cascade="all, delete-orphan"
    )


class LibraryNote(Base):
    """What a library says of its building and opening hours, in one language."""

    __tablename__ = "library_note"
    __table_args__ = (UniqueConstraint("library_id", "language"), {"info": SHOWN})

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id", ondelete="CASCADE"))
    language: Mapped[Language]
    accessibility: Mapped[str] = mapped_column(String(1000))
    opening: Mapped[str] = mapped_column(String(1000))

    library: Mapped[Library] = relationship(back_populates="notes", lazy="raise")
