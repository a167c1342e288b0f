"""Calling off and moving, on both databases: everybody concerned is told once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.dates import EndsBeforeStart, MeetingIsOver, Slot
from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_own_meeting, get_own_occasion
from booking.activities.rules import MeetingState, OccasionCalledOff
from booking.libraries.models import Library
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.signups.changes import (
    call_off_meeting,
    call_off_occasion,
    move_meetings,
    put_meeting_back_on,
    put_occasion_back_on,
)
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.queries import count_families_of
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_family,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.signups.asking import letters

WEEK = timedelta(days=7)


def full_house(session: Session, *, meetings: int = 1, **changes: Any) -> Occasion:
    """A family with two children, one of another that waits for an answer, and one in the queue."""
    occasion = make_occasion(session, **changes)
    for week in range(1, meetings + 1):
        make_meeting(session, occasion=occasion, starts_at=NOON + week * WEEK)
    family = make_family(session)
    for name in ("Ada", "Bo"):
        child = make_participant(session, family=family, first_name=name)
        make_signup(session, occasion=occasion, participant=child)
    make_signup(
        session, occasion=occasion, state=SignupState.AWAITING_EMAIL, held_until=NOON + timedelta(hours=24)
    )
    make_signup(session, occasion=occasion, state=SignupState.QUEUED)
    make_signup(session, occasion=occasion, state=SignupState.WITHDRAWN)
    session.expunge_all()
    return own(session, occasion.id)


def own(session: Session, occasion_id: int) -> Occasion:
    return get_own_occasion(session, occasion_id, library_ids=session.scalars(select(Library.id)).all())


def first_meeting(session: Session, occasion: Occasion) -> Meeting:
    return get_own_meeting(session, occasion.meetings[0].id, library_ids={occasion.activity.library_id})


def states(session: Session) -> list[SignupState]:
    return list(session.scalars(select(Signup.state).order_by(Signup.id)))


def test_calling_off_ends_all_sign_ups_and_tells_each_family_once(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session, meetings=2)
    account_id = make_account(session, Role.LIBRARIAN, library=occasion.activity.library).id
    expected = count_families_of(session, occasion.id)

    told = call_off_occasion(session, clock, occasion=occasion, account_id=account_id)

    assert told == expected == 3
    assert letters(session) == ["signup_called_off"] * 3
    assert states(session) == [
        SignupState.CALLED_OFF,
        SignupState.CALLED_OFF,
        SignupState.EXPIRED,
        SignupState.EXPIRED,
        SignupState.WITHDRAWN,
    ]
    assert {meeting.state for meeting in occasion.meetings} == {MeetingState.CALLED_OFF}
    letter = session.scalars(select(Letter).limit(1)).one()
    assert [each["starts_at"] for each in letter.facts["meetings"]] == [
        (NOON + week * WEEK).isoformat() for week in (1, 2)
    ]
    steps = session.scalars(select(SignupMove)).all()
    assert {(step.mover, step.account_id) for step in steps} == {(Mover.STAFF, account_id)}


def test_calling_off_twice_tells_once(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)
    account_id = make_account(session).id
    call_off_occasion(session, clock, occasion=occasion, account_id=account_id)

    assert call_off_occasion(session, clock, occasion=occasion, account_id=account_id) == 0
    assert len(letters(session)) == 3


def test_what_is_over_cannot_be_called_off(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)
    clock.forward(days=8)

    with pytest.raises(MeetingIsOver):
        call_off_occasion(session, clock, occasion=occasion, account_id=make_account(session).id)
    assert SignupState.CALLED_OFF not in states(session)


def test_one_date_of_a_course_is_called_off_and_the_sign_ups_stand(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session, meetings=3)
    meeting, account_id = first_meeting(session, occasion), make_account(session).id
    before = states(session)

    told = [call_off_meeting(session, clock, meeting=meeting, account_id=account_id) for _ in range(2)]

    assert told == [3, 0]
    assert letters(session) == ["meeting_called_off"] * 3
    assert states(session) == before
    letter = session.scalars(select(Letter).limit(1)).one()
    assert letter.facts["was"]["starts_at"] == (NOON + WEEK).isoformat()
    assert len(letter.facts["meetings"]) == 2


def test_with_the_last_date_the_occasion_is_called_off(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)
    meeting = first_meeting(session, occasion)

    call_off_meeting(session, clock, meeting=meeting, account_id=make_account(session).id)

    assert letters(session) == ["signup_called_off"] * 3
    assert occasion.called_off_at == clock()


def test_a_date_that_moves_is_told_with_the_way_out_for_each_child(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session)
    meeting, account_id = first_meeting(session, occasion), make_account(session).id
    slot = Slot(starts_at=NOON + timedelta(hours=6), ends_at=NOON + timedelta(hours=8))

    told = [
        move_meetings(session, clock, meetings=[meeting], slots=[slot], room="Loftet", account_id=account_id)
        for _ in range(2)
    ]

    assert told == [3, 0]
    assert letters(session) == ["meeting_moved"] * 3
    facts = session.scalars(select(Letter.facts).order_by(Letter.id).limit(1)).one()
    [change] = facts["moves"]
    assert (change["was"]["room"], change["now"]["room"]) == ("Barneavdelingen", "Loftet")
    assert [place["child"] for place in facts["places"]] == ["Ada", "Bo"]
    for place in facts["places"]:
        follow_link(session, clock, purpose=Purpose.SIGNUP, secret=place["secret"])


def test_a_date_that_moves_forward_takes_its_holds_along(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)
    soon = NOON + timedelta(hours=6)

    move_meetings(
        session,
        clock,
        meetings=[first_meeting(session, occasion)],
        slots=[Slot(starts_at=soon, ends_at=soon + timedelta(hours=2))],
        room="Loftet",
        account_id=make_account(session).id,
    )

    held = session.scalars(select(Signup.held_until).where(Signup.state == SignupState.AWAITING_EMAIL)).one()
    assert held == soon


def test_a_date_is_not_moved_to_an_end_before_its_start(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)

    with pytest.raises(EndsBeforeStart):
        move_meetings(
            session,
            clock,
            meetings=[first_meeting(session, occasion)],
            slots=[Slot(starts_at=NOON + WEEK, ends_at=NOON + WEEK)],
            room="Loftet",
            account_id=make_account(session).id,
        )
    assert letters(session) == []


def test_a_stranger_s_words_are_in_no_letter_about_a_change(session: Session, clock: StoppedClock) -> None:
    occasion = full_house(session)
    call_off_occasion(session, clock, occasion=occasion, account_id=make_account(session).id)

    for letter in session.scalars(select(Letter)):
        assert "Ada" not in str(letter.facts)


def test_a_date_that_is_on_after_all_is_told_to_each_family_once(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session)
    first, account_id = first_meeting(session, occasion), make_account(session).id
    make_meeting(session, occasion=occasion, starts_at=NOON + WEEK + WEEK)
    session.refresh(occasion, attribute_names=["meetings"])
    call_off_meeting(session, clock, meeting=first, account_id=account_id)
    clock.forward(minutes=1)

    told = [put_meeting_back_on(session, clock, meeting=first, account_id=account_id) for _ in range(2)]

    assert (told, first.state) == ([3, 0], MeetingState.SCHEDULED)
    assert letters(session) == ["meeting_called_off"] * 3 + ["meeting_back_on"] * 3


def test_a_course_that_is_on_after_all_gives_no_place_back_silently(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session)
    account_id = make_account(session).id
    call_off_occasion(session, clock, occasion=occasion, account_id=account_id)
    clock.forward(minutes=1)

    told = [put_occasion_back_on(session, clock, occasion=occasion, account_id=account_id) for _ in range(2)]

    assert told[0] > 0
    assert told[1] == 0
    assert letters(session)[3:] == ["occasion_back_on"] * told[0]
    assert not set(session.scalars(select(Signup.state))) & {SignupState.CONFIRMED, SignupState.QUEUED}
    assert occasion.called_off_at is None


def test_one_date_of_a_course_that_is_called_off_cannot_be_on_alone(
    session: Session, clock: StoppedClock
) -> None:
    occasion = full_house(session)
    account_id = make_account(session).id
    call_off_occasion(session, clock, occasion=occasion, account_id=account_id)

    with pytest.raises(OccasionCalledOff):
        put_meeting_back_on(session, clock, meeting=first_meeting(session, occasion), account_id=account_id)
