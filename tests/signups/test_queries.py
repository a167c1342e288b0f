"""Finding sign-ups, on both databases."""

from datetime import timedelta

from sqlalchemy.orm import Session

from booking.signups.queries import count_in, expected, register_of
from booking.signups.rules import SignupState
from tests.factories import NOON, make_signup
from tests.signups.asking import open_occasion


def test_the_register_holds_every_sign_up_and_the_expected_those_with_a_place(session: Session) -> None:
    occasion = open_occasion(session)
    # Whoever was let in first stands first, whatever two machines' clocks say.
    for number, state in enumerate(SignupState):
        make_signup(session, occasion=occasion, state=state, asked_at=NOON - timedelta(minutes=number))
    make_signup(session, occasion=open_occasion(session))

    register, coming = register_of(session, occasion.id), expected(session, occasion.id)

    assert [signup.state for signup in register] == list(SignupState)
    assert [signup.state for signup in coming] == [SignupState.CONFIRMED]
    assert coming[0].participant.family.contact_name == "Ola Eksempel"
    assert list(coming[0].moves) == []


def test_places_are_counted_from_what_stands(session: Session) -> None:
    occasion = open_occasion(session)
    nobody = count_in(session, occasion.id)
    for state in SignupState:
        make_signup(session, occasion=occasion, state=state)

    counts = count_in(session, occasion.id)

    assert (nobody.taken, nobody.waiting) == (0, 0)
    assert (counts.taken, counts.waiting) == (4, 1)
