"""Finding sign-ups: of an occasion, of a link, of a family, and how many places are taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.strategy_options import _AbstractLoad

from booking.activities.models import Occasion
from booking.activities.rules import Places
from booking.errors import NotFound
from booking.people.models import Family, Participant
from booking.prepared import Prepared, hole
from booking.rows import adopt
from booking.signups.models import Signup
from booking.signups.rules import HOLDS_A_PLACE, IS_HELD_FOR_A_WHILE, IS_LIVE, SignupState
from booking.signups.taking import take_occasion_of, whole

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many places of an occasion are taken, and how many children wait for one."""

    taken: int
    waiting: int


def register_of(session: Session, occasion_id: int) -> Sequence[Signup]:
    """Return all sign-ups of the occasion in the order in which they asked, in every state."""
    return session.scalars(_register().where(Signup.occasion_id == occasion_id)).all()


def registers_of(session: Session, occasion_ids: Collection[int]) -> Sequence[Signup]:
    """Return all sign-ups of several occasions in the order in which they asked, in every state."""
    return session.scalars(_register().where(Signup.occasion_id.in_(occasion_ids))).all()


def expected(session: Session, occasion_id: int) -> Sequence[Signup]:
    """Return the confirmed sign-ups of the occasion in the order in which they asked."""
    confirmed = Signup.state == SignupState.CONFIRMED
    return session.scalars(_register().where(Signup.occasion_id == occasion_id, confirmed)).all()


def counts() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return what counts the places taken and the children who wait, over the sign-ups asked about."""
    taken = case((Signup.state.in_(HOLDS_A_PLACE), 1), else_=0)
    waiting = case((Signup.state == SignupState.QUEUED, 1), else_=0)
    return func.coalesce(func.sum(taken), 0), func.coalesce(func.sum(waiting), 0)


def count_in(session: Session, occasion_id: int) -> Counts:
    """Return how many places of the occasion are taken and how many children wait."""
    row = session.execute(select(*counts()).where(Signup.occasion_id == occasion_id)).one()
    return Counts(taken=int(row[0]), waiting=int(row[1]))


def places_of(session: Session, occasion_ids: Collection[int]) -> Mapping[int, Places]:
    """Return how many places of each occasion are taken and how many children wait, in one question."""
    if not occasion_ids:
        return {}
    of_each = select(Signup.occasion_id, *counts()).where(Signup.occasion_id.in_(occasion_ids))
    rows = session.execute(of_each.group_by(Signup.occasion_id))
    return {row[0]: Places(taken=int(row[1]), waiting=int(row[2])) for row in rows}


def get_signup(session: Session, signup_id: int) -> Signup:
    """Return the sign-up with all that its page shows, or raise NotFound."""
    found = (
        select(Signup)
        .where(Signup.id == signup_id)
        .options(_with_people(), selectinload(Signup.moves), joinedload(Signup.occasion).options(*whole()))
    )
    return _found(session.scalars(found).unique().one_or_none())


def get_signup_of(session: Session, signup_id: int, *, occasion_id: int) -> Signup:
    """Return a sign-up of this occasion with its family and history, or raise NotFound."""
    of_it = _register().where(Signup.id == signup_id, Signup.occasion_id == occasion_id)
    return _found(session.scalar(of_it))


def take_signup(session: Session, signup_id: int) -> Signup:
    """Return the sign-up as `get_signup` does, after taking the turn at its occasion."""
    occasion = take_occasion_of(session, signup_id)
    # What it was before the turn came is of no interest: somebody else may have moved it meanwhile.
    again = select(Signup).where(Signup.id == signup_id).options(_with_people(), selectinload(Signup.moves))
    signup = _found(session.scalar(again.execution_options(populate_existing=True)))
    set_committed_value(signup, "occasion", occasion)
    return signup


def take_together(session: Session, signup_id: int) -> Sequence[Signup]:
    """Return the sign-ups that came with the same form, without their history, after taking their turn.

    The one asked for stands first. NotFound when it is not there (any more).
    """
    occasion = take_occasion_of(session, signup_id, is_followed=False)
    found = [_adopted(session, row, occasion) for row in _TOGETHER.rows(session, {"signup_id": signup_id})]
    first = _found(next((each for each in found if each.id == signup_id), None))
    return [first, *(each for each in found if each is not first)]


def take_turn(session: Session, *, occasion_id: int) -> None:
    """Wait until nobody else decides about the occasion's places; until this unit of work ends, none will."""
    session.execute(select(Occasion.id).where(Occasion.id == occasion_id).with_for_update())


