"""Taking the turn at an occasion: until the unit of work ends, nobody else decides about its places.

What an occasion is – its dates, its words, its library – is the programme, and stays while children sign up.
So a process keeps the occasions that it has loaded for as long as the programme is the same, and whoever
takes a turn asks for the occasion's own row only. A whole SQLite database has one turn, and it was taken
when the unit of work began.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Select, select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from booking.activities.models import Activity, ActivityText, Occasion
from booking.activities.queries import is_open_to
from booking.errors import NotFound
from booking.lines import line_of
from booking.prepared import Prepared, hole
from booking.revision import Catalogue, has_changed_programme
from booking.signups.models import Signup
from booking.staff.models import Account


class _Kept(NamedTuple):
    """An occasion as it was loaded, and the values of its own row."""

    row: Sequence[object]
    occasion: Occasion


@dataclass
class _Shelf:
    """The occasions that this process has loaded from one database while it had this programme."""

    programme: str = ""
    occasions: dict[int, _Kept] = field(default_factory=dict)


_SHELVES: Final[WeakKeyDictionary[Dialect, _Shelf]] = WeakKeyDictionary()


def take_open_occasion(session: Session, occasion_id: int, *, invited_to: int | None = None) -> Occasion:
    """Return the occasion, for reading only, if it is for all or the link invites; NotFound otherwise."""
    occasion = _taken(session, _BY_NUMBER, occasion_id, is_followed=False)
    if not is_open_to(occasion.activity, invited_to):
        raise NotFound
    return occasion


def take_occasion(session: Session, occasion_id: int) -> Occasion:
    """Return the occasion with all that a letter tells of it after taking its turn, or raise NotFound."""
    return _taken(session, _BY_NUMBER, occasion_id)


def take_occasion_of(session: Session, signup_id: int, *, is_followed: bool = True) -> Occasion:
    """Return the occasion of a sign-up after taking its turn, as `take_occasion` does.

    One that is not followed is for reading only: what is set on it is never written.
    """
    return _taken(session, _BY_SIGNUP, signup_id, is_followed=is_followed)


def whole_occasions(session: Session, occasion_ids: Collection[int]) -> Mapping[int, Occasion]:
    """Return these occasions by their numbers, with all that a letter tells of them."""
    found = session.scalars(select(Occasion).where(Occasion.id.in_(occasion_ids)).options(*whole()))
    return {occasion.id: occasion for occasion in found.unique()}


def _taken(session: Session, turn: Prepared, number: int, *, is_followed: bool = True) -> Occasion:
    # What this unit of work has changed itself is nobody else's programme yet.
    session.flush()
    row = turn.row(session, {"number": number})
    if row is None:
        raise NotFound
    programme, occasion_id = row[-1], row[0]
    if has_changed_programme(session):
        return _loaded(session, occasion_id)
    shelf = _shelf_of(session, programme)
    kept = shelf.occasions.get(occasion_id)
    # The row is as it was when the turn came; the rest as it was when the turn was asked for.
    if kept is None or kept.row != row:
        kept = shelf.occasions[occasion_id] = _Kept(row, _apart(_loaded(session, occasion_id)))
    return session.merge(kept.occasion, load=False) if is_followed else kept.occasion


def _shelf_of(session: Session, programme: str) -> _Shelf:
    # Each database that a process is connected to has a dialect of its own.
    database = line_of(session).dialect
    shelf = _SHELVES.get(database)
    if shelf is None or shelf.programme != programme:
        shelf = _SHELVES[database] = _Shelf(programme)
    return shelf


def _loaded(session: Session, occasion_id: int) -> Occasion:
    wanted = select(Occasion).where(Occasion.id == occasion_id).options(*whole())
    return session.scalars(wanted.execution_options(populate_existing=True)).unique().one()


def _apart(occasion: Occasion) -> Occasion:
    """Return a copy that belongs to no session: many threads read it, and none can write through it."""
    with Session() as nowhere:
        return nowhere.merge(occasion, load=False)


def whole() -> tuple[_AbstractLoad, ...]:
    """Return what loads all that a letter tells of an occasion."""
    # One question for it all: while it is asked, everybody else waits for the occasion's turn.
    words = joinedload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    responsible = joinedload(Activity.responsible).load_only(Account.name)
    return (
        joinedload(Occasion.activity).options(joinedload(Activity.library), responsible, words),
        joinedload(Occasion.meetings),
    )


def _turn() -> Select[*tuple[Any, ...]]:
    columns = Occasion.__table__.columns
    return (
        select(*columns, Catalogue.programme)
        .select_from(Occasion)
        .join(Catalogue, Catalogue.id == Catalogue.id)
        .with_for_update(of=Occasion.__table__)
    )


_NUMBER: Final = hole("number", Occasion.id)
_BY_NUMBER: Final = Prepared(_turn().where(Occasion.id == _NUMBER))
_OF_SIGNUP: Final = select(Signup.occasion_id).where(Signup.id == _NUMBER).scalar_subquery()
_BY_SIGNUP: Final = Prepared(_turn().where(Occasion.id == _OF_SIGNUP))
