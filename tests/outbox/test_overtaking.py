from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import claim_next, forget_letters_to, write_letter
from booking.outbox.rules import LetterState
from tests.conftest import StoppedClock


def written(session: Session, clock: StoppedClock, key: str, **changes: Any) -> Letter:
    values: dict[str, Any] = {"address": "ola@example.org", **changes}
    return write_letter(
        session,
        clock,
        key=key,
        template="signup_confirmed",
        language=Language.EN,
        facts={"child": "Ada"},
        **values,
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


def test_a_letter_to_nobody_leaves_as_much_behind_and_is_never_sent(
    session: Session, clock: StoppedClock
) -> None:
    letter = written(session, clock, "nobody", is_sent=False)

    assert (letter.state, letter.address, letter.facts) == (LetterState.DROPPED, None, {})
    assert letter.gone_at == clock()
    assert claim_next(session, clock) is None


def test_with_an_erased_person_go_the_letters_to_others_about_the_same(
    session: Session, clock: StoppedClock
) -> None:
    own = written(session, clock, "own")
    about = written(session, clock, "about", address="eva@example.org", about="new_address:1")
    other = written(session, clock, "other", address="per@example.org")

    taken = forget_letters_to(session, clock, address="ola@example.org", abouts=["new_address:1"])

    assert taken == 2
    assert [own.address, about.address, other.address] == [None, None, "per@example.org"]
