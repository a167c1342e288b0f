"""Finding letters: the next to send, those left behind, and those in trouble."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from booking.errors import NotFound
from booking.outbox.models import Letter
from booking.outbox.rules import Channel, LetGo, LetterState

_IN_TROUBLE = (LetterState.PARKED, LetterState.UNCERTAIN)


def claimable(now: datetime, *, silent: Collection[Channel] = frozenset()) -> Select[Letter]:
    """Return the search for the letter that is due and has waited longest, skipping what others hold."""
    return (
        select(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.next_try_at <= now)
        .where(*([Letter.channel.not_in(silent)] if silent else []))
        .order_by(Letter.next_try_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def leases_over(now: datetime) -> Select[Letter]:
    """Return the search for letters whose worker has not been heard of in time."""
    return (
        select(Letter)
        .where(Letter.state == LetterState.SENDING, Letter.leased_until <= now)
        .with_for_update(skip_locked=True)
    )


def neglected(before: datetime) -> Select[Letter]:
    """Return the search for letters in trouble since before then."""
    return (
        select(Letter)
        .where(Letter.state.in_(_IN_TROUBLE), Letter.next_try_at < before)
        .with_for_update(skip_locked=True)
    )


def troubled_letters(session: Session, *, library_ids: Collection[int | None]) -> Sequence[Letter]:
    """Return the letters of these that need a person, the oldest first; `None` is the house itself."""
    return session.scalars(
        select(Letter)
        .where(Letter.state.in_(_IN_TROUBLE), _of(library_ids))
        .order_by(Letter.written_at)
        .limit(200)
    ).all()


def is_overtaken(session: Session, letter: Letter) -> bool:
    """Tell whether a newer letter about the same was written while this one was on its way, or was parked.

    One that waits is taken back at once by the newer one; so nothing is asked of a letter at its first try.
    """
    if letter.about is None or letter.last_trouble is None:
        return False
    # A text message follows its letter: it stands until there is news; no text message overtakes a letter.
    channels = tuple(Channel) if letter.channel is Channel.SMS else (Channel.EMAIL,)
    newer = exists().where(Letter.about == letter.about, Letter.id > letter.id, Letter.channel.in_(channels))
    return bool(session.scalar(select(newer)))


def lately_let_go(
    session: Session, *, library_ids: Collection[int | None], since: datetime
) -> Sequence[Letter]:
    """Return the letters of these that were not sent as they were not true any more, the newest first."""
    reasons = [reason.value for reason in LetGo]
    return session.scalars(
        select(Letter)
        .where(Letter.state == LetterState.DROPPED, Letter.last_trouble.in_(reasons), _of(library_ids))
        .where(Letter.gone_at >= since)
        .order_by(Letter.gone_at.desc(), Letter.id.desc())
        .limit(200)
    ).all()


def get_own_letter(session: Session, letter_id: int, *, library_ids: Collection[int | None]) -> Letter:
    """Return a letter of one of these libraries, or of the house (`None`); otherwise raise NotFound."""
    letter = session.scalar(select(Letter).where(Letter.id == letter_id, _of(library_ids)).with_for_update())
    if letter is None:
        raise NotFound
    return letter


def _of(library_ids: Collection[int | None]) -> ColumnElement[bool]:
    libraries = Letter.library_id.in_([number for number in library_ids if number is not None])
    return or_(libraries, Letter.library_id.is_(None)) if None in library_ids else libraries


def oldest_due_at(session: Session) -> datetime | None:
    """Return since when a worker has been missing for the letter that is most overdue, if one is here."""
    due_at = func.coalesce(Letter.leased_until, Letter.next_try_at)
    still_here = Letter.state.in_((LetterState.WAITING, LetterState.SENDING))
    return session.scalar(select(func.min(due_at)).where(still_here))
