"""Keeping what children need, reading it on record, and forgetting it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Meeting, Occasion
from booking.activities.rules import MeetingState
from booking.audit.looks import record_look
from booking.clock import Clock, local_date
from booking.consent.models import NeedsNote
from booking.consent.needs import Needs, NeedsUnreadable, may_see_needs, packed, unpacked
from booking.consent.rules import WordingPurpose
from booking.consent.seal import Seal
from booking.consent.standing import NEEDS_KEPT_AFTER
from booking.consent.standing_queries import consents_in
from booking.errors import NotFound

_AT_ONCE: Final = 500


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who of the staff wants to read, and at which libraries they are on duty."""

    account_id: int
    library_ids: frozenset[int]


def keep_needs(
    session: Session, clock: Clock, *, occasion_id: int, needs: Mapping[int, Needs], seal: Seal
) -> None:
    """Keep what children need at an occasion, by participant, sealed; what was known before is replaced.

    Only of those whose consent to that stands: record it first. Nothing said erases what was known.
    """
    if not needs:
        return
    standing = consents_in(session, occasion_id=occasion_id, now=clock(), participant_ids=list(needs))
    agreed = {child for child, purposes in standing.items() if WordingPurpose.NEEDS in purposes}
    erase_needs(session, participant_ids=list(needs), occasion_id=occasion_id)
    session.add_all(
        NeedsNote(
            participant_id=participant_id,
            occasion_id=occasion_id,
            sealed=seal.close(packed(told, participant_id=participant_id, occasion_id=occasion_id)),
            written_at=clock(),
        )
        for participant_id, told in needs.items()
        if told and participant_id in agreed
    )
    session.flush()


def are_kept(session: Session, *, participant_id: int, occasion_id: int, needs: Needs, seal: Seal) -> bool:
    """Tell whether just this is kept of what the child needs; whoever asks learns no more than that."""
    kept = _notes(session, occasion_id, [participant_id])
    try:
        return any(_opened(note, seal) == needs for note in kept)
    except NeedsUnreadable:
        return False


def read_needs(
    session: Session, clock: Clock, *, participant_id: int, occasion_id: int, reader: Reader, seal: Seal
) -> Needs:
    """Return what a child needs at an occasion, and put the look on record; or raise NotFound.

    For whoever is responsible for the activity, and at its library on the days of its meetings; all others
    find nothing. Refuses NeedsUnreadable when the key is gone.
    """
    found = read_all_needs(
        session, clock, occasion_id=occasion_id, reader=reader, seal=seal, participant_ids=[participant_id]
    )
    if participant_id not in found:
        raise NotFound
    return found[participant_id]


def read_all_needs(
    session: Session,
    clock: Clock,
    *,
    occasion_id: int,
    reader: Reader,
    seal: Seal,
    participant_ids: Collection[int],
) -> Mapping[int, Needs]:
    """Return what these children need at an occasion, and put each look on record; or raise NotFound.

    Whoever needs nothing is not in it. Refuses NeedsUnreadable when the key is gone.
    """
    occasion = _readable_occasion(session, clock, occasion_id, reader)
    standing = consents_in(session, occasion_id=occasion_id, now=clock(), participant_ids=participant_ids)
    notes = [
        note
        for note in _notes(session, occasion_id, participant_ids)
        if WordingPurpose.NEEDS in standing.get(note.participant_id, frozenset())
    ]
    for note in notes:
        _note_look(session, clock, occasion, note.participant_id, reader)
    return {note.participant_id: _opened(note, seal) for note in notes}


def erase_needs(session: Session, *, participant_ids: Collection[int], occasion_id: int | None) -> None:
    """Erase what the participants need at the occasion; twice is once."""
    session.execute(
        delete(NeedsNote).where(
            NeedsNote.participant_id.in_(participant_ids), NeedsNote.occasion_id == occasion_id
        )
    )


def forget_needs(session: Session, clock: Clock) -> int:
    """Erase all that was told of needs for occasions whose last meeting was a week ago; return how much.

    An occasion without a meeting counts from when the note was written. Twice is once.
    """
    last = (
        select(func.max(Meeting.ends_at))
        .where(Meeting.occasion_id == NeedsNote.occasion_id)
        .scalar_subquery()
    )
    over_at = func.coalesce(last, NeedsNote.written_at)
    due = session.scalars(
        select(NeedsNote.id)
        .where(over_at <= clock() - NEEDS_KEPT_AFTER)
        .order_by(NeedsNote.id)
        .limit(_AT_ONCE)
    ).all()
    session.execute(delete(NeedsNote).where(NeedsNote.id.in_(due)))
    return len(due)


def _readable_occasion(session: Session, clock: Clock, occasion_id: int, reader: Reader) -> Occasion:
    occasion = session.scalar(
        select(Occasion)
        .where(Occasion.id == occasion_id)
        .options(joinedload(Occasion.activity), selectinload(Occasion.meetings))
    )
    if occasion is None or not may_see_needs(
        account_id=reader.account_id,
        responsible_id=occasion.activity.responsible_id,
        is_of_the_library=occasion.activity.library_id in reader.library_ids,
        today=local_date(clock()),
        days=[(local_date(meeting.starts_at), local_date(meeting.ends_at)) for meeting in _held(occasion)],
    ):
        raise NotFound
    return occasion


def _held(occasion: Occasion) -> Sequence[Meeting]:
    if occasion.called_off_at is not None:
        return []
    return [meeting for meeting in occasion.meetings if meeting.state is not MeetingState.CALLED_OFF]


def _notes(session: Session, occasion_id: int, participant_ids: Collection[int]) -> Sequence[NeedsNote]:
    return session.scalars(
        select(NeedsNote)
        .where(NeedsNote.occasion_id == occasion_id, NeedsNote.participant_id.in_(participant_ids))
        .order_by(NeedsNote.participant_id)
    ).all()


def _opened(note: NeedsNote, seal: Seal) -> Needs:
    text = seal.open(note.sealed)
    return unpacked(text, participant_id=note.participant_id, occasion_id=note.occasion_id)


def _note_look(
    session: Session, clock: Clock, occasion: Occasion, participant_id: int, reader: Reader
) -> None:
    record_look(
        session,
        clock,
        action="needs_seen",
        account_id=reader.account_id,
        library_id=occasion.activity.library_id,
        participant_id=participant_id,
        facts={"occasion_id": occasion.id},
    )
