"""Several at once, on both databases: what must hold whoever comes first."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.queries import get_published_occasion
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.people.models import Family, Participant
from booking.signups.answers import say_yes, withdraw
from booking.signups.models import Signup, SignupMove
from booking.signups.operations import request_places
from booking.signups.queries import count_in
from booking.signups.rules import HOLDS_A_PLACE, SignupState, place_is_free
from booking.signups.taking import take_occasion, take_open_occasion
from booking.signups.time_operations import end_holds, serve_queues
from booking.tokens import new_uid
from booking.work import reading, unit_of_work
from tests.factories import NOON, make_family, make_participant, make_signup
from tests.signups.asking import (
    HOLDS,
    SEAL,
    count_of,
    letters,
    open_occasion,
    place_request,
    secret_in_letter,
)

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]
MANY = 8


def slow_clock() -> datetime:
    """A clock that takes its time, so that whoever is not locked out comes in between."""
    time.sleep(0.02)
    return NOON


def at_once(app: Flask, act: Callable[[int], object], times: int = MANY) -> list[object]:
    """Do the act in so many threads at the same moment; fail if one of them fails."""
    barrier = Barrier(times)

    def take_part(number: int) -> object:
        with app.app_context():
            barrier.wait()
            return act(number)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(take_part, range(times)))


def asking(occasion_id: int, *, key: str | None = None, email: str | None = None) -> Callable[[int], object]:
    def act(number: int) -> object:
        with unit_of_work() as (session, _clock):
            occasion = take_open_occasion(session, occasion_id)
            request = place_request(
                session, ask_key=key or new_uid(), email=email or f"forelder-{number}@example.org"
            )
            answer = request_places(
                session, slow_clock, occasion=occasion, request=request, holds=HOLDS, seal=SEAL
            )
        return answer.state

    return act


def asking_without_the_lock(occasion_id: int) -> Callable[[int], object]:
    """The same act on PostgreSQL, but the row of the occasion is read and not locked."""

    def act(number: int) -> object:
        with unit_of_work() as (session, _clock):
            occasion = get_published_occasion(session, occasion_id)
            request = place_request(session, email=f"forelder-{number}@example.org")
            answer = request_places(
                session, slow_clock, occasion=occasion, request=request, holds=HOLDS, seal=SEAL
            )
        return answer.state

    return act


def counting_before_the_lock(occasion_id: int) -> Callable[[int], object]:
    """Count first and take the lock for storing only: on SQLite, where the whole database has one lock."""

    def act(number: int) -> object:
        with reading() as (session, _clock):
            counts = count_in(session, occasion_id)
            is_free = place_is_free(capacity=1, taken=counts.taken, waiting=counts.waiting)
        state = SignupState.AWAITING_EMAIL if is_free else SignupState.QUEUED
        slow_clock()
        with unit_of_work() as (session, _clock):
            make_signup(session, occasion=take_occasion(session, occasion_id), state=state)
        return state

    return act


def test_of_eight_who_want_the_last_place_one_gets_it_and_seven_wait_in_order(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion_id = open_occasion(session, capacity=1).id

    told = at_once(app, asking(occasion_id))

    assert Counter(told) == {SignupState.AWAITING_EMAIL: 1, SignupState.QUEUED: 7}
    with arranging() as session:
        signups = session.scalars(select(Signup).order_by(Signup.id)).all()
        assert signups[0].state is SignupState.AWAITING_EMAIL
        assert {signup.state for signup in signups[1:]} == {SignupState.QUEUED}
        assert Counter(letters(session)) == {"signup_awaiting_email": 1, "signup_queued": 7}


def test_the_same_race_without_the_lock_gives_one_place_to_several(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        occasion_id = open_occasion(session, capacity=1).id
        on_sqlite = session.get_bind().dialect.name == "sqlite"
    unlocked = counting_before_the_lock if on_sqlite else asking_without_the_lock

    at_once(app, unlocked(occasion_id))

    with arranging() as session:
        taken = session.scalars(select(Signup.id).where(Signup.state.in_(HOLDS_A_PLACE))).all()
        assert len(taken) > 1


def test_one_form_sent_eight_times_is_one_sign_up_and_one_letter(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        occasion_id = open_occasion(session).id

    told = at_once(app, asking(occasion_id, key=new_uid(), email="ola@example.org"))

    assert set(told) == {SignupState.AWAITING_EMAIL}
    with arranging() as session:
        rows = (Signup, SignupMove, Letter, Family, Participant)
        assert [count_of(session, table) for table in rows] == [1, 1, 1, 1, 1]


def test_a_new_family_that_asks_at_eight_occasions_at_once_is_one_family(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        # Five letters may wait unanswered at one address; the limit is not what this is about.
        ids = [open_occasion(session).id for _ in range(5)]

    at_once(app, lambda number: asking(ids[number], email="ola@example.org")(number), times=5)

    with arranging() as session:
        assert [count_of(session, table) for table in (Family, Participant, Signup)] == [1, 1, 5]


def test_a_place_given_back_by_two_at_once_is_given_back_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        occasion = open_occasion(session, capacity=2)
        signup_id = make_signup(session, occasion=occasion).id
        make_signup(session, occasion=occasion)
        for _ in range(3):
            make_signup(session, occasion=occasion, state=SignupState.QUEUED)

    def give_back(_number: int) -> None:
        with unit_of_work() as (session, _clock):
            withdraw(session, slow_clock, signup_id=signup_id, holds=HOLDS)

    at_once(app, give_back, times=2)

    with arranging() as session:
        states = Counter(session.scalars(select(Signup.state)))
        assert states == {
            SignupState.WITHDRAWN: 1,
            SignupState.CONFIRMED: 1,
            SignupState.OFFERED: 1,
            SignupState.QUEUED: 2,
        }
        assert Counter(letters(session)) == {"signup_withdrawn": 1, "offer_made": 1}


def test_eight_runs_of_the_queue_offer_each_place_once_to_the_heads_of_the_queue(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion = open_occasion(session, capacity=5)
        waiting = [make_signup(session, occasion=occasion, state=SignupState.QUEUED).id for _ in range(9)]

    def serve(_number: int) -> int:
        with unit_of_work() as (session, _clock):
            return serve_queues(session, slow_clock, holds=HOLDS)

    offered = at_once(app, serve)

    assert sorted(offered) == [0] * 7 + [5]  # type: ignore[type-var]
    with arranging() as session:
        heads = session.scalars(select(Signup.id).where(Signup.state == SignupState.OFFERED)).all()
        assert sorted(heads) == waiting[:5]
        assert letters(session) == ["offer_made"] * 5


def offer_to_one(session: Session) -> tuple[str, datetime]:
    """Offer the only place to the only one who waits; return the secret of the offer, and its end."""
    occasion = open_occasion(session, capacity=1)
    child = make_participant(session, family=make_family(session, verified_at=None))
    make_signup(session, occasion=occasion, participant=child, state=SignupState.QUEUED)
    serve_queues(session, lambda: NOON, holds=HOLDS)
    until = session.scalars(select(Signup.held_until)).one()
    assert until is not None
    return secret_in_letter(session, "secret"), until


def test_an_offer_answered_just_as_it_ends_has_one_outcome_and_its_letter(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        secret, until = offer_to_one(session)

    def in_time() -> datetime:
        return until - timedelta(microseconds=1)

    def accept_or_end(number: int) -> None:
        with unit_of_work() as (session, _clock):
            if number % 2:
                end_holds(session, lambda: until, holds=HOLDS)
                return
            link = follow_link(session, in_time, purpose=Purpose.OFFER, secret=secret)
            say_yes(session, in_time, link=link, holds=HOLDS)

    at_once(app, accept_or_end)

    outcomes = {SignupState.CONFIRMED: "signup_confirmed", SignupState.EXPIRED: "offer_expired"}
    with arranging() as session:
        state = session.scalars(select(Signup.state)).one()
        assert letters(session) == ["offer_made", outcomes[state]]
