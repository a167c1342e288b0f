"""Ticking, counting, and closing a register."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.door import (
    Answers,
    RegisterIsClosed,
    check_answers,
    check_can_close,
    check_takes_ticks,
    decided_absent,
    trusted_time,
)
from booking.attendance.facts import facts_of, partners_of, present_in, unknown_in
from booking.attendance.models import Closing, HeadcountMark, Mark
from booking.attendance.queries import (
    closing_in_force,
    is_called_off,
    is_known_event,
    register_at,
    stands_in_register,
)
from booking.attendance.rules import AT_CLOSING, Standing, Telling
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.errors import NotFound, Refusal
from booking.participation.operations import record_facts, withdraw_facts
from booking.participation.rules import HeadcountBand, MeetingFacts
from booking.tokens import new_uid


def mark(
    session: Session,
    clock: Clock,
    *,
    meeting: Meeting,
    participant_id: int,
    standing: Standing,
    telling: Telling,
) -> None:
    """Keep a tick; told again it is the same tick.

    Refuses TooEarly, RegisterIsClosed and MeetingIsCalledOff; NotFound for who never asked for a place.
    """
    if not _takes(session, clock, meeting=meeting, table=Mark, telling=telling):
        return
    if not stands_in_register(session, meeting_id=meeting.id, participant_id=participant_id):
        raise NotFound
    said = {"participant_id": participant_id, "standing": standing}
    _add_once(session, Mark, {**_told(clock, meeting, telling), **said})


def count(
    session: Session,
    clock: Clock,
    *,
    meeting: Meeting,
    band: HeadcountBand,
    delta: int,
    telling: Telling,
) -> None:
    """Count so many more, or fewer, who dropped in; told again it is the same count.

    Refuses as `mark` does.
    """
    if _takes(session, clock, meeting=meeting, table=HeadcountMark, telling=telling):
        _add_once(session, HeadcountMark, {**_told(clock, meeting, telling), "band": band, "delta": delta})


def close_meeting(
    session: Session, clock: Clock, *, meeting: Meeting, answers: Answers, account_id: int
) -> Closing:
    """Freeze the register and hand its facts to the figures; closing it twice the same way is once.

    Refuses NotStarted, MeetingIsCalledOff, RegisterIsClosed, and answers that do not fit the register.
    """
    _hold_still(session, meeting)
    in_force = closing_in_force(session, meeting.id)
    if in_force is not None:
        return _same_again(in_force, answers)
    check_can_close(now=clock(), starts_at=meeting.starts_at, is_called_off=is_called_off(meeting))
    register = register_at(session, meeting=meeting, now=clock())
    unknown = unknown_in(register)
    check_answers(answers, counted=present_in(register), unknown=len(unknown))
    for participant_id in decided_absent(answers, unknown=unknown):
        session.add(_decided(clock, meeting, participant_id, account_id))
    closing = Closing(
        meeting_id=meeting.id, outcome=answers.outcome, closed_at=clock(), closed_by_id=account_id
    )
    session.add(closing)
    session.flush()
    record_facts(session, clock, facts=_facts(session, clock, meeting))
    _note(session, clock, meeting, action="register_closed", account_id=account_id)
    return closing


def reopen(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Open a closed register again, on record; its facts count in no figure until it is closed anew."""
    _hold_still(session, meeting)
    in_force = closing_in_force(session, meeting.id)
    if in_force is None:
        return
    in_force.reopened_at, in_force.reopened_by_id = clock(), account_id
    withdraw_facts(session, meeting_uid=meeting.uid)
    _note(session, clock, meeting, action="register_reopened", account_id=account_id)


def note_opening(session: Session, clock: Clock, *, meeting: Meeting, account_id: int) -> None:
    """Put on record that somebody looked at who is expected."""
    _note(session, clock, meeting, action="register_seen", account_id=account_id)


def _takes(
    session: Session, clock: Clock, *, meeting: Meeting, table: type[Mark | HeadcountMark], telling: Telling
) -> bool:
    try:
        check_takes_ticks(
            now=clock(),
            starts_at=meeting.starts_at,
            is_called_off=is_called_off(meeting),
            is_closed=closing_in_force(session, meeting.id) is not None,
        )
    except Refusal:
        # A phone that did not hear the answer tells it again, perhaps after the closing.
        if is_known_event(session, table=table, event_id=telling.event_id):
            return False
        raise
    return True


def _told(clock: Clock, meeting: Meeting, telling: Telling) -> dict[str, Any]:
    now = clock()
    return {
        "event_id": telling.event_id,
        "meeting_id": meeting.id,
        "happened_at": trusted_time(told=telling.told_at, received_at=now, starts_at=meeting.starts_at),
        "received_at": now,
        "device": telling.device,
        "account_id": telling.account_id,
    }


def _add_once(session: Session, table: type[Mark | HeadcountMark], values: dict[str, Any]) -> None:
    insert = insert_postgresql if session.get_bind().dialect.name == "postgresql" else insert_sqlite
    session.execute(insert(table).values(**values).on_conflict_do_nothing(index_elements=["event_id"]))


def _hold_still(session: Session, meeting: Meeting) -> None:
    # Ticks hold the meeting FOR SHARE: none can slip in between the last look and the closing.
    session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update())


def _facts(session: Session, clock: Clock, meeting: Meeting) -> MeetingFacts:
    partners = partners_of(session, activity_id=meeting.occasion.activity_id)
    return facts_of(register_at(session, meeting=meeting, now=clock()), partners=partners)


def _same_again(in_force: Closing, answers: Answers) -> Closing:
    if in_force.outcome is not answers.outcome:
        raise RegisterIsClosed
    return in_force


def _decided(clock: Clock, meeting: Meeting, participant_id: int, account_id: int) -> Mark:
    telling = Telling(event_id=new_uid(), told_at=None, device=AT_CLOSING, account_id=account_id)
    return Mark(
        **_told(clock, meeting, telling), participant_id=participant_id, standing=Standing.DID_NOT_COME
    )


def _note(session: Session, clock: Clock, meeting: Meeting, *, action: str, account_id: int) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="meeting",
        subject_id=meeting.id,
        account_id=account_id,
        library_id=meeting.occasion.activity.library_id,
    )
