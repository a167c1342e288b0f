"""Entering sign-ups: the children, the leave to take part, and what else was agreed, in one breath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Occasion
from booking.clock import Clock
from booking.consent.operations import Leave, record_permissions
from booking.people.models import Family, Participant
from booking.people.operations import add_participants
from booking.people.rules import Newcomer
from booking.rows import fresh, store
from booking.signups.asking import ChildAsked
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.tokens import new_uid


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One child to be entered: what was asked, who it is if it is known, where it will stand, until when."""

    asked: ChildAsked
    newcomer: Newcomer
    participant: Participant | None
    state: SignupState
    held_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What all children of one asking share; sign-ups that are not followed are for reading only."""

    occasion: Occasion
    family: Family
    ask_key: str
    leave: Leave
    is_followed: bool = True


def enter(session: Session, clock: Clock, *, entries: Sequence[Entry], shared: Entered) -> list[Signup]:
    """Return new sign-ups in the order of the entries, stored with the leave that was given.

    Nothing is noted or told yet: `begin_together` does that.
    """
    children = _children(session, clock, entries, shared)
    record_permissions(
        session, clock, participants=children, occasion_id=shared.occasion.id, leave=shared.leave
    )
    signups = [
        fresh(
            Signup,
            occasion_id=shared.occasion.id,
            participant_id=child.id,
            uid=new_uid(),
            ask_key=shared.ask_key,
            state=entry.state,
            asked_at=clock(),
            held_until=entry.held_until,
            changed_at=clock(),
            reply=entry.asked.reply,
        )
        for entry, child in zip(entries, children, strict=True)
    ]
    store(session, signups, is_followed=shared.is_followed)
    # Afterwards: a session that follows a row follows what hangs on it, too.
    for signup, child in zip(signups, children, strict=True):
        set_committed_value(signup, "occasion", shared.occasion)
        set_committed_value(signup, "participant", child)
    return signups


def _children(session: Session, clock: Clock, entries: Sequence[Entry], shared: Entered) -> list[Participant]:
    newcomers = [entry.newcomer for entry in entries if entry.participant is None]
    added = add_participants(
        session, clock, family=shared.family, newcomers=newcomers, is_followed=shared.is_followed
    )
    new = iter(added)
    return [entry.participant or next(new) for entry in entries]
