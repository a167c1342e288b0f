"""Finding what is on: first in brief, to choose from, then whole, to show. Each in one question or a few."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.audience import audience_of
from booking.activities.models import Activity, ActivityText, Meeting, Occasion, Partnership
from booking.activities.queries import IS_PUBLIC
from booking.activities.rules import MeetingState
from booking.activities.showing import Card, cards_of
from booking.clock import instant_at
from booking.errors import NotFound
from booking.libraries.models import Library
from booking.partners.models import Partner
from booking.partners.rules import PartnerRole
from booking.signups.queries import places_of
from booking.whats_on.rules import Brief, Wish, fits, folded, says_all


def briefs_for(session: Session, wish: Wish, *, now: datetime | None = None) -> list[Brief]:
    """Return the public dates that were wished for, in their order; from `now` on those that are not over."""
    conditions = [*IS_PUBLIC, *_span(wish)]
    if now is not None:
        conditions.append(Meeting.ends_at > now)
    if wish.library is not None:
        conditions.append(Library.slug == wish.library)
    rows = session.execute(
        select(
            Meeting.id,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.state,
            Occasion.mode,
            Activity.id,
            Activity.grade_from,
            Activity.grade_to,
            Activity.age_from,
            Activity.age_to,
        )
        .select_from(Meeting)
        .join(Meeting.occasion)
        .join(Occasion.activity)
        .join(Activity.library)
        .where(*conditions)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    briefs = [
        Brief(
            meeting_id=row[0],
            starts_at=row[1],
            ends_at=row[2],
            state=row[3],
            mode=row[4],
            activity_id=row[5],
            audience=audience_of(grade_from=row[6], grade_to=row[7], age_from=row[8], age_to=row[9]),
        )
        for row in rows
    ]
    found = [brief for brief in briefs if fits(brief, wish)]
    return _saying(session, found, wish) if wish.words else found


def cards_for(session: Session, briefs: Iterable[Brief], *, language: str, now: datetime) -> list[Card]:
    """Return a card for each of the dates, in the order given."""
    order = {brief.meeting_id: place for place, brief in enumerate(briefs)}
    if not order:
        return []
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.id.in_(order))
        .options(
            joinedload(Meeting.occasion)
            .joinedload(Occasion.activity)
            .options(joinedload(Activity.library), selectinload(Activity.texts))
        )
    ).all()
    occasions = {meeting.occasion_id: meeting.occasion for meeting in meetings}
    places = places_of(session, {number for number, each in occasions.items() if each.capacity is not None})
    starts = first_starts(session, occasions)
    in_order = sorted(meetings, key=lambda meeting: order[meeting.id])
    return cards_of(in_order, language=language, now=now, places=places, starts=starts)


def first_starts(session: Session, occasion_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return when the first date of each occasion that is on begins; an occasion without one is left out."""
    rows = session.execute(
        select(Meeting.occasion_id, func.min(Meeting.starts_at))
        .where(Meeting.occasion_id.in_(occasion_ids), Meeting.state != MeetingState.CALLED_OFF)
        .group_by(Meeting.occasion_id)
    )
    return {row[0]: row[1] for row in rows}


def texts_of(session: Session, activity_ids: Collection[int]) -> Mapping[int, Sequence[ActivityText]]:
    """Return the texts of activities, by the activity's number."""
    texts: dict[int, list[ActivityText]] = {}
    for text in session.scalars(select(ActivityText).where(ActivityText.activity_id.in_(activity_ids))):
        texts.setdefault(text.activity_id, []).append(text)
    return texts


def slugs_of(session: Session, activity_ids: Collection[int]) -> Mapping[int, str]:
    """Return the pieces of address of activities, by the activity's number."""
    rows = session.execute(select(Activity.id, Activity.slug).where(Activity.id.in_(activity_ids)))
    return {row[0]: row[1] for row in rows}


def municipality_of(session: Session, library_slug: str | None) -> str:
    """Return the code of a library's municipality; without a library there are no breaks to show."""
    return session.scalar(select(Library.municipality_code).where(Library.slug == library_slug)) or ""


def get_slug_by_code(session: Session, code: str) -> str:
    """Return where a short code leads, in whatever letters it was typed; NotFound if not to a public page."""
    slug = session.scalar(select(Activity.slug).where(Activity.code == code.upper(), *IS_PUBLIC))
    if slug is None:
        raise NotFound
    return slug


def _saying(session: Session, briefs: list[Brief], wish: Wish) -> list[Brief]:
    words = [folded(word) for word in wish.words]
    said = _said(session, {brief.activity_id for brief in briefs})
    return [brief for brief in briefs if says_all(said.get(brief.activity_id, ""), words)]


def _said(session: Session, activity_ids: Collection[int]) -> dict[int, str]:
    # Folded here and not in a column: a few hundred texts take milliseconds, and nothing must be kept true.
    texts = session.execute(
        select(
            ActivityText.activity_id,
            ActivityText.title,
            ActivityText.summary,
            ActivityText.body,
            Library.name,
            Library.town,
        )
        .join(ActivityText.activity)
        .join(Activity.library)
        .where(ActivityText.activity_id.in_(activity_ids))
    )
    rooms = session.execute(
        select(Occasion.activity_id, Meeting.room)
        .join(Meeting.occasion)
        .where(Occasion.activity_id.in_(activity_ids))
        .distinct()
    )
    partners = session.execute(
        select(Partnership.activity_id, Partner.name)
        .join(Partnership.partner)
        .where(Partnership.activity_id.in_(activity_ids), Partnership.role != PartnerRole.RECRUITMENT)
    )
    said: dict[int, list[str]] = {}
    for row in [*texts, *rooms, *partners]:
        said.setdefault(cast("int", row[0]), []).extend(cast("Sequence[str]", row[1:]))
    return {number: folded("\n".join(parts)) for number, parts in said.items()}


def _span(wish: Wish) -> list[ColumnElement[bool]]:
    # A day wider than asked: an hour between two and three may belong to either side of a change of clock.
    conditions: list[ColumnElement[bool]] = []
    if wish.first_on is not None:
        conditions.append(Meeting.starts_at >= _at(wish.first_on, -1))
    if wish.last_on is not None:
        conditions.append(Meeting.starts_at < _at(wish.last_on, 2))
    return conditions


def _at(day: date, by: int) -> datetime:
    # At noon, which every day has, and far from the ends of the calendar.
    near = min(max(day, date(1900, 1, 1)), date(2200, 1, 1))
    return instant_at(near + timedelta(days=by), time(12))
