"""Finding a family's places with all that its own calendar shows of them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from booking.activities.models import Activity, ActivityText, Occasion
from booking.people.models import Family, Participant
from booking.prepared import Prepared, hole
from booking.rows import adopt, read_apart
from booking.signups.booked import Household
from booking.signups.models import Signup, SignupMove

_WithMove = tuple[Signup, SignupMove | None]


def households_of(session: Session, family: Family) -> list[Household]:
    """Return what the family ever asked for, by form; in as many questions for many places as for one."""
    words = selectinload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    occasion = joinedload(Signup.occasion).options(
        joinedload(Occasion.activity).options(joinedload(Activity.library), words),
        selectinload(Occasion.meetings),
    )
    wanted = _with_history().join(Signup.participant).where(Participant.family_id == family.id)
    rows: list[_WithMove] = [(row[0], row[1]) for row in session.execute(wanted.options(occasion))]
    moves = _moves(rows)
    return [
        Household(family=family, occasion=theirs[0].occasion, signups=theirs, moves=moves)
        for theirs in _by_form(rows)
    ]


def latest_move_at(session: Session) -> datetime | None:
    """Return when the last place was taken or lost, which families’ own calendars tell of, if any was."""
    return session.scalar(select(SignupMove.at).order_by(SignupMove.id.desc()).limit(1))


def households_with(session: Session, signups: Collection[Signup]) -> list[Household]:
    """Return the households that these sign-ups of one occasion belong to, siblings of the same form too.

    The sign-ups come with their occasion, their children and families.
    """
    first = next(iter(signups), None)
    if first is None:
        return []
    # By its number too: what a form is known by comes from the browser that sent it.
    families = {signup.participant.family_id: signup.participant.family for signup in signups}
    rows = _asked_with(session, first.occasion_id, {signup.ask_key for signup in signups})
    moves = _moves(rows)
    return [
        Household(
            family=families[theirs[0].participant.family_id],
            occasion=first.occasion,
            signups=theirs,
            moves=moves,
        )
        for theirs in _by_form(rows)
        if theirs[0].participant.family_id in families
    ]


def _asked_with(session: Session, occasion_id: int, ask_keys: Collection[str]) -> list[_WithMove]:
    session.flush()
    keys = {f"key_{number}": key for number, key in enumerate(ask_keys)}
    told = _history(len(keys)).rows(session, {"occasion_id": occasion_id, **keys})
    return [_read(session, row) for row in told]


def _read(session: Session, row: Sequence[Any]) -> _WithMove:
    to_child = len(_SIGNUP)
    to_move = to_child + len(_CHILD)
    signup = adopt(session, Signup, row[:to_child], is_news=False)
    child = adopt(session, Participant, row[to_child:to_move], is_news=False)
    set_committed_value(signup, "participant", child)
    return signup, read_apart(SignupMove, row[to_move:]) if row[to_move] is not None else None


@lru_cache(maxsize=8)
def _history(keys: int) -> Prepared:
    asked = [Signup.ask_key == hole(f"key_{number}", Signup.ask_key) for number in range(keys)]
    return Prepared(
        select(*_SIGNUP, *_CHILD, *SignupMove.__table__.c)
        .join(Participant, Participant.id == Signup.participant_id)
        .outerjoin(SignupMove, SignupMove.signup_id == Signup.id)
        .where(Signup.occasion_id == hole("occasion_id", Signup.occasion_id), or_(false(), *asked))
        .order_by(Signup.id, SignupMove.id)
    )


def _with_history() -> Select[Signup, SignupMove]:
    return (
        select(Signup, SignupMove)
        .outerjoin(SignupMove, SignupMove.signup_id == Signup.id)
        .options(joinedload(Signup.participant))
        .order_by(Signup.id, SignupMove.id)
    )


def _by_form(rows: Iterable[_WithMove]) -> list[list[Signup]]:
    forms: dict[tuple[int, str, int], dict[int, Signup]] = {}
    for signup, _move in rows:
        key = (signup.occasion_id, signup.ask_key, signup.participant.family_id)
        forms.setdefault(key, {})[signup.id] = signup
    return [list(theirs.values()) for theirs in forms.values()]


def _moves(rows: Iterable[_WithMove]) -> dict[int, list[SignupMove]]:
    moves: dict[int, list[SignupMove]] = {}
    for signup, move in rows:
        if move is not None:
            moves.setdefault(signup.id, []).append(move)
    return moves


_SIGNUP: Final = tuple(Signup.__table__.c)
_CHILD: Final = tuple(Participant.__table__.c)
