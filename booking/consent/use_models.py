"""The table of where pictures were used, so that they are found when they are to be taken down."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from booking.consent.rules import WordingPurpose
from booking.db import PERSONAL, Base

LONGEST_PLACE: Final = 200


class PictureUse(Base):
    """That pictures from an occasion were used somewhere, and since when: of whom they are, nobody writes."""

    __tablename__ = "picture_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"), index=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[WordingPurpose]
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), info=PERSONAL)
    used_on: Mapped[date]
    noted_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
