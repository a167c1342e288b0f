"""Several at once at a family's own page, on both databases."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking.consent.models import Consent
from booking.consent.rules import Step
from booking.errors import NotFound
from booking.family.contact_operations import ask_for_new_address, take_new_address
from booking.family.my_operations import give_back_here, take_consent_back
from booking.family.stay_operations import ask_to_enter, enter_by_code, enter_by_link
from booking.family.stay_queries import find_family_of
from booking.libraries.rules import Language
from booking.links.models import Link
from booking.outbox.models import Letter
from booking.people.models import Family
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import SignupState
from booking.work import unit_of_work
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.agreeing import make_consent
from tests.family.entering import OLA, Arranging, way_in
from tests.signups.asking import HOLDS

pytestmark = pytest.mark.race

MANY = 8


def slow_clock() -> datetime:
    """A clock that takes its time, so that whoever is not locked out comes in between."""
    time.sleep(0.01)
    return NOON


def at_once(app: Flask, act: Callable[[], object]) -> list[object]:
    """Do the act in many threads at the same moment; NotFound is an answer."""
    barrier = Barrier(MANY)

    def take_part(_number: int) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return act()
            except NotFound:
                return None

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(take_part, range(MANY)))


def test_a_link_pressed_many_times_at_once_lets_in_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        make_family(session, email=OLA)
        ask_to_enter(session, lambda: NOON, email=OLA, language=Language.EN)
    secret = way_in(arranging).secret

    def press() -> object:
        with unit_of_work() as (session, _clock):
            return enter_by_link(session, slow_clock, secret=secret)

    entered = [each for each in at_once(app, press) if each is not None]

    assert len(entered) == 1
    with arranging() as session:
        assert find_family_of(session, lambda: NOON, secret=str(entered[0])) is not None


def test_a_code_typed_many_times_at_once_lets_in_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        make_family(session, email=OLA)
        handle = ask_to_enter(session, lambda: NOON, email=OLA, language=Language.EN)
    code = way_in(arranging).code

    def type_it() -> object:
        with unit_of_work() as (session, _clock):
            return enter_by_code(session, slow_clock, handle=handle, typed=code).secret

    assert len([each for each in at_once(app, type_it) if each is not None]) == 1
    with arranging() as session:
        stays = select(func.count(Link.id)).where(Link.used_at.is_not(None), Link.revoked_at.is_(None))
        assert session.scalar(stays) == 1


def test_two_families_that_want_one_address_do_not_both_get_it(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        for number in range(MANY):
            family = make_family(session, email=f"forelder-{number}@example.org")
            ask_for_new_address(session, lambda: NOON, family=family, email="felles@example.org")
        found = select(Letter).where(Letter.template == "family_address_new")
        secrets = [letter.facts["secret"] for letter in session.scalars(found)]
    left = list(secrets)

    def press() -> object:
        secret = left.pop()
        with unit_of_work() as (session, _clock):
            take_new_address(session, slow_clock, secret=secret)
            return secret

    moved = [each for each in at_once(app, press) if each is not None]

    assert len(moved) == 1
    with arranging() as session:
        emails = session.scalars(select(Family.email)).all()
        assert len(emails) == len(set(emails)) == MANY
        assert emails.count("felles@example.org") == 1


def test_a_place_given_back_and_a_yes_taken_back_many_times_at_once_are_so_once(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        library = make_library(session)
        occasion = make_occasion(session, activity=make_activity(session, library=library), capacity=1)
        make_meeting(session, occasion=occasion)
        family = make_family(session, email=OLA)
        ada = make_participant(session, family=family)
        signup = make_signup(session, occasion=occasion, participant=ada)
        consent = make_consent(session, child=ada, occasion=occasion, library_id=library.id)
        ask_to_enter(session, lambda: NOON, email=OLA, language=Language.EN)
    secret = way_in(arranging).secret
    with arranging() as session:
        stay = enter_by_link(session, lambda: NOON, secret=secret)

    def both() -> object:
        with unit_of_work() as (session, _clock):
            family = find_family_of(session, lambda: NOON, secret=stay)
            assert family is not None
            take_consent_back(session, slow_clock, family=family, consent_id=consent.id)
            give_back_here(session, slow_clock, family=family, signup_id=signup.id, holds=HOLDS)
            return True

    at_once(app, both)

    with arranging() as session:
        withdrawn = select(func.count(Consent.id)).where(Consent.step == Step.WITHDRAWN)
        assert session.scalar(withdrawn) == 1
        assert session.scalars(select(Signup.state)).all() == [SignupState.WITHDRAWN]
        assert session.scalar(select(func.count(SignupMove.id))) == 1
