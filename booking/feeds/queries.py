"""Finding what stands in a feed: what is public, and nothing else."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from booking.activities.audience import audience_of
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import IS_PUBLIC, public_meetings
from booking.clock import local_date
from booking.errors import NotFound
from booking.feeds.order_rules import Order
from booking.feeds.rules import Span
from booking.libraries.models import Library

_OF_A_DATE = (
    Meeting.uid,
    Meeting.shown_as,
    Meeting.shown_sequence,
    Meeting.shown_at,
    Meeting.starts_at,
    Occasion.mode,
    Activity.grade_from,
    Activity.grade_to,
    Activity.age_from,
    Activity.age_to,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting with as much of it as tells whether its event, as it is seen now, is written already."""

    uid: str
    seen: str
    sequence: int
    changed_at: datetime
    starts_at: datetime


def dates_in(
    session: Session, span: Span, order: Order, *, activity_slug: str | None = None
) -> Sequence[Shown]:
    """Return the public meetings that were ordered and begin in the span, called-off ones too, in order."""
    wanted = (
        select(*_OF_A_DATE)
        .select_from(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(*IS_PUBLIC, Meeting.starts_at >= span.starts, Meeting.starts_at < span.ends)
        .order_by(Meeting.starts_at, Meeting.uid)
    )
    if order.library is not None:
        wanted = wanted.join(Activity.library).where(Library.slug == order.library)
    if activity_slug is not None:
        wanted = wanted.where(Activity.slug == activity_slug)
    return [
        Shown(row.uid, row.shown_as, row.shown_sequence, row.shown_at, row.starts_at)
        for row in session.execute(wanted)
        if order.fits(
            audience_of(
                grade_from=row.grade_from, grade_to=row.grade_to, age_from=row.age_from, age_to=row.age_to
            ),
            row.mode,
            local_date(row.starts_at),
        )
    ]


def whole_meetings(session: Session, uids: Collection[str]) -> Sequence[Meeting]:
    """Return these meetings with all that their events say."""
    wanted = select(Meeting).where(Meeting.uid.in_(uids)).options(_with_all_that_is_said())
    return session.scalars(wanted).all()


def library_names(session: Session) -> Mapping[str, str]:
    """Return what each library is called, by the word in its address."""
    return {row.slug: row.name for row in session.execute(select(Library.slug, Library.name))}


def get_followed_activity(session: Session, slug: str) -> Activity:
    """Return a public activity with its texts and its library, or raise NotFound."""
    activity = session.scalar(
        select(Activity)
        .where(Activity.slug == slug, *IS_PUBLIC)
        .options(joinedload(Activity.library), selectinload(Activity.texts))
    )
    if activity is None:
        raise NotFound
    return activity


def get_public_meeting(session: Session, uid: str) -> Meeting:
    """Return the meeting, or raise NotFound for drafts and strangers alike."""
    meeting = session.scalar(public_meetings().where(Meeting.uid == uid))
    if meeting is None:
        raise NotFound
    return meeting


def _with_all_that_is_said() -> _AbstractLoad:
    activity = joinedload(Meeting.occasion).joinedload(Occasion.activity)
    return activity.options(joinedload(Activity.library), selectinload(Activity.texts))
