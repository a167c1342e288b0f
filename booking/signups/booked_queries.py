"""Finding a family's places with all that its own calendar shows of them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from booking.activities.models import Activity, ActivityText, Occasion
from booking.people.models import Family, Participant
from booking.signups.booked import Household
from booking.signups.models import Signup, SignupMove


def households_of(session: Session, family: Family) -> list[Household]:
    """Return what the family ever asked for, by form; in as many questions for many places as for one."""
    words = selectinload(Activity.texts).load_only(ActivityText.language, ActivityText.title)
    occasion = joinedload(Signup.occasion).options(
        joinedload(Occasion.activity).options(joinedload(Activity.library), words),
        selectinload(Occasion.meetings),
    )
    wanted = _with_history().join(Signup.participant).where(Participant.family_id == family.id)
    rows = session.execute(wanted.options(occasion)).all()
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
    keys = {signup.ask_key for signup in signups}
    wanted = _with_history().where(Signup.occasion_id == first.occasion_id, Signup.ask_key.in_(keys))
    rows = session.execute(wanted).all()
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


def _with_history() -> Select[Signup, SignupMove]:
    return (
        select(Signup, SignupMove)
        .outerjoin(SignupMove, SignupMove.signup_id == Signup.id)
        .options(joinedload(Signup.participant))
        .order_by(Signup.id, SignupMove.id)
    )


def _by_form(rows: Iterable[Row[Signup, SignupMove]]) -> list[list[Signup]]:
    forms: dict[tuple[int, str, int], dict[int, Signup]] = {}
    for signup, _move in rows:
        key = (signup.occasion_id, signup.ask_key, signup.participant.family_id)
        forms.setdefault(key, {})[signup.id] = signup
    return [list(theirs.values()) for theirs in forms.values()]


def _moves(rows: Iterable[Row[Signup, SignupMove]]) -> dict[int, list[SignupMove]]:
    moves: dict[int, list[SignupMove]] = {}
    for signup, move in rows:
        if move is not None:
            moves.setdefault(signup.id, []).append(move)
    return moves
