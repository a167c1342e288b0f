"""Finding what the project itself meets about: internal meetings, whichever library put them up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import Kind, Status, Visibility

IS_OF_THE_PROJECT = and_(Activity.kind == Kind.INTERNAL_MEETING, Activity.visibility == Visibility.INTERNAL)


def project_meetings(session: Session, *, starts: datetime, ends: datetime) -> Sequence[Meeting]:
    """Return the project's meetings that begin in the span, called-off ones too, with title and library."""
    activity = joinedload(Meeting.occasion).joinedload(Occasion.activity)
    return session.scalars(
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(IS_OF_THE_PROJECT, Activity.status == Status.PUBLISHED)
        .where(Meeting.starts_at >= starts, Meeting.starts_at < ends)
        .options(activity.joinedload(Activity.library), activity.selectinload(Activity.texts))
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()
