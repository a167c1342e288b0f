"""What the region's page told beside figures that were let out. Rows are added here, and none is changed."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base


class ToldBeside(Base):
    """Meetings, pilots, residents and targets, as the page told them when figures were let out.

    It is one document, as `standing.py` writes and reads it. No number in it counts persons who came.
    """

    __tablename__ = "told_beside"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True)
    told: Mapped[dict[str, Any]]
