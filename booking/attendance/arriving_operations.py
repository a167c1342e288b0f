"""Taking what phones tell: each event once, whatever became of it said, and nothing lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.attendance.arriving import (
    Answer,
    Became,
    Counted,
    Event,
    Looked,
    Parcel,
    Ticked,
    lag_of,
)
from booking.attendance.arriving_queries import Threshold, admitted, known_events
from booking.attendance.arriving_rows import InCommon, add_counts, add_ticks, count_row, tick_row
from booking.attendance.door import DoorRefusal, check_takes_ticks, is_door_time, time_behind, trusted_time
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.lines import Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Bringer:
    """Whose phone it is, and whether they may look only while the door is open."""

    account_id: int
    only_at_the_door: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shelf:
    """What all rows of one parcel have in common."""

    threshold: Threshold
    parcel: Parcel
    bringer: Bringer
    received_at: datetime
    lag: timedelta
    closing_id: int | None
    participant_ids: frozenset[int]
    refused_as: str | None


def take_events(
    session: Session | Line, clock: Clock, *, threshold: Threshold, parcel: Parcel, bringer: Bringer
) -> Sequence[Answer]:
    """Keep what a phone tells, told again each event is the same event, and say what became of each.

    A tick that finds the register closed is kept beside it, and counts once the register is opened again.
    A line of its own will do, but not for a parcel that `goes_on_record`.
    """
    people = {event.participant_id for event in parcel.events if isinstance(event, Ticked)}
    found = admitted(session, threshold, participant_ids=people)
    now = clock()
    shelf = _Shelf(
        threshold=threshold,
        parcel=parcel,
        bringer=bringer,
        received_at=now,
        lag=lag_of(parcel, received_at=now),
        closing_id=found.closing_id,
        participant_ids=found.participant_ids,
        refused_as=_refusal_of_all(threshold, now),
    )
    times = [_happened_at(shelf, event) for event in parcel.events]
    refusals = [_refusal(shelf, *each) for each in zip(parcel.events, times, strict=True)]
    sound = [
        (event, at)
        for event, at, code in zip(parcel.events, times, refusals, strict=True)
        if event and code is None
    ]
    new = _keep(session, shelf, sound)
    for event, _at in sound:
        if isinstance(event, Looked):
            _note_look(session, clock, shelf)
    known = known_events(session, _names(parcel, refusals)) if any(refusals) else frozenset()
    kept_as = Became.TAKEN if found.closing_id is None else Became.LATE
    return [
        _answer(name, code, name in known, kept_as if name in new else Became.KNOWN)
        for name, code in zip(parcel.names, refusals, strict=True)
    ]


def _refusal_of_all(threshold: Threshold, now: datetime) -> str | None:
    try:
        check_takes_ticks(
            now=now,
            starts_at=threshold.starts_at,
            is_called_off=threshold.is_called_off,
            is_closed=False,
        )
    except DoorRefusal as refusal:
        return refusal.code
    return None


def _refusal(shelf: _Shelf, event: Event | None, happened_at: datetime) -> str | None:
    if event is None:
        return "tick_not_understood"
    if isinstance(event, Ticked) and event.participant_id not in shelf.participant_ids:
        return "not_in_register"
    if shelf.refused_as is not None:
        return shelf.refused_as
    threshold = shelf.threshold
    if shelf.bringer.only_at_the_door and not is_door_time(
        now=happened_at, starts_at=threshold.starts_at, ends_at=threshold.ends_at
    ):
        return "door_is_shut"
    return None


def _keep(
    session: Session | Line, shelf: _Shelf, events: Sequence[tuple[Event, datetime]]
) -> frozenset[str | None]:
    common = InCommon(
        meeting_id=shelf.threshold.meeting_id,
        received_at=shelf.received_at,
        device=shelf.parcel.device,
        account_id=shelf.bringer.account_id,
        late_for_id=shelf.closing_id,
    )
    ticks = [tick_row(event, at) for event, at in events if isinstance(event, Ticked)]
    counts = [count_row(event, at) for event, at in events if isinstance(event, Counted)]
    looks = {event.event_id for event, _at in events if isinstance(event, Looked)}
    return frozenset({*add_ticks(session, common, ticks), *add_counts(session, common, counts), *looks})


def _happened_at(shelf: _Shelf, event: Event | None) -> datetime:
    told = time_behind(event.told_at, shelf.lag) if event else None
    return trusted_time(told=told, received_at=shelf.received_at, starts_at=shelf.threshold.starts_at)


def _names(parcel: Parcel, refusals: Sequence[str | None]) -> list[str]:
    return [name for name, code in zip(parcel.names, refusals, strict=True) if code and name]


def _answer(name: str | None, code: str | None, was_known: bool, became: Became) -> Answer:  # noqa: FBT001
    if code is None:
        return Answer(event_id=name, became=became)
    if was_known:
        # A phone that did not hear the answer tells it again, perhaps after the meeting was called off.
        return Answer(event_id=name, became=Became.KNOWN)
    return Answer(event_id=name, became=Became.REFUSED, code=code)


def _note_look(session: Session | Line, clock: Clock, shelf: _Shelf) -> None:
    if isinstance(session, Line):
        message = "what goes on record is written by a session"
        raise TypeError(message)
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="register_seen",
        subject="meeting",
        subject_id=shelf.threshold.meeting_id,
        account_id=shelf.bringer.account_id,
        library_id=shelf.threshold.library_id,
        facts={"without_net": True},
    )
