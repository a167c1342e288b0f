"""The tables of what is on: activity, occasion, meeting."""

from datetime import datetime
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.activities.rules import (
    Kind,
    MeetingState,
    Mode,
    StatisticsResponsibility,
    Status,
    Target,
    Visibility,
)
from booking.db import SHOWN, Base
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.partners.models import Partner
from booking.partners.rules import PartnerRole
from booking.staff.models import Account


class Activity(Base):
    """What: the thing that a library invites to, with its texts and its audience.

    Below the age `guardian_until` a guardian has the last word here, whatever the house's rule says. What is
    asked of families besides a name stands in `asks_…` and `photo_channels`. `place_name` is where it is when
    it is not at the library itself.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("grade_from IS NULL OR grade_from BETWEEN 1 AND 13", name="grade_from_is_a_grade"),
        CheckConstraint("grade_to IS NULL OR grade_to BETWEEN 1 AND 13", name="grade_to_is_a_grade"),
        CheckConstraint("grade_from IS NULL OR grade_from <= grade_to", name="grades_in_order"),
        CheckConstraint("age_from IS NULL OR age_from <= age_to", name="ages_in_order"),
        CheckConstraint(
            "guardian_until IS NULL OR guardian_until BETWEEN 1 AND 25", name="guardian_until_in_reason"
        ),
        Index("ix_activity_status_visibility", "status", "visibility"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    library_id: Mapped[int] = mapped_column(ForeignKey("library.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[Kind]
    visibility: Mapped[Visibility]
    status: Mapped[Status]
    grade_from: Mapped[int | None]
    grade_to: Mapped[int | None]
    age_from: Mapped[int | None]
    age_to: Mapped[int | None]
    place_name: Mapped[str | None] = mapped_column(String(160))
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    has_second_adult: Mapped[bool] = mapped_column(default=False)
    statistics_type: Mapped[str] = mapped_column(String(40))
    statistics_responsibility: Mapped[StatisticsResponsibility]
    statistics_target: Mapped[Target] = mapped_column(default=Target.CHILDREN)
    announced_before: Mapped[bool] = mapped_column(default=True)
    guardian_until: Mapped[int | None]
    asks_last_name: Mapped[bool] = mapped_column(default=False)
    asks_needs: Mapped[bool] = mapped_column(default=False)
    photo_channels: Mapped[list[str]] = mapped_column(default=list)
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    library: Mapped[Library] = relationship(lazy="raise")
    responsible: Mapped[Account | None] = relationship(lazy="raise")
    texts: Mapped[list["ActivityText"]] = relationship(
        back_populates="activity", lazy="raise", cascade="all, delete-orphan"
    )
    occasions: Mapped[list["Occasion"]] = relationship(
        back_populates="activity", lazy="raise", cascade="all, delete-orphan"
    )
    partnerships: Mapped[list["Partnership"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Partnership(Base):
    """An organisation that has a part in an activity, and which part."""

    __tablename__ = "partnership"
    __table_args__ = ({"info": SHOWN},)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), primary_key=True, index=True)
    role: Mapped[PartnerRole]

    partner: Mapped[Partner] = relationship(lazy="raise")


class ActivityText(Base):
    """An activity's words in one language; bokmål is always there.

    `access_note` tells how one gets in and takes part here; empty where the library's own note says it all.
    """

    __tablename__ = "activity_text"
    __table_args__ = (UniqueConstraint("activity_id", "language"), {"info": SHOWN})

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    language: Mapped[Language]
    title: Mapped[str] = mapped_column(String(100))
    summary: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text())
    access_note: Mapped[str] = mapped_column(String(500), default="")
    question: Mapped[str] = mapped_column(String(200), default="")

    activity: Mapped[Activity] = relationship(back_populates="texts", lazy="raise")


class Occasion(Base):
    """One bookable run of an activity. Places taken are counted from sign-ups, never stored.

    With `asks_again` families are asked a week before whether they still come. At `erased_from_at` somebody
    who had asked for a place was erased: another number is shown since.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        CheckConstraint("(mode = 'drop_in') = (capacity IS NULL)", name="capacity_unless_drop_in"),
        CheckConstraint("capacity IS NULL OR capacity BETWEEN 1 AND 10000", name="capacity_in_reason"),
        CheckConstraint("walk_in_places >= 0", name="walk_in_places_not_negative"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="opens_first"),
        CheckConstraint("cancel_deadline_minutes BETWEEN 0 AND 43200", name="cancel_deadline_in_reason"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), index=True)
    mode: Mapped[Mode]
    capacity: Mapped[int | None]
    walk_in_places: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    cancel_deadline_minutes: Mapped[int] = mapped_column(default=120)
    has_queue: Mapped[bool] = mapped_column(default=True)
    asks_again: Mapped[bool] = mapped_column(default=False)
    called_off_at: Mapped[datetime | None]
    erased_from_at: Mapped[datetime | None]

    activity: Mapped[Activity] = relationship(back_populates="occasions", lazy="raise")
    meetings: Mapped[list["Meeting"]] = relationship(
        back_populates="occasion",
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="Meeting.starts_at",
    )


def _as_moved(context: DefaultExecutionContext) -> int:
    return int(context.get_current_parameters().get("sequence") or 0)  # type: ignore[no-untyped-call]


def _as_changed(context: DefaultExecutionContext) -> datetime:
    return cast("datetime", context.get_current_parameters()["changed_at"])  # type: ignore[no-untyped-call]


class Meeting(Base):
    """One date, one time, one place: the unit of calendars and of attendance.

    `sequence` counts how often it was moved or called off, `changed_at` is when it last was. Calendars know
    it by `uid`, `shown_sequence` and `shown_at` (RFC 5545 sections 3.8.4.7, 3.8.7.4 and 3.8.7.3): the first
    never changes, the others never fall, and only `identity_operations` raises them. `shown_as` is a mark of
    what a reader sees of it, of its library and its activity too.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("shown_sequence >= 0", name="shown_sequence_not_negative"),
        {"info": SHOWN},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(100))
    state: Mapped[MeetingState]
    sequence: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    shown_sequence: Mapped[int] = mapped_column(default=_as_moved)
    shown_at: Mapped[datetime] = mapped_column(default=_as_changed)
    shown_as: Mapped[str] = mapped_column(String(60), default="")

    occasion: Mapped[Occasion] = relationship(back_populates="meetings", lazy="raise")
