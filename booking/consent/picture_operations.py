"""When a yes to pictures has ended: somebody is to take them down, and it stays open until they have."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from sqlalchemy import CursorResult, delete, select, tuple_
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.rules import MeetingState
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.models import Consent, PictureTask
from booking.consent.picture_queries import get_own_task
from booking.consent.rules import TakenDownFor, WordingPurpose
from booking.consent.standing import PHOTOS
from booking.consent.standing_queries import Key, is_standing, newest_consents

# That pictures were taken down, and by whom, can be looked up for a year.
_KEPT_WHEN_DONE: Final = timedelta(days=365)


def ask_to_take_down(
    session: Session, clock: Clock, *, consents: Collection[Consent], reason: TakenDownFor
) -> int:
    """Let staff know that pictures are to be taken down, as these have ended; return how many tasks that is.

    Before the first meeting no pictures were taken, and there is nothing to do. Twice is once.
    """
    of_pictures = [each for each in consents if each.purpose in PHOTOS and each.occasion_id is not None]
    if not of_pictures:
        return 0
    begun = _begun(session, clock, {each.occasion_id for each in of_pictures if each.occasion_id})
    keys = {_key(each, reason): each for each in of_pictures if each.occasion_id in begun}
    new = keys.keys() - _open_already(session, begun)
    session.add_all(_task(clock, keys[key], reason) for key in sorted(new, key=str))
    session.flush()
    return len(new)


def ask_to_take_down_of_erased(session: Session, clock: Clock, *, participant_ids: Collection[int]) -> int:
    """Let staff know that pictures of somebody who is being erased are to go, without a word of who it is."""
    newest = newest_consents(session, participant_ids=participant_ids).values()
    standing = [each for each in newest if is_standing(each, clock())]
    return ask_to_take_down(session, clock, consents=standing, reason=TakenDownFor.ERASED)


def note_taken_down(
    session: Session, clock: Clock, *, task_id: int, library_ids: Collection[int], account_id: int
) -> None:
    """Note that the pictures are down, by whom and when; twice is once. NotFound for another library's."""
    task = get_own_task(session, task_id, library_ids=library_ids)
    if task.done_at is not None:
        return
    task.done_at, task.account_id = clock(), account_id
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action="pictures_taken_down",
        subject="occasion",
        subject_id=task.occasion_id,
        account_id=account_id,
        library_id=task.library_id,
        facts={"purpose": task.purpose.value, "task": task.id},
    )


def drop_tasks(session: Session, *, keys: Collection[Key]) -> None:
    """Drop what is open about these: somebody has said yes to the pictures again."""
    if keys:
        about = tuple_(PictureTask.participant_id, PictureTask.purpose, PictureTask.occasion_id)
        session.execute(delete(PictureTask).where(about.in_(list(keys)), PictureTask.done_at.is_(None)))


def forget_old_tasks(session: Session, clock: Clock) -> int:
    """Forget tasks that were done a year ago; return how many."""
    done = session.execute(delete(PictureTask).where(PictureTask.done_at < clock() - _KEPT_WHEN_DONE))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _begun(session: Session, clock: Clock, occasion_ids: Collection[int]) -> frozenset[int]:
    has_begun = (
        Meeting.occasion_id.in_(occasion_ids),
        Meeting.starts_at <= clock(),
        Meeting.state != MeetingState.CALLED_OFF,
    )
    return frozenset(session.scalars(select(Meeting.occasion_id).where(*has_begun).distinct()))


def _open_already(session: Session, occasion_ids: Collection[int]) -> set[tuple[int | None, str, int]]:
    is_open = (PictureTask.occasion_id.in_(occasion_ids), PictureTask.done_at.is_(None))
    found = session.execute(
        select(PictureTask.participant_id, PictureTask.purpose, PictureTask.occasion_id).where(*is_open)
    )
    return {(child, purpose.value, occasion) for child, purpose, occasion in found}


def _key(consent: Consent, reason: TakenDownFor) -> tuple[int | None, str, int]:
    purpose: WordingPurpose = consent.purpose
    return _child(consent, reason), purpose.value, consent.occasion_id or 0


def _child(consent: Consent, reason: TakenDownFor) -> int | None:
    return None if reason is TakenDownFor.ERASED else consent.participant_id


def _task(clock: Clock, consent: Consent, reason: TakenDownFor) -> PictureTask:
    return PictureTask(
        library_id=consent.library_id,
        occasion_id=consent.occasion_id,
        participant_id=_child(consent, reason),
        purpose=consent.purpose,
        reason=reason,
        opened_at=clock(),
    )
