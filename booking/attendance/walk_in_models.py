"""The table of those who just came and told their names."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.activities.models import Meeting
from booking.attendance.walk_in_rules import WalkInLeave
from booking.db import Base
from booking.people.models import Participant


class WalkIn(Base):
    """That somebody just came to one meeting, and whether there is leave for it.

    `ask_key` is the form's own: sent twice it is one. `is_beyond` says that staff let somebody in for whom
    there was no place.
    """

    __tablename__ = "walk_in"
    __table_args__ = (
        UniqueConstraint("meeting_id", "participant_id"),
        # SQLite gives the number of an erased row to the next one: an old link would open a stranger's page.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    ask_key: Mapped[str] = mapped_column(String(36), unique=True)
    leave: Mapped[WalkInLeave]
    is_beyond: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    participant: Mapped[Participant] = relationship(lazy="raise")
