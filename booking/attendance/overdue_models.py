"""The table of registers of which staff were reminded."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import Base


class OverdueReminder(Base):
    """That staff were told by letter that this meeting's register is not closed; once is enough."""

    __tablename__ = "overdue_reminder"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    told_at: Mapped[datetime]
