"""Finding what is on: for everybody, and for the library that it belongs to."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from booking.activities.dates import split_dates
from booking.activities.models import Activity, ActivityText, Meeting, Occasion, Partnership
from booking.activities.planning import Missing, Readiness, missing_before_publishing
from booking.activities.rules import Status, Visibility
from booking.errors import NotFound
from booking.libraries.models import Library
from booking.libraries.rules import Language, best_text
from booking.staff.models import Account

Row = TypeVar("Row")

# Invited-only and internal activities are found by nobody who guesses an address.
IS_PUBLIC = (Activity.status == Status.PUBLISHED, Activity.visibility == Visibility.PUBLIC)


def open_to(invited_to: int | None) -> ColumnElement[bool]:
    """Return the condition that an activity is for everybody, or is the one that somebody is invited to."""
    is_invited = and_(Activity.visibility == Visibility.BY_LINK, Activity.id == invited_to)
    return and_(
        Activity.status == Status.PUBLISHED, or_(Activity.visibility == Visibility.PUBLIC, is_invited)
    )


def is_open_to(activity: Activity, invited_to: int | None) -> bool:
    """Tell of an activity at hand what `open_to` asks the database."""
    is_invited = activity.visibility is Visibility.BY_LINK and activity.id == invited_to
    return activity.status is Status.PUBLISHED and (activity.visibility is Visibility.PUBLIC or is_invited)


def get_published_occasion(session: Session, occasion_id: int, *, invited_to: int | None = None) -> Occasion:
    """Return the occasion with all that its page shows, or raise NotFound for drafts and strangers alike.

    `invited_to` is the activity that a link invites to, for one that is not for everybody.
    """
    occasion = session.scalar(
        select(Occasion)
        .join(Occasion.activity)
        .where(Occasion.id == occasion_id, open_to(invited_to))
        .options(*_of_occasion(with_notes=True))
    )
    return _found(occasion)


def get_public_activity(session: Session, slug: str) -> Activity:
    """Return the activity with all that its page shows, or raise NotFound if it is not for all."""
    return _found(session.scalar(_whole_activity().where(Activity.slug == slug, *IS_PUBLIC)))


def get_invited_activity(session: Session, activity_id: int) -> Activity:
    """Return the activity that a link invites to, or raise NotFound when it is not shown (any more)."""
    is_it = (Activity.id == activity_id, open_to(activity_id))
    return _found(session.scalar(_whole_activity().where(*is_it)))


def get_previewed_activity(session: Session, activity_id: int) -> Activity:
    """Return the activity that a link shows beforehand, or raise NotFound when it was put away."""
    is_it = (Activity.id == activity_id, Activity.status != Status.ARCHIVED)
    return _found(session.scalar(_whole_activity().where(*is_it)))


def public_meetings() -> Select[Meeting]:
    """Return the question for all public meetings in their order, loaded as cards and calendars need them."""
    return (
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .join(Activity.library)
        .where(*IS_PUBLIC)
        .options(_of_meeting())
        .order_by(Meeting.starts_at, Meeting.id)
    )


def list_libraries(session: Session) -> Sequence[Library]:
    """Return all libraries in the order of their names."""
    return session.scalars(select(Library).order_by(Library.name, Library.id)).all()


def get_library(session: Session, slug: str) -> Library:
    """Return the library with its notes, or raise NotFound."""
    library = session.scalar(select(Library).where(Library.slug == slug).options(selectinload(Library.notes)))
    return _found(library)


def get_own_meeting(session: Session, meeting_id: int, *, library_ids: Collection[int]) -> Meeting:
    """Return a meeting of these libraries, or raise NotFound: another library's does not exist here."""
    meeting = session.scalar(
        _own_meetings(library_ids).where(Meeting.id == meeting_id).options(_of_meeting())
    )
    return _found(meeting)


def get_own_occasion(session: Session, occasion_id: int, *, library_ids: Collection[int]) -> Occasion:
    """Return an occasion of these libraries, or raise NotFound: another library's does not exist here."""
    occasion = session.scalar(
        select(Occasion)
        .join(Occasion.activity)
        .where(Occasion.id == occasion_id, Activity.library_id.in_(library_ids))
        .options(*_of_occasion(with_notes=True))
    )
    return _found(occasion)


def get_own_activity(session: Session, activity_id: int, *, library_ids: Collection[int]) -> Activity:
    """Return an activity of these libraries with all its dates, or raise NotFound."""
    activity = session.scalar(_own_activities(library_ids).where(Activity.id == activity_id))
    return _found(activity)


def take_own_activity(session: Session, activity_id: int, *, library_ids: Collection[int]) -> Activity:
    """Return the activity as `get_own_activity` does, after taking its turn: nobody else changes it now."""
    wanted = _own_activities(library_ids).where(Activity.id == activity_id)
    locked = wanted.with_for_update(of=Activity).execution_options(populate_existing=True)
    return _found(session.scalar(locked))


