"""Confirming, giving back, accepting, declining and disowning, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.consent.models import Permission
from booking.errors import NotFound
from booking.links.models import Link
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.people.models import Family, Participant
from booking.signups.answers import disown, say_no, say_yes, withdraw
from booking.signups.models import Signup
from booking.signups.rules import AllIsOver, SignupState
from booking.signups.time_operations import end_holds, serve_queues
from tests.conftest import StoppedClock
from tests.factories import NOON, make_family, make_participant, make_signup
from tests.signups.asking import (
    HOLDS,
    ask,
    count_of,
    letters,
    only_signup,
    open_occasion,
    secret_in_letter,
)


def link_in_letter(session: Session, clock: StoppedClock, purpose: Purpose) -> Link:
    templates = {Purpose.CONFIRM_EMAIL: "signup_awaiting_email", Purpose.OFFER: "offer_made"}
    secret = secret_in_letter(session, "secret", template=templates.get(purpose))
    return follow_link(session, clock, purpose=purpose, secret=secret)


def states(session: Session) -> list[SignupState]:
    return list(session.scalars(select(Signup.state).order_by(Signup.id)))


def offered_place(session: Session, clock: StoppedClock) -> Occasion:
    """One place, given back, and offered to the first of two who wait."""
    occasion = open_occasion(session, capacity=1)
    first = make_signup(session, occasion=occasion)
    ask(session, clock, occasion)
    ask(session, clock, occasion, email="kari@example.org")
    withdraw(session, clock, signup_id=first.id, holds=HOLDS)
    return occasion


def test_whoever_presses_the_button_in_time_has_the_place(session: Session, clock: StoppedClock) -> None:
    ask(session, clock, open_occasion(session))
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)

    receipt = say_yes(session, clock, link=link, holds=HOLDS)

    signup = only_signup(session)
    assert (signup.state, signup.held_until) == (SignupState.CONFIRMED, None)
    assert session.scalars(select(Family.verified_at)).one() == clock()
    assert receipt is not None
    assert follow_link(session, clock, purpose=Purpose.SIGNUP, secret=receipt.secret).subject_id == signup.id
    assert receipt.children == ("Ada",)
    assert letters(session) == ["signup_awaiting_email", "signup_confirmed"]


def test_pressing_twice_confirms_once(session: Session, clock: StoppedClock) -> None:
    ask(session, clock, open_occasion(session))
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)
    say_yes(session, clock, link=link, holds=HOLDS)

    assert say_yes(session, clock, link=link, holds=HOLDS) is None
    assert letters(session) == ["signup_awaiting_email", "signup_confirmed"]


def test_at_the_last_instant_it_is_too_late_and_the_place_goes_on(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion)
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)
    ask(session, clock, occasion, email="kari@example.org")
    clock.forward(hours=2)

    assert say_yes(session, clock, link=link, holds=HOLDS) is None

    assert states(session) == [SignupState.EXPIRED, SignupState.OFFERED]
    assert letters(session)[2:] == ["signup_expired", "offer_made"]
    assert session.scalars(select(Family.verified_at).where(Family.email == "ola@example.org")).one() is None


def test_a_moment_before_it_is_not_too_late(session: Session, clock: StoppedClock) -> None:
    ask(session, clock, open_occasion(session))
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)
    clock.forward(hours=24, microseconds=-1)

    assert say_yes(session, clock, link=link, holds=HOLDS)


def test_a_place_given_back_is_offered_to_who_waited_longest(session: Session, clock: StoppedClock) -> None:
    offered_place(session, clock)

    assert states(session) == [SignupState.WITHDRAWN, SignupState.OFFERED, SignupState.QUEUED]
    assert letters(session)[-2:] == ["signup_withdrawn", "offer_made"]


def test_an_offer_that_is_accepted_is_a_place(session: Session, clock: StoppedClock) -> None:
    offered_place(session, clock)

    say_yes(session, clock, link=link_in_letter(session, clock, Purpose.OFFER), holds=HOLDS)

    assert states(session) == [SignupState.WITHDRAWN, SignupState.CONFIRMED, SignupState.QUEUED]
    assert session.scalars(select(Family.verified_at).where(Family.email == "ola@example.org")).one()


def test_an_offer_that_is_declined_goes_to_the_next(session: Session, clock: StoppedClock) -> None:
    offered_place(session, clock)
    link = link_in_letter(session, clock, Purpose.OFFER)

    say_no(session, clock, link=link, holds=HOLDS)
    say_no(session, clock, link=link, holds=HOLDS)

    assert states(session) == [SignupState.WITHDRAWN, SignupState.DECLINED, SignupState.OFFERED]


def test_an_offer_answered_too_late_goes_to_the_next(session: Session, clock: StoppedClock) -> None:
    offered_place(session, clock)
    link = link_in_letter(session, clock, Purpose.OFFER)
    clock.forward(hours=12)

    assert say_yes(session, clock, link=link, holds=HOLDS) is None
    assert states(session) == [SignupState.WITHDRAWN, SignupState.EXPIRED, SignupState.OFFERED]
    assert "offer_expired" in letters(session)


def test_giving_back_twice_gives_back_one_place(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=2)
    first = make_signup(session, occasion=occasion)
    make_signup(session, occasion=occasion)
    for name in ("ola", "kari"):
        ask(session, clock, occasion, email=f"{name}@example.org")

    withdraw(session, clock, signup_id=first.id, holds=HOLDS)
    withdraw(session, clock, signup_id=first.id, holds=HOLDS)

    assert states(session)[2:] == [SignupState.OFFERED, SignupState.QUEUED]


def test_whoever_waits_can_leave_the_queue(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=1)
    make_signup(session, occasion=occasion)
    ask(session, clock, occasion)

    withdraw(session, clock, signup_id=session.scalars(select(Signup.id)).all()[1], holds=HOLDS)

    assert states(session) == [SignupState.CONFIRMED, SignupState.WITHDRAWN]


def test_after_the_last_meeting_there_is_nothing_to_give_back(session: Session, clock: StoppedClock) -> None:
    signup = make_signup(session, occasion=open_occasion(session))
    clock.forward(days=8)

    with pytest.raises(AllIsOver):
        withdraw(session, clock, signup_id=signup.id, holds=HOLDS)


def test_a_place_given_back_after_the_start_is_offered_to_nobody(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    first = make_signup(session, occasion=occasion)
    ask(session, clock, occasion)
    clock.forward(days=7, hours=5)

    withdraw(session, clock, signup_id=first.id, holds=HOLDS)

    assert states(session) == [SignupState.WITHDRAWN, SignupState.QUEUED]


def test_only_a_letter_about_an_answered_sign_up_names_the_child(
    session: Session, clock: StoppedClock
) -> None:
    offered_place(session, clock)
    offer = session.scalars(select(Letter).where(Letter.template == "offer_made")).one()
    assert (offer.facts["child"], offer.facts["children"]) == (None, [])

    say_yes(session, clock, link=link_in_letter(session, clock, Purpose.OFFER), holds=HOLDS)

    confirmed = session.scalars(select(Letter).where(Letter.template == "signup_confirmed")).one()
    assert (confirmed.facts["child"], confirmed.facts["children"]) == ("Ada", ["Ada"])


def test_this_was_not_me_erases_all_that_the_stranger_entered(session: Session, clock: StoppedClock) -> None:
    ask(session, clock, open_occasion(session))
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)

    secret = secret_in_letter(session, "secret")

    disown(session, clock, link=link, holds=HOLDS)

    write_down(session)
    letter = session.scalars(select(Letter)).one()
    assert (letter.address, letter.facts, letter.state) == (None, {}, LetterState.DROPPED)
    for table in (Signup, Participant, Family, Permission):
        assert count_of(session, table) == 0
    assert session.scalars(select(AuditEntry.action)).all() == ["signup_disowned"]
    session.expire_all()
    with pytest.raises(NotFound):
        follow_link(session, clock, purpose=Purpose.CONFIRM_EMAIL, secret=secret)


def test_this_was_not_me_leaves_a_known_family_and_child_as_they_are(
    session: Session, clock: StoppedClock
) -> None:
    child = make_participant(session, family=make_family(session, email="ola@example.org"))
    other = make_signup(session, occasion=open_occasion(session), participant=child)
    ask(session, clock, open_occasion(session))

    disown(session, clock, link=link_in_letter(session, clock, Purpose.CONFIRM_EMAIL), holds=HOLDS)

    assert session.scalars(select(Signup.id)).all() == [other.id]
    assert (count_of(session, Participant), count_of(session, Permission)) == (1, 0)


def test_this_was_not_me_takes_a_stranger_s_child_out_of_a_known_family(
    session: Session, clock: StoppedClock
) -> None:
    make_family(session, email="ola@example.org")
    ask(session, clock, open_occasion(session), first_name="Bo")

    disown(session, clock, link=link_in_letter(session, clock, Purpose.CONFIRM_EMAIL), holds=HOLDS)

    assert (count_of(session, Family), count_of(session, Participant)) == (1, 0)


def test_a_place_that_is_disowned_goes_on(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion)
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)
    ask(session, clock, occasion, email="kari@example.org")

    disown(session, clock, link=link, holds=HOLDS)

    assert states(session) == [SignupState.OFFERED]


def test_what_a_family_has_answered_for_is_given_back_and_not_disowned(
    session: Session, clock: StoppedClock
) -> None:
    ask(session, clock, open_occasion(session))
    link = link_in_letter(session, clock, Purpose.CONFIRM_EMAIL)
    say_yes(session, clock, link=link, holds=HOLDS)

    with pytest.raises(NotFound):
        disown(session, clock, link=link, holds=HOLDS)


def test_children_asked_for_together_are_offered_and_accepted_together(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=2)
    taken = [make_signup(session, occasion=occasion) for _ in range(2)]
    family = make_family(session)
    for name in ("Ada", "Bo"):
        child = make_participant(session, family=family, first_name=name)
        make_signup(
            session, occasion=occasion, participant=child, state=SignupState.QUEUED, ask_key="together"
        )
    withdraw(session, clock, signup_id=taken[0].id, holds=HOLDS)
    assert states(session)[2:] == [SignupState.QUEUED] * 2

    withdraw(session, clock, signup_id=taken[1].id, holds=HOLDS)

    assert states(session)[2:] == [SignupState.OFFERED] * 2
    say_yes(session, clock, link=link_in_letter(session, clock, Purpose.OFFER), holds=HOLDS)
    assert states(session)[2:] == [SignupState.CONFIRMED] * 2


def test_the_sweep_ends_what_nobody_answered_and_serves_the_queue(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion)
    ask(session, clock, occasion, email="kari@example.org")

    assert (end_holds(session, clock, holds=HOLDS), serve_queues(session, clock, holds=HOLDS)) == (0, 0)
    clock.forward(hours=2)
    assert (end_holds(session, clock, holds=HOLDS), serve_queues(session, clock, holds=HOLDS)) == (1, 1)
    assert (end_holds(session, clock, holds=HOLDS), serve_queues(session, clock, holds=HOLDS)) == (0, 0)
    clock.forward(hours=12)
    assert (end_holds(session, clock, holds=HOLDS), serve_queues(session, clock, holds=HOLDS)) == (1, 0)
    assert states(session) == [SignupState.EXPIRED] * 2
    assert letters(session)[2:] == ["signup_expired", "offer_made", "offer_expired"]


@pytest.mark.parametrize("closes", [True, False])
def test_a_queue_ends_when_no_offer_can_come_any_more(
    session: Session, clock: StoppedClock, closes: bool
) -> None:
    occasion = open_occasion(session, capacity=1, closes_at=NOON.replace(day=30) if closes else None)
    make_signup(session, occasion=occasion)
    ask(session, clock, occasion)
    clock.set(NOON.replace(day=30))

    ended = end_holds(session, clock, holds=HOLDS)
    clock.forward(days=1, hours=5)

    assert (ended, end_holds(session, clock, holds=HOLDS)) == ((1, 0) if closes else (0, 1))
    assert letters(session) == ["signup_queued", "signup_queue_ended"]


def test_a_place_that_a_larger_room_makes_is_offered(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=1)
    make_signup(session, occasion=occasion)
    ask(session, clock, occasion)
    occasion.capacity = 2
    session.flush()

    assert serve_queues(session, clock, holds=HOLDS) == 1


def test_nothing_is_offered_for_what_is_called_off(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=1, called_off_at=NOON)
    make_signup(session, occasion=occasion, state=SignupState.QUEUED)

    assert serve_queues(session, clock, holds=HOLDS) == 0


def test_a_sign_up_that_was_erased_is_not_found(session: Session, clock: StoppedClock) -> None:
    with pytest.raises(NotFound):
        withdraw(session, clock, signup_id=4711, holds=HOLDS)
