"""Writing to the families of an occasion, each alone and once, and taking it back in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.notices.models import Notice
from booking.notices.queries import Household, households_in, notice_sent
from booking.notices.rules import (
    KEPT_AFTERWARDS,
    TIME_TO_UNDO,
    Group,
    NobodyToWriteTo,
    NotSeenLikeThis,
    TooLateToUndo,
)
from booking.outbox.operations import take_waiting_back, write_letter
from booking.outbox.rules import Policy
from booking.people.reaching import address_of
from booking.signups.letters import occasion_facts
from booking.signups.queries import take_turn
from booking.tokens import fingerprint


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is to be sent to whom, as a form tells it. `seen` is the sign of what the sender was shown."""

    words: str
    groups: tuple[Group, ...]
    send_key: str
    seen: str


def sign_of(*, message: Message, households: Sequence[Household]) -> str:
    """Return a short sign of a message and everybody it goes to: it differs when anything does."""
    to = [(house.family.id, [signup.id for signup in house.signups]) for house in households]
    return fingerprint(repr((message.words, sorted(message.groups), sorted(to))))[:32]


def send_notice(
    session: Session, clock: Clock, *, occasion: Occasion, message: Message, account_id: int
) -> Notice:
    """Return the message, its letters written to each family alone; the same form twice is one message.

    They leave when the time to take them back is over. Refuses NobodyToWriteTo, and NotSeenLikeThis when the
    words or whom they go to differ from what was shown.
    """
    take_turn(session, occasion_id=occasion.id)
    sent = notice_sent(session, message.send_key)
    if sent is not None and sent.occasion_id == occasion.id:
        return sent
    households = households_in(session, occasion.id, message.groups)
    if not households:
        raise NobodyToWriteTo
    if sent is not None or sign_of(message=message, households=households) != message.seen:
        raise NotSeenLikeThis
    notice = Notice(
        library_id=occasion.activity.library_id,
        occasion_id=occasion.id,
        account_id=account_id,
        send_key=message.send_key,
        words=message.words,
        groups=sorted(message.groups),
        recipients=len(households),
        written_at=clock(),
        leaves_at=clock() + TIME_TO_UNDO,
    )
    session.add(notice)
    session.flush()
    for household in households:
        _write(session, clock, notice, occasion, household)
    _record(session, clock, notice, account_id, "notice_sent")
    return notice


def undo_notice(session: Session, clock: Clock, *, notice: Notice, account_id: int) -> int:
    """Take the message back before it leaves; return how many letters did not. Twice is once.

    Refuses TooLateToUndo when the time is over.
    """
    session.refresh(notice, with_for_update=True)
    if notice.undone_at is not None:
        return 0
    if clock() >= notice.leaves_at:
        raise TooLateToUndo
    notice.undone_at = clock()
    _record(session, clock, notice, account_id, "notice_taken_back")
    return take_waiting_back(session, clock, keys_begin=_key(notice), not_before=notice.leaves_at)


def letter_facts(*, occasion: Occasion, household: Household, words: str) -> dict[str, Any]:
    """Return what the letter to this family is made of."""
    return {
        **occasion_facts(occasion, household.family.language),
        "words": words,
        "children": household.children,
    }


def forget_old_notices(session: Session, clock: Clock) -> int:
    """Drop what was written about occasions that ended thirty days ago; return how many messages."""
    last = (
        select(func.max(Meeting.ends_at))
        .where(Meeting.occasion_id == Notice.occasion_id, Meeting.state != MeetingState.CALLED_OFF)
        .scalar_subquery()
    )
    ended = func.coalesce(last, Notice.written_at) < clock() - KEPT_AFTERWARDS
    numbers = session.scalars(select(Notice.id).where(ended).limit(200)).all()
    session.execute(delete(Notice).where(Notice.id.in_(numbers)))
    return len(numbers)


def _write(session: Session, clock: Clock, notice: Notice, occasion: Occasion, household: Household) -> None:
    write_letter(
        session,
        clock,
        key=f"{_key(notice)}{household.family.id}",
        template="notice",
        address=address_of(household.family),
        language=household.family.language,
        facts=letter_facts(occasion=occasion, household=household, words=notice.words),
        policy=Policy.ONCE,
        library_id=notice.library_id,
        not_before=notice.leaves_at,
    )


def _key(notice: Notice) -> str:
    return f"notice:{notice.id}:"


def _record(session: Session, clock: Clock, notice: Notice, account_id: int, action: str) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="occasion",
        subject_id=notice.occasion_id,
        account_id=account_id,
        library_id=notice.library_id,
        facts={"notice": notice.id, "families": notice.recipients},
    )