def own_activities(session: Session, *, library_ids: Collection[int]) -> Sequence[Activity]:
    """Return all activities of these libraries with their dates, drafts and past ones too."""
    return session.scalars(_own_activities(library_ids).order_by(Activity.id)).all()


def meetings_between(
    session: Session, *, library_ids: Collection[int], starts: datetime, ends: datetime
) -> Sequence[Meeting]:
    """Return the meetings of these libraries that begin in the span, the first one first; no drafts."""
    return session.scalars(
        _own_meetings(library_ids)
        .where(Activity.status != Status.DRAFT, Meeting.starts_at >= starts, Meeting.starts_at < ends)
        .options(_of_meeting())
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def unfinished(
    session: Session, *, library_ids: Collection[int], now: datetime
) -> list[tuple[Activity, tuple[Missing, ...]]]:
    """Return the drafts of these libraries, and what is shown and has nobody any more who answers for it.

    Each with what it lacks; what is over lacks nothing.
    """
    still_to_come = exists().where(
        Meeting.occasion_id == Occasion.id, Occasion.activity_id == Activity.id, Meeting.ends_at > now
    )
    is_left_alone = and_(
        Activity.status == Status.PUBLISHED,
        or_(Activity.responsible_id.is_(None), ~Activity.responsible.has(Account.active.is_(True))),
        still_to_come,
    )
    wanted = _own_activities(library_ids).where(or_(Activity.status == Status.DRAFT, is_left_alone))
    return [(each, missing_in(each, now)) for each in session.scalars(wanted.order_by(Activity.id))]


def titles_and_starts(session: Session, *, library_id: int) -> set[tuple[str, datetime]]:
    """Return each title of the library's activities, in any language, with the start of each date."""
    rows = session.execute(
        select(ActivityText.title, Meeting.starts_at)
        .join(Activity, Activity.id == ActivityText.activity_id)
        .join(Occasion, Occasion.activity_id == Activity.id)
        .join(Meeting, Meeting.occasion_id == Occasion.id)
        .where(Activity.library_id == library_id)
    )
    return {(row[0], row[1]) for row in rows}


def taken_slugs(session: Session, slug: str) -> frozenset[str]:
    """Return the slugs in use that begin like this one."""
    begins_so = Activity.slug.startswith(slug, autoescape=True)
    return frozenset(session.scalars(select(Activity.slug).where(begins_so)))


def missing_in(activity: Activity, now: datetime) -> tuple[Missing, ...]:
    """Return what an activity, loaded as its own library sees it, lacks before it can be published."""
    text = best_text(activity.texts, Language.NB)
    meetings = [meeting for occasion in activity.occasions for meeting in occasion.meetings]
    library = activity.library
    return missing_before_publishing(
        Readiness(
            summary=bool(text.summary),
            body=bool(text.body),
            coming_meeting=split_dates(meetings, now).following is not None,
            room=all(meeting.room for meeting in meetings),
            # Somebody who has left answers for nothing.
            responsible=activity.responsible is not None and activity.responsible.active,
            accessibility=_tells_how_one_gets_in(activity),
            contact=bool(library.email or library.phone),
        )
    )


def _tells_how_one_gets_in(activity: Activity) -> bool:
    # The library's note is about its own house; elsewhere somebody has to look at the stairs anew.
    told = [text.access_note for text in activity.texts]
    notes = [] if activity.place_name else [note.accessibility for note in activity.library.notes]
    return any([*told, *notes])


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _of_occasion(*, with_notes: bool = False) -> tuple[_AbstractLoad, ...]:
    library = joinedload(Activity.library)
    return (
        joinedload(Occasion.activity).options(
            library.selectinload(Library.notes) if with_notes else library, selectinload(Activity.texts)
        ),
        selectinload(Occasion.meetings),
    )


def _of_meeting() -> _AbstractLoad:
    return joinedload(Meeting.occasion).options(*_of_occasion())


def _own_meetings(library_ids: Collection[int]) -> Select[Meeting]:
    return (
        select(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .where(Activity.library_id.in_(library_ids))
    )


def _own_activities(library_ids: Collection[int]) -> Select[Activity]:
    return _whole_activity().where(Activity.library_id.in_(library_ids))


def _whole_activity() -> Select[Activity]:
    return select(Activity).options(
        joinedload(Activity.library).selectinload(Library.notes),
        joinedload(Activity.responsible),
        selectinload(Activity.texts),
        selectinload(Activity.occasions).selectinload(Occasion.meetings),
        selectinload(Activity.partnerships).joinedload(Partnership.partner),
    )
