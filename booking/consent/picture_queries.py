"""Finding pictures that are to be taken down, and those that were."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.consent.models import PictureTask
from booking.consent.standing_queries import Key
from booking.errors import NotFound


def open_tasks(session: Session, *, library_ids: Collection[int]) -> Sequence[PictureTask]:
    """Return what is to be taken down at these libraries, the oldest first."""
    return session.scalars(
        select(PictureTask)
        .where(PictureTask.library_id.in_(library_ids), PictureTask.done_at.is_(None))
        .order_by(PictureTask.opened_at, PictureTask.id)
    ).all()


def done_tasks(session: Session, *, library_ids: Collection[int], most: int) -> Sequence[PictureTask]:
    """Return what was taken down at these libraries, the newest first."""
    return session.scalars(
        select(PictureTask)
        .where(PictureTask.library_id.in_(library_ids), PictureTask.done_at.is_not(None))
        .order_by(PictureTask.done_at.desc(), PictureTask.id.desc())
        .limit(most)
    ).all()


def count_open_tasks(session: Session, *, library_ids: Collection[int]) -> int:
    """Return how much is to be taken down at these libraries."""
    is_open = (PictureTask.library_id.in_(library_ids), PictureTask.done_at.is_(None))
    return session.scalar(select(func.count(PictureTask.id)).where(*is_open)) or 0


def tasks_of(session: Session, *, participant_ids: Collection[int]) -> Mapping[Key, PictureTask]:
    """Return the newest task about each consent of these children."""
    found = session.scalars(
        select(PictureTask).where(PictureTask.participant_id.in_(participant_ids)).order_by(PictureTask.id)
    )
    return {(task.participant_id or 0, task.purpose, task.occasion_id): task for task in found}


def get_own_task(session: Session, task_id: int, *, library_ids: Collection[int]) -> PictureTask:
    """Return a task of one of these libraries, or raise NotFound."""
    own = (PictureTask.id == task_id, PictureTask.library_id.in_(library_ids))
    task = session.scalar(select(PictureTask).where(*own).with_for_update())
    if task is None:
        raise NotFound
    return task
