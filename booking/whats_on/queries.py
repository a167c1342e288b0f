"""Finding what is on: first in brief, to choose from, then whole, to show. Each in one question or a few."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

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
from booking.whats_on.rules import Brief, Title, Wish, fits, says_all, searchable


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
            Library.slug,
            Meeting.room,
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
            library_slug=row[10],
            room=row[11],
        )
        for row in rows
    ]
    found = [brief for brief in briefs if fits(brief, wish)]
    if not wish.words:
        return found
    said = said_about(session, found)
    return [brief for brief in found if says_all(said[brief.activity_id], wish.words)]


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


def titles_of(session: Session, activity_ids: Collection[int]) -> Mapping[int, Sequence[Title]]:
    """Return what activities are called in each of their languages, by the activity's number."""
    rows = session.execute(
        select(ActivityText.activity_id, ActivityText.language, ActivityText.title, Activity.slug)
        .join(ActivityText.activity)
        .where(ActivityText.activity_id.in_(activity_ids))
    )
    titles: dict[int, list[Title]] = {}
    for number, language, title, slug in rows:
        titles.setdefault(number, []).append(Title(language=language, title=title, slug=slug))
    return titles


def get_slug_by_code(session: Session, code: str) -> str:
    """Return where a short code leads, in whatever letters it was typed; NotFound if not to a public page."""
    slug = session.scalar(select(Activity.slug).where(Activity.code == code.upper(), *IS_PUBLIC))
    if slug is None:
        raise NotFound
    return slug


def said_about(session: Session, briefs: Iterable[Brief]) -> Mapping[int, str]:
    """Return all that is written about the activities of these dates, ready to be searched."""
    # Folded here and not in a column: a few hundred texts take milliseconds, and nothing must be kept true.
    said: dict[int, set[str]] = {}
    for brief in briefs:
        said.setdefault(brief.activity_id, set()).add(brief.room)
    texts = session.execute(
        select(
            ActivityText.activity_id,
            ActivityText.title,
            ActivityText.summary,
            ActivityText.body,
            Activity.place_name,
            Library.name,
            Library.town,
        )
        .join(ActivityText.activity)
        .join(Activity.library)
        .where(ActivityText.activity_id.in_(said))
    )
    partners = session.execute(
        select(Partnership.activity_id, Partner.name)
        .join(Partnership.partner)
        .where(Partnership.activity_id.in_(said), Partnership.role != PartnerRole.RECRUITMENT)
    )
    for number, *parts in [*texts, *partners]:
        said[number].update(part for part in parts if part)
    return {number: searchable("\n".join(sorted(parts))) for number, parts in said.items()}


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
