"""The table of the project's plan. It holds what is to be done, and no column for a person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from booking.db import SHOWN, Base
from booking.plan.rules import USUAL_TOLERANCE, ItemKind, ItemState


class PlanItem(Base):
    """A phase, a milestone or a follow-up meeting of the project, with its days and what became of it.

    `number` is what people call it by, and stays. A follow-up meeting that a library has put up as a meeting
    names it by `meeting_uid`: calendars show that one. Otherwise they know the item by `uid`,
    `shown_sequence` and `shown_at`, kept by the same rules as a meeting's: only the operations raise them,
    and they never fall. Calendars show it, so it is marked as shown: their fingerprints hang on that.
    """

    __tablename__ = "plan_item"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("length(title) > 0", name="title_not_empty"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        CheckConstraint("tolerance_months BETWEEN 0 AND 12", name="tolerance_in_reason"),
        CheckConstraint("began_on IS NULL OR done_on IS NULL OR began_on <= done_on", name="begun_first"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="both_hours_or_none"),
        CheckConstraint("starts_at IS NULL OR starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("starts_at IS NULL OR kind = 'follow_up'", name="hours_of_meetings_only"),
        CheckConstraint("meeting_uid IS NULL OR kind = 'follow_up'", name="meetings_only"),
        CheckConstraint("after_id IS NULL OR after_id <> id", name="follows_another"),
        CheckConstraint("shown_sequence >= 0", name="shown_sequence_not_negative"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[ItemKind]
    state: Mapped[ItemState] = mapped_column(default=ItemState.PLANNED)
    title: Mapped[str] = mapped_column(String(100))
    title_nn: Mapped[str] = mapped_column(String(100), default="")
    title_en: Mapped[str] = mapped_column(String(100), default="")
    first_on: Mapped[date]
    last_on: Mapped[date]
    tolerance_months: Mapped[int] = mapped_column(default=USUAL_TOLERANCE)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("plan_item.id"), index=True)
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    meeting_uid: Mapped[str | None] = mapped_column(String(36), unique=True)
    is_shared: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text(), default="")
    began_on: Mapped[date | None]
    done_on: Mapped[date | None]
    made_at: Mapped[datetime]
    shown_sequence: Mapped[int] = mapped_column(default=0)
    shown_at: Mapped[datetime]
    shown_as: Mapped[str] = mapped_column(String(60), default="")
