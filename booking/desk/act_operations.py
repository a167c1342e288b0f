"""What staff do with a sign-up for a family that asks: confirm, give back, move."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.rules import OccasionCalledOff, next_start
from booking.audit.models import Actor
from booking.audit.operations import record
from booking.clock import Clock
from booking.consent.carrying_operations import carry_along
from booking.consent.operations import Leave, record_permissions
from booking.consent.queries import current_wording, newest_permission
from booking.consent.rules import Capacity, Established, WordingPurpose
from booking.consent.seal import Seal
from booking.desk.entering import AlreadyThere
from booking.desk.queries import take_both_turns, take_own_occasion, take_own_signup
from booking.signups.answers import waits_for_answer, withdraw
from booking.signups.guardians import needs_guardian
from booking.signups.models import Mover, Signup
from booking.signups.moving import By, begin_together, move_together
from booking.signups.queries import count_in, live_in
from booking.signups.rules import (
    IS_HELD_FOR_A_WHILE,
    Holds,
    MoveNotPossible,
    OccasionFull,
    SignupState,
    place_is_free,
)
from booking.signups.turns import offer_free_places
from booking.tokens import new_uid

_LETTERS: Final = {False: "signup_moved", True: "signup_moved_without_needs"}


@dataclass(frozen=True, kw_only=True)
class AtDesk:
    """Who of the staff acts, at which libraries, on which sign-up, and why."""

    account_id: int
    library_ids: Collection[int]
    occasion_id: int
    signup_id: int
    note: str | None = None

    @property
    def by(self) -> By:
        """Return who moves the sign-up."""
        return By(mover=Mover.STAFF, account_id=self.account_id, note=self.note)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """The place that a child has now, and whether a note of its needs could not go along."""

    signup: Signup
    asks_needs_again: bool


def confirm_at_desk(
    session: Session, clock: Clock, *, desk: AtDesk, established: Established, holds: Holds
) -> None:
    """Give the place that is held to a child whose guardian says yes at the desk, by phone or on paper.

    The leave is kept with how it was given. Refuses MoveNotPossible when no place is held for the child any
    more, and NotFound for another library's.
    """
    signup = _taken(session, desk)
    if not waits_for_answer(session, clock, signup=signup, states=IS_HELD_FOR_A_WHILE, holds=holds):
        raise MoveNotPossible(current=signup.state, wanted=SignupState.CONFIRMED)
    language = signup.participant.family.language
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=language)
    leave = Leave(
        wording_id=wording.id,
        capacity=Capacity.PARENT,
        established=established,
        account_id=desk.account_id,
        guardian_id=signup.guardian_id if needs_guardian(signup) else None,
    )
    record_permissions(
        session, clock, participants=[signup.participant], occasion_id=signup.occasion_id, leave=leave
    )
    move_together(session, clock, signups=[signup], wanted=SignupState.CONFIRMED, by=desk.by)
    _record(session, clock, desk, signup, "signup_confirmed_at_desk")


def withdraw_at_desk(session: Session, clock: Clock, *, desk: AtDesk, holds: Holds) -> None:
    """Give the place back because the family asks for it; twice is once. Refuses AllIsOver and NotFound."""
    signup = _taken(session, desk)
    withdraw(session, clock, signup_id=signup.id, holds=holds, by=desk.by)
    _record(session, clock, desk, signup, "signup_withdrawn_at_desk")


def move_to_occasion(
    session: Session, clock: Clock, *, desk: AtDesk, to: int, holds: Holds, seal: Seal
) -> Moved:
    """Return the child's place at another occasion of the library; the one it had goes on. All or nothing.

    What was agreed to goes along within one activity; the letter asks for needs anew where they do not.

    Refuses OccasionFull where no place is free or somebody waits for one, MoveNotPossible for a sign-up that
    has no place, OccasionCalledOff where no meeting is to come, and NotFound.
    """
    take_both_turns(session, desk.occasion_id, to)
    there = take_own_occasion(session, to, library_ids=desk.library_ids)
    signup = _taken(session, desk)
    if signup.state is not SignupState.CONFIRMED or there.id == signup.occasion_id:
        raise MoveNotPossible(current=signup.state, wanted=SignupState.CONFIRMED)
    _check_room(session, clock, there)
    asks_again = carry_along(
        session,
        clock,
        participant_id=signup.participant_id,
        here=signup.occasion,
        there=there,
        account_id=desk.account_id,
        seal=seal,
    )
    move_together(session, clock, signups=[signup], wanted=SignupState.WITHDRAWN, by=desk.by, is_told=False)
    moved = _enter_there(session, clock, desk, signup, there, asks_again=asks_again)
    _record(session, clock, desk, signup, "signup_moved")
    offer_free_places(session, clock, occasion=signup.occasion, holds=holds)
    return Moved(signup=moved, asks_needs_again=asks_again)


def _taken(session: Session, desk: AtDesk) -> Signup:
    return take_own_signup(
        session, desk.signup_id, occasion_id=desk.occasion_id, library_ids=desk.library_ids
    )


def _check_room(session: Session, clock: Clock, there: Occasion) -> None:
    # Staff say why, and go beyond the time for signing up, as they do when they add a child.
    if there.called_off_at is not None or next_start(there.meetings, now=clock()) is None:
        raise OccasionCalledOff
    places = count_in(session, there.id)
    is_free = place_is_free(capacity=there.capacity or 0, taken=places.taken, waiting=places.waiting)
    if not is_free:
        raise OccasionFull


def _capacity(session: Session, signup: Signup) -> Capacity:
    # Whoever gave leave here gives it there: a youth who signed up alone has no guardian to speak for it.
    given = newest_permission(session, participant_id=signup.participant_id, occasion_id=signup.occasion_id)
    return given.capacity if given else Capacity.PARENT


def _enter_there(
    session: Session, clock: Clock, desk: AtDesk, signup: Signup, there: Occasion, *, asks_again: bool
) -> Signup:
    child = signup.participant
    if any(each.participant_id == child.id for each in live_in(session, there.id)):
        raise AlreadyThere
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=child.family.language)
    leave = Leave(
        wording_id=wording.id,
        capacity=_capacity(session, signup),
        established=Established.AT_THE_DESK,
        account_id=desk.account_id,
        guardian_id=signup.guardian_id,
    )
    record_permissions(session, clock, participants=[child], occasion_id=there.id, leave=leave)
    moved = Signup(
        occasion=there,
        participant=child,
        uid=new_uid(),
        ask_key=new_uid(),
        state=SignupState.CONFIRMED,
        asked_at=clock(),
        changed_at=clock(),
        guardian_id=signup.guardian_id,
    )
    session.add(moved)
    session.flush()
    begin_together(session, clock, signups=[moved], by=desk.by, template=_LETTERS[asks_again], left=[signup])
    return moved


def _record(session: Session, clock: Clock, desk: AtDesk, signup: Signup, action: str) -> None:
    record(
        session,
        clock,
        actor=Actor.STAFF,
        action=action,
        subject="signup",
        subject_id=signup.id,
        account_id=desk.account_id,
        library_id=signup.occasion.activity.library_id,
        facts={"occasion_id": signup.occasion_id},
    )
