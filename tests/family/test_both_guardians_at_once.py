"""Both guardians, or one of them twice, at the same moment, on both databases."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.consent.half_queries import take_half_yeses
from booking.consent.models import Consent, Permission
from booking.consent.queries import age_rule_at, current_wording
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose
from booking.consent.shared import runs_out_at
from booking.consent.shared_models import Accord, HalfYes
from booking.errors import NotFound, Refusal
from booking.family import other_guardian_operations, shared_telling
from booking.family.other_guardian_operations import other_is_a_stranger, other_says_no, other_says_yes
from booking.family.shared_operations import answer_about_pictures, take_question_back
from booking.family.shared_queries import take_asked
from booking.family.shared_rules import OtherAnswer, PicturesNotWaiting
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.people.models import Family, OtherGuardian, Participant
from booking.signups.queries import get_signup, take_turn
from booking.work import unit_of_work
from tests.factories import NOON, make_activity, make_family, make_library, make_participant, make_signup
from tests.family.sharing import FATHER, MOTHER, Arranging
from tests.signups.asking import open_occasion
from tests.signups.test_races import at_once

pytestmark = pytest.mark.race

WEB, PRINT = WordingPurpose.PHOTO_WEB, WordingPurpose.PHOTO_PRINT
Numbers = dict[str, int]


def slow_clock() -> datetime:
    """A clock that takes its time, so that whoever is not locked out comes in between."""
    time.sleep(0.02)
    return NOON


@pytest.fixture
def numbers(arranging: Arranging) -> Numbers:
    """Ada has a place; her mother has said yes to two kinds of pictures, and her father was asked."""
    with arranging() as session:
        library = make_library(session)
        occasion = open_occasion(session, activity=make_activity(session, library=library))
        ada = make_participant(session, family=make_family(session, email=MOTHER))
        signup = make_signup(session, occasion=occasion, participant=ada)
        other = OtherGuardian(family_id=ada.family_id, email=FATHER, language=Language.EN, known_since=NOON)
        session.add(other)
        session.flush()
        for purpose in (WEB, PRINT):
            session.add(
                HalfYes(
                    participant_id=ada.id,
                    occasion_id=occasion.id,
                    purpose=purpose,
                    library_id=library.id,
                    wording_id=current_wording(session, purpose=purpose, language=Language.EN).id,
                    capacity=Capacity.PARENT,
                    established=Established.SELF_DECLARED,
                    way=Way.FORM,
                    child_answer=ChildAnswer.YES,
                    age_rule_id=age_rule_at(session, now=NOON).id,
                    said_at=NOON,
                    runs_out_at=runs_out_at(NOON),
                    other_guardian_id=other.id,
                    asked_at=NOON,
                    letters=1,
                )
            )
        return {"signup": signup.id, "other": other.id, "ada": ada.id}


def fathers_yes(arranging: Arranging, numbers: Numbers) -> Callable[[int], object]:
    with arranging() as session:
        halves = session.scalars(select(HalfYes.id)).all()
        words = {
            purpose: current_wording(session, purpose=purpose, language=Language.EN).digest
            for purpose in (WEB, PRINT)
        }
    answer = OtherAnswer(
        asked=frozenset(halves),
        numbers=frozenset(halves),
        capacity=Capacity.PARENT,
        language=Language.EN,
        words_shown=words,
    )

    def act(_number: int) -> object:
        try:
            with unit_of_work() as (session, _clock):
                other_says_yes(session, slow_clock, other_guardian_id=numbers["other"], answer=answer)
        except (PicturesNotWaiting, NotFound) as refusal:
            return type(refusal).__name__
        return "yes"

    return act


def consents(arranging: Arranging) -> Counter[Step]:
    with arranging() as session:
        return Counter(session.scalars(select(Consent.step)))


def left(arranging: Arranging) -> list[HalfYes]:
    with arranging() as session:
        return list(session.scalars(select(HalfYes)))


def test_the_second_yes_pressed_many_times_at_once_is_one(
    app: Flask, arranging: Arranging, numbers: Numbers
) -> None:
    told = at_once(app, fathers_yes(arranging, numbers))

    assert Counter(told) == {"yes": 1, "PicturesNotWaiting": 7}
    assert consents(arranging) == {Step.GIVEN: 2}
    with arranging() as session:
        assert len(session.scalars(select(Accord)).all()) == 2
        letters = Counter(session.scalars(select(Letter.template)))
    assert letters == {"pictures_agreed": 1, "pictures_other_thanked": 1}


def mothers_word(session: Session, numbers: Numbers, word: str) -> None:
    """She takes it back, or says that she decides alone; or the father says no himself."""
    if word == "no":
        asked = session.scalars(select(HalfYes.id)).all()
        other_says_no(session, slow_clock, other_guardian_id=numbers["other"], asked=asked)
        return
    signup = get_signup(session, numbers["signup"])
    if word == "alone":
        answer_about_pictures(session, slow_clock, signup=signup, other_email=None, by_guardian=False)
    else:
        take_question_back(session, slow_clock, signup=signup)


@pytest.mark.parametrize("word", ["taken back", "no", "alone"])
def test_two_answers_at_the_same_moment_come_one_after_the_other(
    app: Flask, arranging: Arranging, numbers: Numbers, word: str
) -> None:
    yes = fathers_yes(arranging, numbers)

    def act(number: int) -> object:
        if number % 2:
            return yes(number)
        try:
            with unit_of_work() as (session, _clock):
                mothers_word(session, numbers, word)
        except Refusal as refusal:
            return type(refusal).__name__
        return word

    told = Counter(at_once(app, act, times=4))

    # Whoever came first was heard, and nothing is left that waits.
    stands = {Step.GIVEN: 2} if told["yes"] or word == "alone" else {}
    assert left(arranging) == []
    assert consents(arranging) == stands
    assert told["yes"] + (told["alone"] if word == "alone" else 0) == (1 if stands else 0)
    with arranging() as session:
        assert len(session.scalars(select(Accord)).all()) == sum(stands.values())


def run_out_in_another_order(arranging: Arranging, numbers: Numbers) -> None:
    """Bo, who was known later, waits at the earlier occasion: by occasions, it comes before Ada."""
    with arranging() as session:
        ada = session.get_one(Participant, numbers["ada"])
        bo = make_participant(session, family=session.get_one(Family, ada.family_id))
        for half in session.scalars(select(HalfYes).where(HalfYes.purpose == PRINT)):
            half.participant_id, half.runs_out_at = bo.id, NOON - timedelta(days=1)
            make_signup(session, occasion=session.get_one(Occasion, half.occasion_id), participant=bo)
        activity = make_activity(session)
        later = open_occasion(session, activity=activity)
        make_signup(session, occasion=later, participant=ada)
        for half in session.scalars(select(HalfYes).where(HalfYes.purpose == WEB)):
            half.occasion_id, half.runs_out_at = later.id, NOON - timedelta(days=1)


def test_the_minutes_job_and_the_other_guardian_never_wait_for_each_other(
    app: Flask, arranging: Arranging, numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_out_in_another_order(arranging, numbers)
    has_begun = Event()

    def take(*told: Any, **named: Any) -> Any:
        found = take_half_yeses(*told, **named)
        has_begun.set()
        time.sleep(0.3)
        return found

    monkeypatch.setattr(shared_telling, "take_half_yeses", take)

    def job() -> object:
        with unit_of_work() as (session, _clock):
            return shared_telling.end_half_yeses(session, slow_clock)

    def stranger() -> object:
        has_begun.wait(5)
        try:
            with unit_of_work() as (session, _clock):
                other_is_a_stranger(session, slow_clock, other_guardian_id=numbers["other"])
        except NotFound:
            return "erased already"
        return "erased"

    told = at_once(app, lambda number: stranger() if number else job(), times=2)

    assert set(told) <= {2, 0, "erased", "erased already"}
    assert left(arranging) == []


def test_a_sibling_is_signed_up_while_the_other_guardian_answers(
    app: Flask, arranging: Arranging, numbers: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A sign-up holds the occasion, and then points at the child; an answer does it the other way round.
    yes, has_occasion, has_child = fathers_yes(arranging, numbers), Event(), Event()
    with arranging() as session:
        occasion_id = session.scalars(select(HalfYes.occasion_id)).first()
        ada = session.get_one(Participant, numbers["ada"])
        assert occasion_id is not None

    def take(*told: Any, **named: Any) -> Any:
        has_occasion.wait(5)
        found = take_asked(*told, **named)
        has_child.set()
        return found

    monkeypatch.setattr(other_guardian_operations, "take_asked", take)

    def sign_up() -> object:
        with unit_of_work() as (session, _clock):
            take_turn(session, occasion_id=occasion_id)
            has_occasion.set()
            has_child.wait(0.5)
            session.add(Permission(**permission(session, ada.id, occasion_id)))
            session.flush()
        return "signed up"

    assert set(at_once(app, lambda number: yes(number) if number else sign_up(), times=2)) == {
        "yes",
        "signed up",
    }


def permission(session: Session, participant_id: int, occasion_id: int) -> dict[str, Any]:
    """A row that points at a child and an occasion, as a sign-up writes it."""
    wording = current_wording(session, purpose=WordingPurpose.PERMISSION, language=Language.EN)
    return {
        "participant_id": participant_id,
        "occasion_id": occasion_id,
        "wording_id": wording.id,
        "capacity": Capacity.PARENT,
        "established": Established.SELF_DECLARED,
        "given_at": NOON,
    }
