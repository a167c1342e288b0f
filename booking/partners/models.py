"""The table of partners. It holds organisations, and no column for a person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import SHOWN, Base
from booking.partners.rules import Sector


class Partner(Base):
    """An organisation that libraries work with, known to all of them.

    `name_key` is the name as a reader takes it, large or small; `version` tells whether somebody else
    changed the facts meanwhile.
    """

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="name_not_empty"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
        CheckConstraint("length(organisation_number) = 9", name="organisation_number_has_nine_digits"),
        CheckConstraint("version > 0", name="version_positive"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(300), unique=True)
    sector: Mapped[Sector]
    municipality_code: Mapped[str | None] = mapped_column(String(4))
    organisation_number: Mapped[str | None] = mapped_column(String(9), unique=True)
    website: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
