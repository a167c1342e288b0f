"""Registers that are closed at the same moment are added up together: nothing twice, and nothing lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.participation.checking import wrong_first_meetings, wrong_meetings, wrong_months
from booking.participation.figures import Scope
from booking.participation.metric_queries import measure
from booking.participation.operations import record_facts, withdraw_facts
from booking.work import reading, unit_of_work
from tests.conftest import StoppedClock
from tests.factories import make_library
from tests.participation.test_facts import AUTUMN, CAME, meeting, person

pytestmark = pytest.mark.race

AT_ONCE = 6


def test_meetings_of_one_course_can_be_closed_at_the_same_moment(app: Flask, clock: StoppedClock) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        library_id = make_library(session).id
    barrier = Barrier(AT_ONCE)

    def close(number: int) -> None:
        persons = tuple(person(key, CAME) for key in ("A", "B", f"only {number}"))
        facts = meeting(f"m{number}", library_id, day=7 * number, occasion_id=5, persons=persons)
        barrier.wait()
        with app.app_context(), unit_of_work() as (session, at):
            record_facts(session, at, facts=facts)
        if number == 0:
            with app.app_context(), unit_of_work() as (session, _at):
                withdraw_facts(session, meeting_uid="m0")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(close, range(AT_ONCE)))

    with app.app_context(), reading() as (session, _clock):
        assert _wrong(session) == []
        tallies = measure(session, scope=Scope(library_ids=[library_id], period=AUTUMN)).tallies
    assert (tallies.sessions, tallies.named_attendances, tallies.unique, tallies.new) == (5, 15, 7, 7)
    assert tallies.visits_each == {1: 5, 5: 2}


def _wrong(session: Session) -> list[str]:
    checks = (wrong_meetings, wrong_months, wrong_first_meetings)
    return [found for check in checks for found in check(session) if found]
