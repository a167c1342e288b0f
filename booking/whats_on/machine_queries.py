"""Finding what machines ask for: what is public, and nothing else."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import IS_PUBLIC
from booking.libraries.models import Library
from booking.whats_on.queries import briefs_for
from booking.whats_on.rules import Wish

# How far back a date may lie that makes its activity one for a grade.
_LATELY: Final = timedelta(days=365)


def newest_activities(session: Session, wish: Wish, *, now: datetime, most: int) -> Sequence[Activity]:
    """Return the public activities that were wished for, the one published last first, with their dates."""
    wanted = (
        select(Activity)
        .join(Activity.library)
        .where(*IS_PUBLIC, Activity.published_at.is_not(None))
        .options(
            joinedload(Activity.library),
            selectinload(Activity.texts),
            selectinload(Activity.occasions).selectinload(Occasion.meetings),
        )
        .order_by(Activity.published_at.desc(), Activity.id.desc())
        .limit(most)
    )
    if wish.library is not None:
        wanted = wanted.where(Library.slug == wish.library)
    if wish.grade is not None:
        fitting = {brief.activity_id for brief in briefs_for(session, wish, now=now - _LATELY)}
        wanted = wanted.where(Activity.id.in_(fitting))
    return session.scalars(wanted).all()


def pages_of_activities(
    session: Session, *, over_before: datetime, most: int
) -> Sequence[tuple[str, datetime]]:
    """Return the address word of each public activity that is not long over, and when it last changed."""
    wanted = (
        select(Activity.slug, Activity.changed_at, func.max(Meeting.changed_at))
        .join(Activity.occasions)
        .join(Occasion.meetings)
        .where(*IS_PUBLIC)
        .group_by(Activity.id, Activity.slug, Activity.changed_at)
        .having(func.max(Meeting.ends_at) > over_before)
        .order_by(func.max(Meeting.ends_at).desc(), Activity.id)
        .limit(most)
    )
    return [(slug, max(changed, moved)) for slug, changed, moved in session.execute(wanted)]