def asked_together(session: Session, signup: Signup) -> Sequence[Signup]:
    """Return the sign-ups that came with the same form, this one too, all with the occasion of this one."""
    together = session.scalars(
        _register().where(Signup.occasion_id == signup.occasion_id, Signup.ask_key == signup.ask_key)
    ).all()
    for each in together:
        set_committed_value(each, "occasion", signup.occasion)
    return together


def waiting_in(session: Session, occasion_id: int) -> Sequence[Signup]:
    """Return who waits for a place at the occasion, whoever asked first standing first."""
    return _of_occasion(session, occasion_id, Signup.state == SignupState.QUEUED)


def live_in(session: Session, occasion_id: int) -> Sequence[Signup]:
    """Return the sign-ups of the occasion that are not over."""
    return _of_occasion(session, occasion_id, Signup.state.in_(IS_LIVE))


def called_off_since(session: Session, occasion_id: int, *, since: datetime) -> Sequence[Signup]:
    """Return the sign-ups that ended because the occasion was called off, at that instant or later."""
    return _of_occasion(
        session, occasion_id, and_(Signup.state == SignupState.CALLED_OFF, Signup.changed_at >= since)
    )


def late_in(session: Session, occasion_id: int, *, now: datetime) -> Sequence[Signup]:
    """Return the sign-ups of the occasion that were not answered in time."""
    return _of_occasion(session, occasion_id, _is_late(now))


def occasions_with_late_answers(session: Session, *, now: datetime) -> Sequence[int]:
    """Return where somebody has not answered in time, in the order in which turns are taken."""
    return _occasions_where(session, _is_late(now))


def occasions_with_queues(session: Session) -> Sequence[int]:
    """Return where somebody waits for a place, in the order in which turns are taken."""
    return _occasions_where(session, Signup.state == SignupState.QUEUED)


def count_families_of(session: Session, occasion_id: int) -> int:
    """Return how many families have a sign-up of the occasion that is not over."""
    return (
        session.scalar(
            select(func.count(Participant.family_id.distinct()))
            .join(Signup, Signup.participant_id == Participant.id)
            .where(Signup.occasion_id == occasion_id, Signup.state.in_(IS_LIVE))
        )
        or 0
    )


def count_families_called_off(session: Session, occasion: Occasion) -> int:
    """Return how many families lost a place when the occasion was called off."""
    if occasion.called_off_at is None:
        return 0
    lost = called_off_since(session, occasion.id, since=occasion.called_off_at)
    return len({signup.participant.family_id for signup in lost})


def _register() -> Select[Signup]:
    return select(Signup).options(_with_people(), selectinload(Signup.moves)).order_by(Signup.id)


def _of_occasion(session: Session, occasion_id: int, condition: ColumnElement[bool]) -> Sequence[Signup]:
    # By number, which is given out under the occasion's turn: the clocks of two machines may differ.
    return session.scalars(
        select(Signup)
        .where(Signup.occasion_id == occasion_id, condition)
        .options(_with_people())
        .order_by(Signup.id)
    ).all()


def _occasions_where(session: Session, condition: ColumnElement[bool]) -> Sequence[int]:
    found = select(Signup.occasion_id).where(condition).distinct()
    return session.scalars(found.order_by(Signup.occasion_id)).all()


def _is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Signup.state.in_(IS_HELD_FOR_A_WHILE), Signup.held_until <= now)


def _with_people() -> _AbstractLoad:
    return joinedload(Signup.participant).joinedload(Participant.family)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _adopted(session: Session, row: Sequence[Any], occasion: Occasion) -> Signup:
    to_child = len(_SIGNUP)
    to_family = to_child + len(_CHILD)
    signup = adopt(session, Signup, row[:to_child])
    child = adopt(session, Participant, row[to_child:to_family])
    set_committed_value(child, "family", adopt(session, Family, row[to_family:]))
    set_committed_value(signup, "participant", child)
    set_committed_value(signup, "occasion", occasion)
    return signup


_SIGNUP: Final = tuple(Signup.__table__.c)
_CHILD: Final = tuple(Participant.__table__.c)
_ASKED_WITH: Final = aliased(Signup)
_TOGETHER: Final = Prepared(
    select(*_SIGNUP, *_CHILD, *Family.__table__.c)
    .join(Participant, Participant.id == Signup.participant_id)
    .join(Family, Family.id == Participant.family_id)
    .join(
        _ASKED_WITH,
        and_(Signup.ask_key == _ASKED_WITH.ask_key, Signup.occasion_id == _ASKED_WITH.occasion_id),
    )
    .where(_ASKED_WITH.id == hole("signup_id", Signup.id))
    .order_by(Signup.id)
)
