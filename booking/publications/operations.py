"""Letting figures out: once for each month, a week after it ended, and never otherwise."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.clock import Clock, local_date
from booking.libraries.models import Library
from booking.participation.figures import Period, Scope, half_year_of
from booking.publications.counting_queries import (
    bookable,
    counted,
    counted_once,
    first_day_of_facts,
    gatherings,
    held_by_library,
)
from booking.publications.gate import Told, decide
from booking.publications.ledger import Block, HalfYear, Key, Place, added_since, made_to_fit
from booking.publications.ledger_queries import blocks_of, month_code
from booking.publications.models import CountedPart, Publication, PublishedCell, RoomKnown
from booking.publications.protection import Rule
from booking.publications.queries import publications, words_gone
from booking.publications.room import Crowd, room_of
from booking.publications.tables import ALL, ELSEWHERE, GRACE


@dataclass(frozen=True, kw_only=True)
class Due:
    """A month that is to be let out, of this half-year and through this day."""

    period: Period
    through_on: date

    @property
    def month(self) -> Period:
        """The days of the month."""
        return Period(first=self.through_on.replace(day=1), last=self.through_on)


class LibraryRenamed(Exception):  # noqa: N818 – it stops the job, and the log tells why
    """A library that has figures in this half-year stands under another word: they would be told twice."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What is to be let out, before it is."""

    due: Due
    rule: Rule
    added: Mapping[Key, int]
    room: Mapping[Crowd, int]
    told: Mapping[Place, Told]


def decide_figures(
    session: Session, clock: Clock, *, rule: Rule, leaving_out: Collection[str]
) -> Decided | None:
    """Decide on the earliest month that is due, if one is. It writes nothing: it may take its time.

    Raises LibraryRenamed.
    """
    due = next(_due_months(session, today=local_date(clock())), None)
    libraries = session.scalars(select(Library).order_by(Library.slug)).all()
    if due is None or not libraries:
        return None
    past = blocks_of(session, period=due.period)
    _check_names(session, due.period)
    scope = Scope(library_ids=[each.id for each in libraries], period=due.period, leaving_out=leaving_out)
    half_year = _half_year(session, due, libraries, past, scope)
    rule = rule.after([each.least_count for each in publications(session, period=due.period)])
    told = decide(half_year, rule, held=_held(session, due, libraries, scope))
    newest = half_year.blocks[-1]
    return Decided(due=due, rule=rule, added=newest.added, room=newest.room, told=told)


def publish_figures(session: Session, clock: Clock, *, decided: Decided | None) -> int:
    """Let out what was decided, whole or not at all; nothing when somebody else was quicker."""
    # Whoever publishes at the same time waits here, and then finds it done.
    session.execute(select(Library.id).order_by(Library.id).with_for_update(key_share=True))
    if decided is None or decided.due != next(_due_months(session, today=local_date(clock())), None):
        return 0
    publication = Publication(
        first_on=decided.due.period.first,
        last_on=decided.due.period.last,
        through_on=decided.due.through_on,
        published_at=clock(),
        least_count=decided.rule.least_count,
        rule_version=decided.rule.version,
    )
    session.add(publication)
    session.flush()
    _keep(session, publication, decided)
    return 1


def _check_names(session: Session, period: Period) -> None:
    if gone := words_gone(session, period=period):
        message = f"no figures are let out until the word in the address is again: {', '.join(gone)}"
        raise LibraryRenamed(message)


def _due_months(session: Session, *, today: date) -> Iterator[Due]:
    first = first_day_of_facts(session)
    published: dict[date, date] = {}
    for row in session.execute(select(Publication.first_on, Publication.through_on)):
        published[row.first_on] = max(row.through_on, published.get(row.first_on, row.through_on))
    if first is not None:
        for through_on in _month_ends(half_year_of(first).first, today - GRACE):
            period = half_year_of(through_on)
            if through_on > published.get(period.first, date.min):
                yield Due(period=period, through_on=through_on)


def _month_ends(first: date, before: date) -> Iterator[date]:
    starts = (date(year, month, 1) for year in range(first.year, before.year + 2) for month in range(1, 13))
    for start, following in pairwise(starts):
        if start >= first and following <= before:
            yield following - timedelta(days=1)


def _half_year(
    session: Session, due: Due, libraries: Sequence[Library], past: Sequence[Block], scope: Scope
) -> HalfYear:
    slugs = {each.id: each.slug for each in libraries}
    municipalities = (*sorted({each.municipality_code for each in libraries}), ELSEWHERE)
    so_far = Scope(
        library_ids=scope.library_ids,
        period=Period(first=due.period.first, last=due.through_on),
        leaving_out=scope.leaving_out,
    )
    added = added_since(past, counted(session, scope=so_far, slugs=slugs))
    room = _room(session, due, so_far, slugs)
    is_over = due.through_on == due.period.last
    if is_over:
        once = counted_once(session, scope=so_far, slugs=slugs, municipalities=municipalities)
        added = {**added, **made_to_fit(once, [*past, Block(month="", added=added)], slugs.values())}
    return HalfYear(
        libraries=tuple(slugs.values()),
        municipalities=municipalities,
        blocks=(*past, Block(month=month_code(due.through_on), added=added, room=room)),
        is_over=is_over,
    )


def _room(session: Session, due: Due, so_far: Scope, slugs: Mapping[int, str]) -> Mapping[Crowd, int]:
    """Return how many there could have been of whoever is counted with the month, and have booked so far."""
    earlier = publications(session, period=due.period)
    since = earlier[0].published_at if earlier else None
    held = gatherings(session, scope=so_far, slugs=slugs, month=due.month, since=since)
    return {**room_of(held), **bookable(session, scope=so_far, slugs=slugs)}


def _held(
    session: Session, due: Due, libraries: Sequence[Library], scope: Scope
) -> Mapping[str, frozenset[str]]:
    """Return which libraries held a meeting: in the month, and in the half-year so far."""
    found = {}
    for name, first in ((month_code(due.through_on), due.month.first), (ALL, due.period.first)):
        days = Period(first=first, last=due.through_on)
        part = Scope(library_ids=scope.library_ids, period=days, leaving_out=scope.leaving_out)
        held = held_by_library(session, scope=part)
        found[name] = frozenset(each.slug for each in libraries if each.id in held)
    return found


def _keep(session: Session, publication: Publication, decided: Decided) -> None:
    for (measure, row, column), persons in decided.added.items():
        if persons:
            session.add(
                CountedPart(
                    publication_id=publication.id,
                    measure=measure,
                    row_code=row,
                    column_code=column,
                    persons=persons,
                )
            )
    for (row, kind, bands), persons in decided.room.items():
        here = {"row_code": row, "kind": kind, "bands": ",".join(bands)}
        session.add(RoomKnown(publication_id=publication.id, **here, persons=persons))
    for (table, row, column), figure in decided.told.items():
        session.add(
            PublishedCell(
                publication_id=publication.id,
                table_code=table,
                row_code=row,
                column_code=column,
                state=figure.state,
                value=figure.value,
            )
        )
    session.flush()
