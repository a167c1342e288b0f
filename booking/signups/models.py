"""The tables of sign-ups and of every move they make."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from booking.activities.models import Occasion
from booking.db import COUNTED, PERSONAL, Base, choice
from booking.people.models import Participant
from booking.signups.rules import SignupState

_LIVE = text("state NOT IN ('withdrawn', 'declined', 'expired', 'called_off')")


class Mover(StrEnum):
    """Who moved a sign-up."""

    FAMILY = "family"
    GUARDIAN = "guardian"
    STAFF = "staff"
    SYSTEM = "system"


class Signup(Base):
    """A participant's standing for one occasion.

    `ask_key` is the same for children asked for together, and for a form that is sent twice.
    `uid` is the identity of the family's own calendar entry. `guardian_id` names whose yes a youth needs;
    `said_yes_at` says when the youth took an offer that the guardian has not answered yet.
    """

    __tablename__ = "signup"
    __table_args__ = (
        Index(
            "uq_signup_one_live_per_occasion",
            "occasion_id",
            "participant_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        UniqueConstraint("ask_key", "participant_id"),
        Index("ix_signup_occasion_state", "occasion_id", "state", "asked_at"),
        Index("ix_signup_held_until", "held_until"),
        # SQLite gives the number of an erased row to the next one: an old link would open a stranger's page.
        {"sqlite_autoincrement": True, "info": COUNTED},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    uid: Mapped[str] = mapped_column(String(36), unique=True)
    ask_key: Mapped[str] = mapped_column(String(36))
    state: Mapped[SignupState]
    asked_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(String(300), info=PERSONAL)
    guardian_id: Mapped[int | None] = mapped_column(ForeignKey("guardian.id", ondelete="SET NULL"))
    said_yes_at: Mapped[datetime | None]
    asked_again_at: Mapped[datetime | None]
    said_again_at: Mapped[datetime | None]

    occasion: Mapped[Occasion] = relationship(lazy="raise")
    participant: Mapped[Participant] = relationship(lazy="raise")
    moves: Mapped[list["SignupMove"]] = relationship(
        back_populates="signup",
        lazy="raise",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="SignupMove.id",
    )


class SignupMove(Base):
    """One step in a sign-up's history."""

    __tablename__ = "signup_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    from_state: Mapped[SignupState | None] = mapped_column(choice(SignupState, "from_state"))
    to_state: Mapped[SignupState]
    mover: Mapped[Mover]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str | None] = mapped_column(String(200), info=PERSONAL)

    signup: Mapped[Signup] = relationship(back_populates="moves", lazy="raise")
