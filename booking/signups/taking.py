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

from sqlalchemy import Engine, Select, bindparam, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from booking.activities.models import Activity, ActivityText, Occasion
from booking.activities.queries import is_open_to
from booking.errors import NotFound
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


_SHELVES: Final[WeakKeyDictionary[Engine, _Shelf]] = WeakKeyDictionary()


def take_open_occasion(session: Session, occasion_id: int, *, invited_to: int | None = None) -> Occasion:
    """Return the occasion as `take_occasion` does, if it is for everybody or the link invites to it."""
    occasion = take_occasion(session, occasion_id)
    if not is_open_to(occasion.activity, invited_to):
        raise NotFound
    return occasion


def take_occasion(session: Session, occasion_id: int) -> Occasion:
    """Return the occasion with all that a letter tells of it after taking its turn, or raise NotFound."""
    return _taken(session, _BY_NUMBER, occasion_id)


def take_occasion_of(session: Session, signup_id: int) -> Occasion:
    """Return the occasion of a sign-up after taking its turn, as `take_occasion` does."""
    return _taken(session, _BY_SIGNUP, signup_id)


def whole_occasions(session: Session, occasion_ids: Collection[int]) -> Mapping[int, Occasion]:
    """Return these occasions by their numbers, with all that a letter tells of them."""
    found = session.scalars(select(Occasion).where(Occasion.id.in_(occasion_ids)).options(*whole()))
    return {occasion.id: occasion for occasion in found.unique()}


def _taken(session: Session, turn: Select[*tuple[Any, ...]], number: int) -> Occasion:
    # What this unit of work has changed itself is nobody else's programme yet.
    session.flush()
    found = session.connection().execute(turn, {"number": number}).one_or_none()
    if found is None:
        raise NotFound
    programme, occasion_id, row = found.programme, found.id, tuple(found)
    if has_changed_programme(session):
        return _loaded(session, occasion_id)
    shelf = _shelf_of(session, programme)
    kept = shelf.occasions.get(occasion_id)
    # The row is as it was when the turn came; the rest as it was when the turn was asked for.
    if kept is None or kept.row != row:
        kept = shelf.occasions[occasion_id] = _Kept(row, _apart(_loaded(session, occasion_id)))
    return session.merge(kept.occasion, load=False)


def _shelf_of(session: Session, programme: str) -> _Shelf:
    engine = session.connection().engine
    shelf = _SHELVES.get(engine)
    if shelf is None or shelf.programme != programme:
        shelf = _SHELVES[engine] = _Shelf(programme)
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


_BY_NUMBER: Final = _turn().where(Occasion.id == bindparam("number"))
_OF_SIGNUP: Final = select(Signup.occasion_id).where(Signup.id == bindparam("number")).scalar_subquery()
_BY_SIGNUP: Final = _turn().where(Occasion.id == _OF_SIGNUP)
