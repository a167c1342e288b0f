"""Asking for a place, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.asked import overhearing_session
from booking.activities.audience import OutsideAudience
from booking.activities.rules import (
    AlreadyStarted,
    Mode,
    NoSignupNeeded,
    NotYetOpen,
    OccasionCalledOff,
    SignupClosed,
    Status,
    Visibility,
)
from booking.consent.models import Consent, NeedsNote, Permission
from booking.consent.rules import Capacity, ChildAnswer, Established, WordingChanged, WordingPurpose
from booking.consent.shared_models import HalfYes
from booking.errors import NotFound, Refusal
from booking.links.codes import try_code
from booking.links.models import MailedCode
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.models import Family, Participant
from booking.people.rules import NameHasLink
from booking.signups.answers import say_yes, say_yes_by_code
from booking.signups.asking import NeedsAsked
from booking.signups.born import BornNotUnderstood
from booking.signups.households import ChildrenRefused, IfNotAll
from booking.signups.models import Mover, Signup, SignupMove
from booking.signups.operations import request_places
from booking.signups.queries import get_signup
from booking.signups.rules import OccasionFull, SignupState, TooManyUnanswered
from booking.signups.taking import take_open_occasion
from booking.tokens import new_uid
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_participant,
    make_signup,
)
from tests.signups.asking import (
    HOLDS,
    SEAL,
    ask,
    count_of,
    letters,
    only_signup,
    open_occasion,
    place_request,
)

HOUR = timedelta(hours=1)


def test_a_child_that_is_asked_for_has_a_place_until_the_address_is_confirmed(
    session: Session, clock: StoppedClock
) -> None:
    answer = ask(session, clock, open_occasion(session))

    signup = only_signup(session)
    assert (answer.state, answer.held_until) == (SignupState.AWAITING_EMAIL, NOON + 24 * HOUR)
    assert (signup.state, signup.held_until, signup.asked_at) == (
        SignupState.AWAITING_EMAIL,
        NOON + 24 * HOUR,
        NOON,
    )


def test_with_the_place_goes_its_history_the_permission_and_the_letter(
    session: Session, clock: StoppedClock
) -> None:
    ask(session, clock, open_occasion(session))

    step, leave = session.scalars(select(SignupMove)).one(), session.scalars(select(Permission)).one()
    assert (step.from_state, step.to_state, step.mover) == (None, SignupState.AWAITING_EMAIL, Mover.FAMILY)
    assert (leave.capacity, leave.established) == (Capacity.PARENT, Established.SELF_DECLARED)
    assert letters(session) == ["signup_awaiting_email"]


def test_a_letter_to_an_unconfirmed_address_holds_nothing_that_a_stranger_typed(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion, first_name="Rampenissen", contact_name="Skurken")
    ask(session, clock, occasion, first_name="Rampenissen", contact_name="Skurken", email="kari@example.org")

    for letter in session.scalars(select(Letter)):
        assert "Rampenissen" not in str(letter.facts)
        assert "Skurken" not in str(letter.facts)


def test_when_all_places_are_taken_the_next_child_waits(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion)

    answer = ask(session, clock, occasion, email="kari@example.org")

    assert (answer.state, answer.held_until) == (SignupState.QUEUED, None)
    assert letters(session) == ["signup_awaiting_email", "signup_queued"]


def test_a_newcomer_does_not_pass_those_who_wait(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session, capacity=2)
    make_signup(session, occasion=occasion)
    make_signup(session, occasion=occasion, state=SignupState.QUEUED)

    assert ask(session, clock, occasion).state is SignupState.QUEUED


def test_places_for_those_who_walk_in_are_not_given_away_beforehand(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, mode=Mode.SIGN_UP_AND_WALK_IN, capacity=1, walk_in_places=5)
    ask(session, clock, occasion)

    assert ask(session, clock, occasion, email="kari@example.org").state is SignupState.QUEUED


def test_while_somebody_waits_a_place_is_held_for_a_shorter_time(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion)
    clock.forward(hours=5)

    ask(session, clock, occasion, email="kari@example.org")

    first = session.scalars(select(Signup).order_by(Signup.id).limit(1)).one()
    assert first.held_until == NOON + 7 * HOUR
    clock.forward(minutes=30)
    ask(session, clock, occasion, email="per@example.org")
    session.refresh(first)
    assert first.held_until == NOON + 7 * HOUR


def test_without_a_queue_the_next_child_is_told_that_it_is_full(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1, has_queue=False)
    ask(session, clock, occasion)

    with pytest.raises(OccasionFull):
        ask(session, clock, occasion, email="kari@example.org")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"opens_at": NOON + HOUR}, NotYetOpen),
        ({"closes_at": NOON}, SignupClosed),
        ({"called_off_at": NOON}, OccasionCalledOff),
        ({"mode": Mode.DROP_IN, "capacity": None}, NoSignupNeeded),
    ],
)
def test_what_is_not_open_says_why(
    session: Session, clock: StoppedClock, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    occasion = open_occasion(session, **changes)

    with pytest.raises(refusal):
        ask(session, clock, occasion)


def test_nobody_is_signed_up_after_the_start(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session)
    clock.forward(days=7, hours=5)

    with pytest.raises(AlreadyStarted):
        ask(session, clock, occasion)


@pytest.mark.parametrize(
    "hidden",
    [{"status": Status.DRAFT}, {"status": Status.ARCHIVED}, {"visibility": Visibility.INTERNAL}],
)
def test_what_the_public_may_not_see_does_not_exist(
    session: Session, clock: StoppedClock, hidden: dict[str, Any]
) -> None:
    occasion = open_occasion(session, activity=make_activity(session, **hidden))

    with pytest.raises(NotFound):
        ask(session, clock, occasion)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"born": "2010"}, OutsideAudience, "born"),
        ({"born": "10. trinn"}, OutsideAudience, "born"),
        ({"born": "soon"}, BornNotUnderstood, "born"),
        ({"first_name": "www.example.org"}, NameHasLink, "first_name"),
    ],
)
def test_the_reason_stands_with_the_child_whom_it_is_about(
    session: Session, clock: StoppedClock, changes: dict[str, Any], refusal: type[Refusal], field: str
) -> None:
    occasion = open_occasion(session)

    with pytest.raises(ChildrenRefused) as told:
        ask(session, clock, occasion, children=[{}, changes, {"first_name": "Cy", **changes}])

    reasons = [(number, type(reason), reason.field) for number, reason in told.value.refusals]
    assert reasons == [(1, refusal, field), (2, refusal, field)]
    assert count_of(session, Signup) == 0


def test_nobody_agrees_to_words_that_were_changed_meanwhile(session: Session, clock: StoppedClock) -> None:
    with pytest.raises(WordingChanged) as told:
        ask(session, clock, open_occasion(session), words_shown={WordingPurpose.PERMISSION: "0" * 64})

    assert told.value.field == "permission"
    assert count_of(session, Signup) == 0


def test_the_same_form_twice_is_one_sign_up_and_one_letter(session: Session, clock: StoppedClock) -> None:
    occasion, key = open_occasion(session, capacity=1, has_queue=False), new_uid()
    first = ask(session, clock, occasion, ask_key=key)
    clock.forward(minutes=1)

    again = ask(session, clock, occasion, ask_key=key)

    assert again == first
    assert count_of(session, Signup) == 1
    assert letters(session) == ["signup_awaiting_email"]


def test_a_form_with_the_address_mended_is_a_form_of_its_own(session: Session, clock: StoppedClock) -> None:
    occasion, key = open_occasion(session), new_uid()
    ask(session, clock, occasion, ask_key=key, email="ola@example.com")

    ask(session, clock, occasion, ask_key=key, email="ola@example.org")

    assert count_of(session, Signup) == 2


def test_one_form_sent_to_two_occasions_asks_at_both(session: Session, clock: StoppedClock) -> None:
    key = new_uid()
    ask(session, clock, open_occasion(session), ask_key=key)

    ask(session, clock, open_occasion(session), ask_key=key)

    assert count_of(session, Signup) == 2
    assert count_of(session, Participant) == 1


def test_a_form_whose_sign_up_is_over_asks_anew(session: Session, clock: StoppedClock) -> None:
    occasion, key = open_occasion(session), new_uid()
    ask(session, clock, occasion, ask_key=key)
    only_signup(session).state = SignupState.WITHDRAWN

    ask(session, clock, occasion, ask_key=key)

    states = session.scalars(select(Signup.state).order_by(Signup.id)).all()
    assert states == [SignupState.WITHDRAWN, SignupState.AWAITING_EMAIL]
    assert count_of(session, MailedCode) == 2


def test_a_child_that_is_signed_up_already_is_answered_like_a_new_one(
    session: Session, clock: StoppedClock
) -> None:
    family = make_family(session, email="ola@example.org")
    occasion = open_occasion(session)
    make_signup(session, occasion=occasion, participant=make_participant(session, family=family))

    known = ask(session, clock, occasion)
    new = ask(session, clock, occasion, first_name="Bo", email="kari@example.org")

    assert (known.standings, known.held_until) == (new.standings, new.held_until)
    assert letters(session) == ["signup_already", "signup_awaiting_email"]
    assert count_of(session, Signup) == 2


def test_the_owner_is_told_once_an_hour_that_the_child_is_signed_up_already(
    session: Session, clock: StoppedClock
) -> None:
    family = make_family(session, email="ola@example.org")
    occasion = open_occasion(session)
    make_signup(session, occasion=occasion, participant=make_participant(session, family=family))

    for _ in range(3):
        ask(session, clock, occasion)
    clock.forward(hours=1)
    ask(session, clock, occasion)

    assert letters(session) == ["signup_already"] * 2


def test_whoever_lost_the_letter_and_asks_again_gets_it_again(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session)
    ask(session, clock, occasion)

    ask(session, clock, occasion)

    assert letters(session) == ["signup_awaiting_email"] * 2
    assert count_of(session, Signup) == 1


def test_the_code_of_the_newest_letter_opens_the_page_of_the_newest_form(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session)
    codes = []
    for minute in range(5):
        clock.set(NOON + timedelta(minutes=minute))
        handle = ask(session, clock, occasion, ask_key=f"form {minute}").handle
        ask(session, clock, occasion, ask_key=f"form {minute}")
        newest = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
        assert newest is not None
        codes.append(newest.facts["code"])
        typed = try_code(session, clock, purpose=Purpose.SIGN_UP_CODE, handle=handle, typed=codes[-1])
        assert (typed.subject_id is not None) is (minute < 3)

    # At most three letters in an hour, and the same form twice is one.
    assert letters(session) == ["signup_awaiting_email"] * 3
    assert len(set(codes)) == 3


@pytest.mark.parametrize("state", [SignupState.QUEUED, SignupState.OFFERED, SignupState.CONFIRMED])
def test_forms_for_a_child_that_needs_no_code_are_one_letter_in_an_hour(
    session: Session, clock: StoppedClock, state: SignupState
) -> None:
    family = make_family(session, email="ola@example.org")
    occasion = open_occasion(session, capacity=5)
    make_signup(session, occasion=occasion, state=state, participant=make_participant(session, family=family))

    handles = []
    for second in range(10):
        clock.set(NOON + timedelta(seconds=second))
        handles.append(ask(session, clock, occasion, ask_key=f"form {second}").handle)

    assert len(letters(session)) == 1
    # What a wrong code is answered with is the same as for a child that nobody knows.
    new = ask(session, clock, occasion, first_name="Bo", email="kari@example.org").handle
    told = [
        try_code(session, clock, purpose=Purpose.SIGN_UP_CODE, handle=handle, typed="000000")
        for handle in (handles[0], new)
    ]
    assert told[0] == told[1]


@pytest.mark.parametrize("forms", [["Ada"], ["Ada", "Bo"]])
def test_the_newest_code_answers_for_all_children_of_its_form(
    session: Session, clock: StoppedClock, forms: list[str]
) -> None:
    occasion = open_occasion(session)
    for name in forms:
        ask(session, clock, occasion, ask_key=f"form of {name}", first_name=name)
        clock.forward(minutes=1)
    both: list[dict[str, Any]] = [{"first_name": "Ada"}, {"first_name": "Bo"}]

    answer = ask(session, clock, occasion, ask_key="both", children=both)

    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert letter.facts["held"] == 2
    typed = try_code(
        session, clock, purpose=Purpose.SIGN_UP_CODE, handle=answer.handle, typed=letter.facts["code"]
    )
    assert typed.subject_id is not None
    say_yes_by_code(session, clock, signup_id=typed.subject_id, holds=HOLDS)
    assert session.scalars(select(Signup.state)).all() == [SignupState.CONFIRMED] * 2


def test_a_sibling_who_only_finds_the_queue_comes_with_the_question_that_is_left(
    session: Session, clock: StoppedClock
) -> None:
    occasion = open_occasion(session, capacity=1)
    ask(session, clock, occasion, ask_key="first", first_name="Ada")
    clock.forward(minutes=1)
    both: list[dict[str, Any]] = [{"first_name": "Ada"}, {"first_name": "Bo"}]

    ask(session, clock, occasion, ask_key="both", children=both, if_not_all=IfNotAll.WAIT_TOGETHER)

    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    assert letter.template == "signup_awaiting_email"
    assert (letter.facts["held"], letter.facts["waiting"]) == (1, 1)
    assert letter.facts["code"]
    link = follow_link(session, clock, purpose=Purpose.CONFIRM_EMAIL, secret=letter.facts["secret"])
    receipt = say_yes(session, clock, link=link, holds=HOLDS)
    assert receipt is not None
    assert receipt.children == ("Ada",)
    states = session.scalars(select(Signup.state).order_by(Signup.id)).all()
    assert states == [SignupState.CONFIRMED, SignupState.QUEUED]


def test_what_an_earlier_form_ticked_is_nobodys_yes_once_a_newer_one_is_sent(
    session: Session, clock: StoppedClock
) -> None:
    activity = make_activity(session, photo_channels=["photo_internal", "photo_web"], asks_needs=True)
    occasion = open_occasion(session, activity=activity)
    ticked = frozenset({WordingPurpose.PHOTO_INTERNAL, WordingPurpose.PHOTO_WEB, WordingPurpose.NEWS})
    ask(session, clock, occasion, ask_key="a stranger", consents=ticked, child_answer=ChildAnswer.YES)
    clock.forward(minutes=5)

    needs = NeedsAsked(choices=("no_nuts",))
    own = frozenset({WordingPurpose.NEEDS})
    ask(session, clock, occasion, ask_key="her mother", consents=own, needs=needs)

    standing = session.scalars(select(Consent.purpose).order_by(Consent.id)).all()
    assert standing == [WordingPurpose.NEWS, WordingPurpose.NEEDS]
    assert session.scalars(select(HalfYes)).all() == []
    assert count_of(session, NeedsNote) == count_of(session, Permission) == 1


def test_a_known_child_is_refused_what_a_new_one_is_refused(session: Session, clock: StoppedClock) -> None:
    family = make_family(session, email="ola@example.org")
    occasion = open_occasion(session, capacity=1, has_queue=False)
    make_signup(session, occasion=occasion, participant=make_participant(session, family=family))

    with pytest.raises(OccasionFull):
        ask(session, clock, occasion)
    with pytest.raises(WordingChanged):
        ask(session, clock, occasion, words_shown={})


def test_the_sixth_unanswered_letter_in_an_hour_is_not_written(session: Session, clock: StoppedClock) -> None:
    for _ in range(5):
        ask(session, clock, open_occasion(session))
    occasion = open_occasion(session)

    with session.begin_nested() as undone:
        with pytest.raises(TooManyUnanswered):
            ask(session, clock, occasion)
        undone.rollback()

    ask(session, clock, occasion, email="kari@example.org")
    clock.forward(hours=1)
    ask(session, clock, occasion)
    assert len(letters(session)) == 7


def test_an_unverified_child_and_family_are_kept_once(session: Session, clock: StoppedClock) -> None:
    ask(session, clock, open_occasion(session))
    ask(session, clock, open_occasion(session), first_name="ADA", email="OLA@example.org")

    assert (count_of(session, Family), count_of(session, Participant)) == (1, 1)


def test_a_sign_up_costs_at_most_eleven_questions(session: Session, clock: StoppedClock) -> None:
    occasion = open_occasion(session)
    make_signup(session, occasion=occasion)
    request = place_request(session)
    session.flush()
    session.expunge_all()

    with overhearing_session(session) as asked:
        whole = take_open_occasion(session, occasion.id)
        request_places(session, clock, occasion=whole, request=request, holds=HOLDS, seal=SEAL)
        session.flush()

    assert len(asked) <= 11, "\n".join(asked)


def test_a_sign_up_that_is_gone_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_signup(session, 4711)
