"""What staff do for a family that calls or comes by, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.activities.queries import get_own_occasion
from booking.activities.rules import OccasionCalledOff
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.consent.ending_operations import withdraw_consent
from booking.consent.models import NeedsNote, Permission
from booking.consent.needs import Need, Needs, unpacked
from booking.consent.needs_operations import keep_needs
from booking.consent.rules import Capacity, Established, Way, WordingPurpose
from booking.consent.standing_queries import consents_in
from booking.desk.act_operations import AtDesk, confirm_at_desk, move_to_occasion, withdraw_at_desk
from booking.desk.entering import AlreadyThere, ReasonNeeded
from booking.desk.queries import occasions_to_move_to
from booking.errors import NotFound, Refusal
from booking.outbox.models import Letter
from booking.people.models import Participant
from booking.signups.households import ChildrenRefused
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.queries import count_in
from booking.signups.rules import MoveNotPossible, OccasionFull, SignupState
from booking.tokens import new_uid
from booking.work import unit_of_work
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.consent.saying import NEEDS, SEAL, say_yes
from tests.desk.acting import Desk
from tests.factories import NOON, make_activity, make_meeting, make_participant, make_signup
from tests.family.agreeing import make_permission
from tests.signups.asking import HOLDS, letters, open_occasion
from tests.signups.house import House

Arranging = Callable[[], AbstractContextManager[Session]]


def test_a_child_signed_up_by_phone_has_its_place_and_the_leave_is_kept_as_such(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)

    signup = desk.add()

    leave = session.scalars(select(Permission)).one()
    step = session.scalars(select(SignupMove)).one()
    assert signup.state is SignupState.CONFIRMED
    assert (leave.established, leave.account_id) == (Established.BY_PHONE, desk.librarian.id)
    assert (step.mover, step.account_id) == (Mover.STAFF, desk.librarian.id)
    assert letters(session) == ["signup_confirmed"]
    write_down(session)
    assert session.scalars(select(AuditEntry.action)).all() == ["signup_added"]


def test_nobody_is_added_beyond_the_places(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock, capacity=1)
    desk.add()

    second = desk.add(first_name="Bo", reason="came with the class")

    assert second.state is SignupState.QUEUED
    assert count_in(session, desk.occasion.id).taken == 1


@pytest.mark.parametrize("changes", [{"born": "2009"}, {"born": "2019"}])
def test_an_exception_from_the_age_takes_a_reason_that_stays_in_the_history(
    session: Session, clock: StoppedClock, changes: dict[str, Any]
) -> None:
    desk = Desk(session, clock)
    with pytest.raises(Refusal):
        desk.add(**changes)
    with pytest.raises(ChildrenRefused) as refused:
        desk.add(**changes, reason="")
    assert isinstance(refused.value.refusals[0][1], ReasonNeeded)

    signup = desk.add(**changes, reason="goes to the grade with the others")

    assert signup.state is SignupState.CONFIRMED
    assert session.scalars(select(SignupMove.note)).all() == ["goes to the grade with the others"]


def test_the_same_form_twice_is_one_child(session: Session, clock: StoppedClock) -> None:
    desk, key = Desk(session, clock), new_uid()
    first = desk.add(ask_key=key)

    assert desk.add(ask_key=key) is first
    with pytest.raises(ChildrenRefused) as refused:
        desk.add()
    assert isinstance(refused.value.refusals[0][1], AlreadyThere)


def test_another_librarys_occasion_does_not_exist(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock)

    with pytest.raises(NotFound):
        desk.add(library_ids=frozenset({desk.library.id + 1}))

    assert session.scalars(select(Participant)).all() == []


@pytest.mark.parametrize("state", [SignupState.AWAITING_EMAIL, SignupState.AWAITING_GUARDIAN])
def test_a_guardians_yes_by_phone_confirms_the_place(
    session: Session, clock: StoppedClock, state: SignupState
) -> None:
    desk = Desk(session, clock)
    signup = make_signup(session, occasion=desk.occasion, state=state, held_until=NOON.replace(day=25))

    confirm_at_desk(session, clock, desk=desk.at(signup), established=Established.ON_PAPER, holds=HOLDS)

    leave = session.scalars(select(Permission)).one()
    assert signup.state is SignupState.CONFIRMED
    assert (leave.established, leave.account_id) == (Established.ON_PAPER, desk.librarian.id)


@pytest.mark.parametrize("state", [SignupState.QUEUED, SignupState.CONFIRMED, SignupState.EXPIRED])
def test_only_a_place_that_is_held_can_be_confirmed(
    session: Session, clock: StoppedClock, state: SignupState
) -> None:
    desk = Desk(session, clock)
    signup = make_signup(session, occasion=desk.occasion, state=state)

    with pytest.raises(MoveNotPossible):
        confirm_at_desk(session, clock, desk=desk.at(signup), established=Established.BY_PHONE, holds=HOLDS)


def test_a_place_given_back_on_request_goes_to_who_waits(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock, capacity=1)
    signup = make_signup(session, occasion=desk.occasion)
    waiting = make_signup(session, occasion=desk.occasion, state=SignupState.QUEUED)

    for _ in range(2):
        withdraw_at_desk(session, clock, desk=desk.at(signup), holds=HOLDS)

    session.refresh(waiting)
    assert (signup.state, waiting.state) == (SignupState.WITHDRAWN, SignupState.OFFERED)
    told = session.scalars(select(Letter).where(Letter.template == "signup_withdrawn")).one()
    assert (told.facts["mover"], told.facts["children"]) == ("staff", [signup.participant.first_name])
    assert session.scalars(select(SignupMove.note).where(SignupMove.signup_id == signup.id)).all() == [
        "asked for it by phone"
    ]


def test_a_place_is_moved_as_a_whole_and_the_family_gets_one_letter(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    there = open_occasion(session, activity=desk.activity)
    signup = make_signup(session, occasion=desk.occasion)

    moved = move_to_occasion(session, clock, desk=desk.at(signup), to=there.id, holds=HOLDS, seal=SEAL).signup

    assert (signup.state, moved.state) == (SignupState.WITHDRAWN, SignupState.CONFIRMED)
    assert moved.participant_id == signup.participant_id
    assert session.scalars(select(Letter.template)).all() == ["signup_moved"]


def _with_needs(desk: Desk) -> Signup:
    child = make_participant(desk.session)
    signup = make_signup(desk.session, occasion=desk.occasion, participant=child)
    whole = get_own_occasion(desk.session, desk.occasion.id, library_ids=[desk.library.id])
    say_yes(desk.session, desk.clock, child, whole, NEEDS)
    told = {child.id: Needs(choices=(Need.NO_NUTS,), line="")}
    keep_needs(desk.session, desk.clock, occasion_id=desk.occasion.id, needs=told, seal=SEAL)
    return signup


def test_what_a_child_needs_goes_along_within_an_activity_and_is_erased_where_it_was(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    there = open_occasion(session, activity=desk.activity)
    signup = _with_needs(desk)

    moved = move_to_occasion(session, clock, desk=desk.at(signup), to=there.id, holds=HOLDS, seal=SEAL)

    note = session.scalars(select(NeedsNote)).one()
    child = signup.participant_id
    assert not moved.asks_needs_again
    assert note.occasion_id == there.id
    told = unpacked(SEAL.open(note.sealed), participant_id=child, occasion_id=there.id)
    assert told.choices == (Need.NO_NUTS,)
    standing = consents_in(session, occasion_id=there.id, now=clock(), participant_ids=[child])
    assert standing == {child: frozenset({WordingPurpose.NEEDS})}


def test_at_another_activity_needs_are_asked_for_anew_and_the_letter_says_so(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    there = open_occasion(session, activity=make_activity(session, library=desk.library))
    signup = _with_needs(desk)

    moved = move_to_occasion(session, clock, desk=desk.at(signup), to=there.id, holds=HOLDS, seal=SEAL)

    assert moved.asks_needs_again
    assert session.scalars(select(NeedsNote)).all() == []
    assert session.scalars(select(Letter.template)).all() == ["signup_moved_without_needs"]
    assert consents_in(session, occasion_id=there.id, now=clock()) == {}


def test_a_consent_that_was_withdrawn_does_not_come_back_with_a_move(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    there = open_occasion(session, activity=desk.activity)
    signup = _with_needs(desk)
    withdraw_consent(
        session,
        clock,
        participant_id=signup.participant_id,
        purpose=NEEDS,
        occasion_id=desk.occasion.id,
        way=Way.PHONE,
    )

    move_to_occasion(session, clock, desk=desk.at(signup), to=there.id, holds=HOLDS, seal=SEAL)

    assert session.scalars(select(NeedsNote)).all() == []
    assert consents_in(session, occasion_id=there.id, now=clock()) == {}


def test_a_place_is_moved_to_a_course_that_has_begun_and_to_none_that_is_over(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    running, over = (open_occasion(session, activity=desk.activity) for _ in range(2))
    for days in (-14, 7):
        make_meeting(session, occasion=running, starts_at=NOON + timedelta(days=days))
    for meeting in session.scalars(select(Meeting).where(Meeting.occasion_id == over.id)):
        meeting.starts_at, meeting.ends_at = NOON - timedelta(days=2), NOON - timedelta(days=1)
    session.flush()
    session.expire_all()
    signup = make_signup(session, occasion=desk.occasion)
    offered = occasions_to_move_to(session, clock, library_id=desk.library.id, but=desk.occasion.id)
    assert [each.id for each in offered] == [running.id]

    with pytest.raises(OccasionCalledOff):
        move_to_occasion(session, clock, desk=desk.at(signup), to=over.id, holds=HOLDS, seal=SEAL)
    moved = move_to_occasion(session, clock, desk=desk.at(signup), to=running.id, holds=HOLDS, seal=SEAL)

    assert moved.signup.state is SignupState.CONFIRMED


def test_whoever_gave_leave_gives_it_at_the_other_occasion_too(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock)
    there = open_occasion(session, activity=desk.activity)
    signup = make_signup(session, occasion=desk.occasion)
    child = session.get_one(Participant, signup.participant_id)
    make_permission(session, child=child, occasion=desk.occasion).capacity = Capacity.SELF

    move_to_occasion(session, clock, desk=desk.at(signup), to=there.id, holds=HOLDS, seal=SEAL)

    newest = session.scalars(select(Permission).order_by(Permission.id.desc())).first()
    assert newest is not None
    assert (newest.occasion_id, newest.capacity) == (there.id, Capacity.SELF)


def test_a_place_is_not_moved_where_none_is_free_or_to_another_library(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    full = open_occasion(session, activity=desk.activity, capacity=1)
    make_signup(session, occasion=full)
    elsewhere = open_occasion(session)
    mine = make_participant(session)
    signup = make_signup(session, occasion=desk.occasion, participant=mine)

    with pytest.raises(OccasionFull):
        move_to_occasion(session, clock, desk=desk.at(signup), to=full.id, holds=HOLDS, seal=SEAL)
    with pytest.raises(NotFound):
        move_to_occasion(session, clock, desk=desk.at(signup), to=elsewhere.id, holds=HOLDS, seal=SEAL)

    assert signup.state is SignupState.CONFIRMED


def test_the_pages_lead_from_the_list_to_a_child_with_a_place(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        house = House(session)
    browser.sign_in_as(house.librarian)
    form = house.address("/staff/occasions/{occasion}/sign-ups/new")
    typed = {
        "children-0-first_name": "Bo",
        "children-0-born": "5",
        "children-0-municipality": "0000",
        "contact_name": "Kari Eksempel",
        "email": "kari@example.org",
        "established": "by_phone",
        "permission": "y",
    }

    refused = browser.submit(form, {**typed, "established": ""})
    added = browser.submit(form, typed)
    details = browser.get(added.location).text
    given_back = browser.submit(f"{added.location}/withdraw", {"reason": "has the flu"})

    assert refused.status_code == 422
    assert "Choose how the guardian said yes." in refused.text
    assert "Has a place" in details
    assert "has the flu" in browser.get(given_back.location).text


@pytest.mark.race
def test_a_hundred_crossing_moves_leave_the_sums_as_they_were(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        desk = Desk(session, StoppedClock())
        here = open_occasion(session, activity=desk.activity, capacity=10)
        there = open_occasion(session, activity=desk.activity, capacity=10)
        children = [make_participant(session).id for _ in range(8)]
        for number, child in enumerate(children):
            of = here if number % 2 else there
            make_signup(session, occasion=of, participant=session.get_one(Participant, child))
        librarian, library = desk.librarian.id, desk.library.id
    barrier = Barrier(len(children))

    def cross(child: int) -> None:
        barrier.wait()
        for _ in range(13):
            with app.app_context(), unit_of_work() as (session, clock):
                mine = select(Signup).where(
                    Signup.participant_id == child, Signup.state == SignupState.CONFIRMED
                )
                signup = session.scalars(mine).one()
                to = there.id if signup.occasion_id == here.id else here.id
                at = AtDesk(
                    account_id=librarian,
                    library_ids=frozenset({library}),
                    occasion_id=signup.occasion_id,
                    signup_id=signup.id,
                )
                move_to_occasion(session, clock, desk=at, to=to, holds=HOLDS, seal=SEAL)

    with ThreadPoolExecutor(len(children)) as threads:
        list(threads.map(cross, children))

    with arranging() as session:
        taken = [count_in(session, occasion.id).taken for occasion in (here, there)]
        assert sum(taken) == len(children)
        assert max(taken) <= 10
