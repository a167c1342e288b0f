"""Writing a letter in the same breath as what it tells of, and seeing it off exactly once."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, and_, delete, or_, select
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.overtaking import overtake
from booking.outbox.queries import claimable, get_own_letter, leases_over, neglected
from booking.outbox.rules import (
    FORGOTTEN_AFTER,
    GIVEN_UP_AFTER,
    LEASE,
    Channel,
    LetGo,
    LetterState,
    Policy,
    Trouble,
    after_trouble,
    check_move,
    next_try_at,
)
from booking.rows import fresh, store_once
from booking.tokens import new_uid


def write_letter(
    session: Session,
    clock: Clock,
    *,
    key: str,
    template: str,
    address: str,
    language: Language,
    facts: dict[str, Any],
    policy: Policy = Policy.REPEAT,
    library_id: int | None = None,
    about: str | None = None,
    not_before: datetime | None = None,
    channel: Channel = Channel.EMAIL,
    is_sent: bool = True,
    is_first: bool = False,
) -> Letter:
    """Return the letter for this act, waiting to be sent once the caller's transaction is kept.

    The same key is the same letter: an act that is done twice writes one. `facts` are JSON
    values: instants in ISO 8601, links as their secrets. What is said of the same thing (`about`) and has
    not left yet is taken back: this letter tells how it stands now. With `is_sent` false a row is written,
    dropped from the start: for an address that nobody knows as much is done as for a known one.
    `is_first` says that what it tells of was made in this same transaction: nothing was written before.
    """
    if about is not None and not is_first:
        overtake(session, clock, key=key, about=about, channel=channel)
    now = clock()
    letter = fresh(
        Letter,
        key=key,
        message_id=new_uid(),
        channel=channel,
        policy=policy,
        state=LetterState.WAITING if is_sent else LetterState.DROPPED,
        template=template,
        language=language,
        library_id=library_id,
        address=address if is_sent else None,
        about=about,
        facts=facts if is_sent else {},
        written_at=now,
        next_try_at=not_before or now,
        gone_at=None if is_sent else now,
    )
    # Where nothing was written before, nobody looks at the letter again in this transaction.
    if not store_once(session, letter, key="key", is_followed=not is_first):
        return session.scalars(select(Letter).where(Letter.key == key)).one()
    session.info["letters_wait"] = True
    return letter


def claim_next(session: Session, clock: Clock, *, silent: Collection[Channel] = frozenset()) -> Letter | None:
    """Return the letter that has waited longest, leased to this worker; nothing when none is due.

    Those that travel by a channel that is silent just now wait on.
    """
    letter = session.scalar(claimable(clock(), silent=silent))
    if letter is None:
        return None
    _move(letter, LetterState.SENDING)
    letter.attempts += 1
    letter.leased_until = clock() + LEASE
    return letter


def note_posted(session: Session, clock: Clock, *, letter_id: int, attempt: int) -> None:
    """Note that the letter has gone, and forget to whom and about whom it was."""
    letter = _leased(session, letter_id, attempt)
    if letter is not None:
        _move(letter, LetterState.SENT)
        _empty(letter, clock())


def note_unwanted(session: Session, clock: Clock, *, letter_id: int, attempt: int) -> None:
    """Note that the installation sends nothing by this letter's channel, and forget whom it was for."""
    letter = _leased(session, letter_id, attempt)
    if letter is not None:
        _move(letter, LetterState.DROPPED)
        _empty(letter, clock())


def let_go(clock: Clock, *, letter: Letter, reason: LetGo) -> None:
    """Drop a letter that was just taken to be sent, as it tells what is not so any more; the reason stays."""
    _move(letter, LetterState.DROPPED)
    _empty(letter, clock())
    letter.last_trouble = reason.value


def note_failed(session: Session, clock: Clock, *, letter_id: int, attempt: int, trouble: Trouble) -> None:
    """Let the letter wait for its next try, or show it to a person when trying alone will not help."""
    letter = _leased(session, letter_id, attempt)
    if letter is not None:
        _give_back(letter, trouble, clock(), next_try_at(attempts=letter.attempts, now=clock()))


def end_leases(session: Session, clock: Clock) -> int:
    """Take letters back from workers that died while sending; return how many.

    Nobody knows whether such a letter left. One that may come twice waits again under the same
    Message-ID; one that must not is shown to staff as uncertain. One that ends every worker
    is parked at last, like any other that cannot leave.
    """
    letters = session.scalars(leases_over(clock())).all()
    for letter in letters:
        _give_back(letter, Trouble.WORKER_DIED, clock(), clock())
    return len(letters)


