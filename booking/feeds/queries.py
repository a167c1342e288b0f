"""Finding what stands in a feed: what is public, and nothing else."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting
from booking.activities.queries import public_meetings
from booking.errors import NotFound
from booking.feeds.rules import Span
from booking.libraries.models import Library


def meetings_in(
    session: Session, span: Span, *, library_slug: str | None = None, activity_slug: str | None = None
) -> Sequence[Meeting]:
    """Return the public meetings that begin in the span, called-off ones too, in their order."""
    wanted = public_meetings().where(Meeting.starts_at >= span.starts, Meeting.starts_at < span.ends)
    if library_slug is not None:
        wanted = wanted.where(Library.slug == library_slug)
    if activity_slug is not None:
        wanted = wanted.where(Activity.slug == activity_slug)
    return session.scalars(wanted).all()


def get_public_meeting(session: Session, uid: str) -> Meeting:
    """Return the meeting, or raise NotFound for drafts and strangers alike."""
    meeting = session.scalar(public_meetings().where(Meeting.uid == uid))
    if meeting is None:
        raise NotFound
    return meeting
