"""Finding what machines and other sites ask for: what is public, and nothing else."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload, selectinload

from booking.activities.audience import Audience, Span, ages_shown
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import is_public, public_meetings
from booking.errors import NotFound
from booking.libraries.models import Library
from booking.libraries.queries import find_library_by_slug
from booking.whats_on.wish_rules import Wish

_NO_LEAST, _NO_MOST = 0, 999


def get_wished_library(session: Session, wish: Wish) -> Library | None:
    """Return the library that is asked for, or nothing for all; NotFound for one that there is not."""
    if wish.library is None:
        return None
    library = find_library_by_slug(session, wish.library)
    if library is None:
        raise NotFound
    return library


def wished_meetings(
    session: Session, wish: Wish, *, now: datetime, most: int | None = None
) -> Sequence[Meeting]:
    """Return the public meetings that are not over and fit the wish, the next one first."""
    wanted = public_meetings().where(Meeting.ends_at > now, *_fits(wish))
    if wish.mode is not None:
        wanted = wanted.where(Occasion.mode == wish.mode)
    return session.scalars(wanted.limit(most)).all()


def newest_activities(session: Session, wish: Wish, *, most: int) -> Sequence[Activity]:
    """Return the public activities that fit the wish, the one published last first, with their dates."""
    wanted = (
        select(Activity)
        .join(Activity.library)
        .where(is_public(), Activity.published_at.is_not(None), *_fits(wish))
        .options(
            joinedload(Activity.library),
            selectinload(Activity.texts),
            selectinload(Activity.occasions).selectinload(Occasion.meetings),
        )
        .order_by(Activity.published_at.desc(), Activity.id.desc())
        .limit(most)
    )
    return session.scalars(wanted).all()


def pages_of_activities(
    session: Session, *, over_before: datetime, most: int
) -> Sequence[tuple[str, datetime]]:
    """Return the address word of each public activity that is not long over, and when it last changed."""
    changed_at = func.max(Meeting.changed_at)
    wanted = (
        select(Activity.slug, Activity.changed_at, changed_at)
        .join(Activity.occasions)
        .join(Occasion.meetings)
        .where(is_public())
        .group_by(Activity.id, Activity.slug, Activity.changed_at)
        .having(func.max(Meeting.ends_at) > over_before)
        .order_by(func.max(Meeting.ends_at).desc(), Activity.id)
        .limit(most)
    )
    return [(slug, max(changed, moved)) for slug, changed, moved in session.execute(wanted)]


def is_for_grade(grade: int) -> ColumnElement[bool]:
    """Return the condition that an activity is for the grade; one that is for everyone is."""
    by_grade = or_(Activity.grade_from.is_not(None), Activity.grade_to.is_not(None))
    age = ages_shown(Audience(grades=Span(least=grade, most=grade), ages=Span())).least or 0
    return or_(
        and_(by_grade, _holds(Activity.grade_from, Activity.grade_to, grade)),
        and_(~by_grade, _holds(Activity.age_from, Activity.age_to, age)),
    )


def _fits(wish: Wish) -> list[ColumnElement[bool]]:
    conditions = []
    if wish.library is not None:
        conditions.append(Library.slug == wish.library)
    if wish.grade is not None:
        conditions.append(is_for_grade(wish.grade))
    return conditions


def _holds(
    least: InstrumentedAttribute[int | None], most: InstrumentedAttribute[int | None], number: int
) -> ColumnElement[bool]:
    return and_(func.coalesce(least, _NO_LEAST) <= number, func.coalesce(most, _NO_MOST) >= number)