def send_again(
    session: Session, clock: Clock, *, letter_id: int, library_ids: Collection[int | None]
) -> None:
    """Let a parked or uncertain letter wait once more. Refuses LetterHasGone; NotFound for a stranger's."""
    letter = get_own_letter(session, letter_id, library_ids=library_ids)
    _move(letter, LetterState.WAITING)
    letter.attempts = 0
    letter.next_try_at = clock()
    session.info["letters_wait"] = True


def drop_letter(
    session: Session, clock: Clock, *, letter_id: int, library_ids: Collection[int | None]
) -> None:
    """Give a parked or uncertain letter up. Refuses LetterHasGone, or NotFound for a stranger's."""
    letter = get_own_letter(session, letter_id, library_ids=library_ids)
    _move(letter, LetterState.DROPPED)
    _empty(letter, clock())


def take_letters_back(session: Session, clock: Clock, *, abouts: Collection[str]) -> int:
    """Take back what tells of these and has not left yet; return how many letters that were."""
    if not abouts:
        return 0
    waits = select(Letter).where(Letter.about.in_(abouts), Letter.state == LetterState.WAITING)
    letters = session.scalars(waits.with_for_update(skip_locked=True)).all()
    for letter in letters:
        _move(letter, LetterState.DROPPED)
        _empty(letter, clock())
    return len(letters)


def take_waiting_back(session: Session, clock: Clock, *, keys_begin: str, not_before: datetime) -> int:
    """Take back what was written under such keys, not to leave before then; return how many letters."""
    waits = select(Letter).where(
        Letter.state == LetterState.WAITING,
        Letter.next_try_at >= not_before,
        Letter.key.startswith(keys_begin, autoescape=True),
    )
    letters = session.scalars(waits.with_for_update(skip_locked=True)).all()
    for letter in letters:
        _move(letter, LetterState.DROPPED)
        _empty(letter, clock())
    return len(letters)


def take_texts_back(session: Session, clock: Clock, *, phone: str) -> int:
    """Take text messages back that wait to go to this number, as nobody wants them there; return how many."""
    waits = select(Letter).where(
        Letter.address == phone, Letter.channel == Channel.SMS, Letter.state == LetterState.WAITING
    )
    texts = session.scalars(waits.with_for_update(skip_locked=True)).all()
    for text in texts:
        _move(text, LetterState.DROPPED)
        _empty(text, clock())
    return len(texts)


def forget_letters_to(
    session: Session,
    clock: Clock,
    *,
    address: str | None,
    phone: str | None = None,
    abouts: Collection[str] = (),
) -> int:
    """Take an erased person's address and facts out of every letter that is still here; return how many.

    So is done with letters to others that tell of these (`abouts`).
    """
    tells_of_it = and_(Letter.about.in_(abouts), Letter.address.is_not(None))
    theirs = or_(Letter.address.in_([each for each in (address, phone) if each]), tells_of_it)
    letters = session.scalars(select(Letter).where(theirs)).all()
    for letter in letters:
        if letter.state is not LetterState.SENDING:
            _move(letter, LetterState.DROPPED)
        _empty(letter, clock())
    return len(letters)


def forget_old_letters(session: Session, clock: Clock) -> int:
    """Give up letters that nobody saw to for a month, drop rows of those long gone; return how many."""
    letters = session.scalars(neglected(clock() - GIVEN_UP_AFTER)).all()
    for letter in letters:
        _move(letter, LetterState.DROPPED)
        _empty(letter, clock())
    done = session.execute(delete(Letter).where(Letter.gone_at < clock() - FORGOTTEN_AFTER))
    return len(letters) + (done.rowcount if isinstance(done, CursorResult) else 0)


def _give_back(letter: Letter, trouble: Trouble, now: datetime, next_try: datetime) -> None:
    if letter.address is None:  # its reader was erased while it was on its way
        _move(letter, LetterState.DROPPED)
        _empty(letter, now)
        return
    _move(letter, after_trouble(trouble, policy=letter.policy, attempts=letter.attempts))
    letter.last_trouble = trouble.value
    letter.next_try_at = next_try


def _leased(session: Session, letter_id: int, attempt: int) -> Letter | None:
    # A worker that slept past its lease must not speak for the one that took over.
    letter = session.get(Letter, letter_id, with_for_update=True)
    mine = letter is not None and letter.state is LetterState.SENDING and letter.attempts == attempt
    return letter if mine else None


def _move(letter: Letter, wanted: LetterState) -> None:
    check_move(letter.state, wanted)
    letter.state = wanted
    letter.leased_until = None


def _empty(letter: Letter, now: datetime) -> None:
    letter.address = None
    letter.facts = {}
    letter.gone_at = now
