"""The tables of families and participants. No other table holds a family's name or address."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.db import PERSONAL, Base
from booking.libraries.rules import Language
from booking.people.calendar_rules import CalendarNames, CalendarTitle

# SQLite gives the number of an erased row to the next one: an old link would open a stranger's page.
_NEVER_AGAIN = {"sqlite_autoincrement": True}


class Family(Base):
    """One e-mail address that speaks for its participants.

    Who just came and told a first name has none yet: then nobody writes to the family, or enters as it.
    `verified_at` says when somebody who reads its letters first answered one; `new_email` is the address
    that it wants from now on, until somebody who reads there says so. `calendar_title` and `calendar_names`
    are what its own calendar entries say, `calendar_changed_at` when that was last another thing.
    """

    __tablename__ = "family"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True, info=PERSONAL)
    contact_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(String(20), info=PERSONAL)
    language: Mapped[Language]
    wants_sms: Mapped[bool] = mapped_column(default=False)
    new_email: Mapped[str | None] = mapped_column(String(254), info=PERSONAL)
    known_since: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    calendar_title: Mapped[CalendarTitle] = mapped_column(default=CalendarTitle.ACTIVITY)
    calendar_names: Mapped[CalendarNames] = mapped_column(default=CalendarNames.NONE)
    calendar_changed_at: Mapped[datetime | None]

    participants: Mapped[list["Participant"]] = relationship(
        back_populates="family", lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )


class Participant(Base):
    """A child or youth. `person_key` is the only tie to the figures; erasing this row cuts it.

    `is_by_grade` says that the year of birth was worked out from a school grade. `declared_age` is an age
    that somebody said was reached by `declared_on`, where the year alone did not tell.
    """

    __tablename__ = "participant"
    __table_args__ = (
        CheckConstraint("birth_year BETWEEN 1900 AND 2200", name="birth_year_is_a_year"),
        CheckConstraint("length(municipality_code) = 4", name="municipality_code_has_four_digits"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), index=True)
    person_key: Mapped[str] = mapped_column(String(36), unique=True)
    first_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    last_name: Mapped[str | None] = mapped_column(String(100), info=PERSONAL)
    birth_year: Mapped[int] = mapped_column(info=PERSONAL)
    is_by_grade: Mapped[bool] = mapped_column(default=False)
    declared_age: Mapped[int | None]
    declared_on: Mapped[date | None]
    municipality_code: Mapped[str] = mapped_column(String(4), info=PERSONAL)
    is_shielded: Mapped[bool] = mapped_column(default=False, info=PERSONAL)
    is_own_contact: Mapped[bool] = mapped_column(default=False)
    known_since: Mapped[datetime]

    family: Mapped[Family] = relationship(back_populates="participants", lazy="raise")


class Guardian(Base):
    """Whom a youth named as the one who looks after it. Known to nobody else, and to no other youth."""

    __tablename__ = "guardian"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        UniqueConstraint("participant_id", "email"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), info=PERSONAL)
    name: Mapped[str | None] = mapped_column(String(100), info=PERSONAL)
    known_since: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class OtherGuardian(Base):
    """Who shares the responsibility for children of a family, by the address that the first guardian told.

    Neither of the two is ever shown how the other is reached. The row goes as soon as nothing is asked of
    them, and nothing stands that they said yes to.
    """

    __tablename__ = "other_guardian"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        UniqueConstraint("family_id", "email"),
        _NEVER_AGAIN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), info=PERSONAL)
    language: Mapped[Language]
    known_since: Mapped[datetime]
    answered_at: Mapped[datetime | None]
