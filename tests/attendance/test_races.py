"""Ticks that arrive while the register is being closed are in the facts, or refused: never lost between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.models import Occasion
from booking.activities.queries import get_own_meeting
from booking.attendance.door import Answers, Reach, RegisterIsClosed, Unknown
from booking.attendance.models import Mark
from booking.attendance.operations import close_meeting, count, mark
from booking.attendance.queries import get_meeting_for_ticks
from booking.attendance.rules import Standing, Telling
from booking.participation.models import PersonFact
from booking.participation.rules import HeadcountBand, MeetingOutcome, Outcome
from booking.staff.rules import Role
from booking.work import unit_of_work
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

pytestmark = pytest.mark.race

PHONES = 7


class Scene:
    """A meeting that starts now, with a child for each phone, and one child dropped in."""

    def __init__(self, app: Flask, clock: StoppedClock) -> None:
        self.app = app
        with app.app_context(), unit_of_work() as (session, _clock):
            library = make_library(session)
            activity = make_activity(session, library=library)
            occasion = make_occasion(session, activity=activity)
            self.account_id = make_account(session, Role.LIBRARIAN, library=library).id
            self.library_ids = frozenset({library.id})
            self.meeting_id = make_meeting(session, occasion=occasion, starts_at=NOON).id
            self.child_ids = [self._child(session, occasion) for _phone in range(PHONES)]
        with app.app_context(), unit_of_work() as (session, _clock):
            meeting = get_own_meeting(session, self.meeting_id, library_ids=self.library_ids)
            said, band = self.telling("drop-in"), HeadcountBand.AGE_6_12
            count(session, clock, meeting=meeting, band=band, delta=1, telling=said)

    @staticmethod
    def _child(session: Session, occasion: Occasion) -> int:
        child = make_participant(session)
        make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
        return child.id

    def telling(self, event_id: str) -> Telling:
        return Telling(event_id=event_id, told_at=None, device=event_id, account_id=self.account_id)

    def tick(self, child_id: int) -> bool:
        """Tick the child, and tell whether the tick was taken."""
        reach = Reach(at_the_door=self.library_ids, always=frozenset())
        said = self.telling(f"tick-{child_id}")
        try:
            with self.app.app_context(), unit_of_work() as (session, clock):
                meeting = get_meeting_for_ticks(session, self.meeting_id, reach=reach, now=clock())
                came = Standing.CAME
                mark(session, clock, meeting=meeting, participant_id=child_id, standing=came, telling=said)
        except RegisterIsClosed:
            return False
        return True

    def close(self) -> None:
        answers = Answers(outcome=MeetingOutcome.HELD, unknown=Unknown.NOT_KNOWN)
        with self.app.app_context(), unit_of_work() as (session, clock):
            meeting = get_own_meeting(session, self.meeting_id, library_ids=self.library_ids)
            close_meeting(session, clock, meeting=meeting, answers=answers, account_id=self.account_id)


@pytest.mark.parametrize("attempt", range(5))
def test_a_tick_is_in_the_facts_or_refused(app: Flask, clock: StoppedClock, attempt: int) -> None:
    scene, start = Scene(app, clock), Barrier(PHONES + 1)

    def tick(child_id: int) -> bool:
        start.wait()
        return scene.tick(child_id)

    def close() -> None:
        start.wait()
        scene.close()

    with ThreadPoolExecutor(PHONES + 1) as pool:
        closing = pool.submit(close)
        taken = list(pool.map(tick, scene.child_ids))
        closing.result()

    with app.app_context(), unit_of_work() as (session, _clock):
        came = session.scalar(select(func.count()).where(PersonFact.outcome == Outcome.CAME))
        kept = session.scalar(select(func.count()).select_from(Mark))
    assert came == kept == sum(taken)


def test_the_same_tick_from_many_requests_at_once_is_one(app: Flask, clock: StoppedClock) -> None:
    scene, start = Scene(app, clock), Barrier(PHONES)

    def tick(_number: int) -> bool:
        start.wait()
        return scene.tick(scene.child_ids[0])

    with ThreadPoolExecutor(PHONES) as pool:
        taken = list(pool.map(tick, range(PHONES)))

    with app.app_context(), unit_of_work() as (session, _clock):
        kept = session.scalar(select(func.count()).select_from(Mark))
    assert (taken, kept) == ([True] * PHONES, 1)
