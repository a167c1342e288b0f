"""The one way in which sign-ups move: each step is noted, and the family told of it, in one breath."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from booking.clock import Clock
from booking.db import Base
from booking.prepared import Prepared, hole
from booking.revision import note_shown
from booking.rows import note
from booking.signups.letters import leading, tell_household, template_for
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.rules import HOLDS_A_PLACE, IS_ANSWERED, SignupState, check_move


@dataclass(frozen=True, kw_only=True)
class By:
    """Who moves sign-ups, and what staff noted as the reason: one for all, or one for each by its number."""

    mover: Mover
    account_id: int | None = None
    note: str | None = None
    notes: Mapping[int, str] = field(default_factory=dict)


FAMILY = By(mover=Mover.FAMILY)
GUARDIAN = By(mover=Mover.GUARDIAN)
SYSTEM = By(mover=Mover.SYSTEM)


def begin_together(
    session: Session,
    clock: Clock,
    *,
    signups: Sequence[Signup],
    by: By = FAMILY,
    code: str | None = None,
    template: str | None = None,
    left: Sequence[Signup] = (),
    beside: Sequence[Signup] = (),
) -> list[str]:
    """Note a household's new sign-ups, which are stored in their first states, and write one letter.

    The letter is that of the first state, or the `template` that says it better. `left` are places that were
    given up for these, and `beside` sign-ups that were there before and are told of too. Return the secrets
    of the pages that the letter leads to. Refuses MoveNotPossible.
    """
    for signup in signups:
        check_move(None, signup.state)
    _note(session, clock, dict.fromkeys(signups), by)
    told = [*signups, *beside]
    first = leading(told)
    return tell_household(
        session,
        clock,
        signups=told,
        template=template or template_for(first.state, before=None, mover=by.mover),
        # Who was there before has had a letter of this act already.
        act=f"{first.state.value}:with-{signups[0].id}" if beside else first.state.value,
        names_children=first.state in IS_ANSWERED,
        code=code,
        is_first=True,
        left=left,
        mover=by.mover,
    )


def move_together(
    session: Session,
    clock: Clock,
    *,
    signups: Sequence[Signup],
    wanted: SignupState,
    by: By,
    held_until: datetime | None = None,
    is_told: bool = True,
    beside: Sequence[Signup] = (),
) -> list[str]:
    """Move the sign-ups of one household one step, note it, and write one letter about them.

    Return the secrets of the pages that the letter leads to. With `is_told` false no letter is written, as
    the caller writes one for the whole family; `beside` are sign-ups that stay where they are and are told
    of too. Refuses MoveNotPossible when the table knows no such step.
    """
    before = {signup: signup.state for signup in signups}
    for state in before.values():
        check_move(state, wanted)
    _move(session, clock, signups, wanted, held_until)
    _note(session, clock, before, by)
    if not is_told:
        return []
    was = before[signups[0]]
    # A name that a stranger typed goes to nobody: only an answer shows that the family knows of it.
    is_answered = wanted in IS_ANSWERED or was in IS_ANSWERED
    return tell_household(
        session,
        clock,
        signups=[*signups, *beside],
        template=template_for(wanted, before=was, mover=by.mover),
        act=wanted.value,
        names_children=is_answered,
        mover=by.mover,
    )


def tell_again(session: Session, clock: Clock, *, signups: Sequence[Signup], code: str | None = None) -> None:
    """Write to the family that the children are signed up already, with the way to their pages; once an hour.

    Whoever has not answered the first letter gets it again, with its button and the code of the newer form.
    """
    hour = f"{clock():%Y%m%d%H}"
    # A letter with digits of its own is one of its own; how many there are, who issues them knows.
    again = f"{clock().timestamp():.6f}" if code else hour
    first = leading(signups)
    is_answered = all(signup.state in IS_ANSWERED for signup in signups)
    template = template_for(first.state, before=None, mover=Mover.FAMILY)
    tell_household(
        session,
        clock,
        signups=signups,
        template="signup_already" if is_answered else template,
        act=f"already:{hour}" if is_answered else f"again:{again}",
        names_children=is_answered,
        code=code,
    )


def _move(
    session: Session,
    clock: Clock,
    signups: Sequence[Signup],
    wanted: SignupState,
    held_until: datetime | None,
) -> None:
    session.flush()
    is_counted = any(_counts(signup.state) != _counts(wanted) for signup in signups)
    told = {"state": wanted, "held_until": held_until, "changed_at": clock()}
    for signup in signups:
        _MOVE.write(session, {"number": signup.id, **told})
        for name, value in told.items():
            set_committed_value(signup, name, value)
    if is_counted:
        note_shown(session, _SIGNUPS)


def _counts(state: SignupState) -> tuple[bool, bool]:
    # What pages show of sign-ups: how many places are taken, and how many children wait.
    return state in HOLDS_A_PLACE, state is SignupState.QUEUED


def _note(session: Session, clock: Clock, before: Mapping[Signup, SignupState | None], by: By) -> None:
    now = clock()
    moves = [
        {
            "signup_id": signup.id,
            "at": now,
            "from_state": was,
            "to_state": signup.state,
            "mover": by.mover,
            "account_id": by.account_id,
            "note": by.notes.get(signup.id, by.note),
        }
        for signup, was in before.items()
    ]
    note(session, SignupMove, moves)


_SIGNUPS: Final = Base.metadata.tables[Signup.__tablename__]
_MOVE: Final = Prepared(
    update(_SIGNUPS)
    .where(_SIGNUPS.c.id == hole("number", _SIGNUPS.c.id))
    .values({name: hole(name, _SIGNUPS.c[name]) for name in ("state", "held_until", "changed_at")})
)
