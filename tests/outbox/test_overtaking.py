from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import claim_next, write_letter
from booking.outbox.rules import LetterState
from tests.conftest import StoppedClock


def written(session: Session, clock: StoppedClock, key: str, **changes: Any) -> Letter:
    return write_letter(
        session,
        clock,
        key=key,
        template="signup_confirmed",
        address="ola@example.org",
        language=Language.EN,
        facts={"child": "Ada"},
        **changes,
    )


def test_a_newer_letter_about_the_same_takes_the_place_of_one_that_still_waits(
    session: Session, clock: StoppedClock
) -> None:
    first = written(session, clock, "one", about="ask:1")
    other = written(session, clock, "two", about="ask:2")

    second = written(session, clock, "three", about="ask:1")

    assert (first.state, first.address, first.facts) == (LetterState.DROPPED, None, {})
    assert (other.state, second.state) == (LetterState.WAITING, LetterState.WAITING)


def test_a_letter_that_is_leaving_is_not_taken_back_by_a_newer_one(
    session: Session, clock: StoppedClock
) -> None:
    first = written(session, clock, "one", about="ask:1")
    claim_next(session, clock)

    written(session, clock, "two", about="ask:1")

    assert first.state is LetterState.SENDING


def test_the_same_act_again_takes_nothing_back(session: Session, clock: StoppedClock) -> None:
    first = written(session, clock, "one", about="ask:1")

    again = written(session, clock, "one", about="ask:1")

    assert again is first
    assert first.state is LetterState.WAITING


def test_a_letter_can_be_told_to_wait(session: Session, clock: StoppedClock) -> None:
    written(session, clock, "one", not_before=clock() + timedelta(seconds=30))

    assert claim_next(session, clock) is None
    clock.forward(seconds=30)
    assert claim_next(session, clock) is not None
