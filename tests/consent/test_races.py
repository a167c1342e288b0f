"""Several at once, on both databases: a consent ends once, and a rule is decided once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.consent.ending_operations import expire_consents, withdraw_consent
from booking.consent.rules import Step, Way
from booking.work import unit_of_work
from tests.conftest import StoppedClock
from tests.consent.saying import NEWS, occasion_in_a_week, say_yes, steps
from tests.factories import make_participant

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]
MANY = 8


def at_once(app: Flask, act: Callable[[Session, Clock], Any]) -> list[Any]:
    """Do the act in so many threads at the same moment; fail if one of them fails."""
    barrier = Barrier(MANY)

    def take_part(_number: int) -> Any:
        with app.app_context():
            barrier.wait()
            with unit_of_work() as (session, clock):
                return act(session, clock)

    with ThreadPoolExecutor(MANY) as threads:
        return list(threads.map(take_part, range(MANY)))


def test_taken_back_at_several_places_at_once_a_consent_ends_once(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        ada = make_participant(session)
        say_yes(session, clock, ada, occasion_in_a_week(session), NEWS)

    answers = at_once(
        app,
        lambda session, now: withdraw_consent(
            session, now, participant_id=ada.id, purpose=NEWS, occasion_id=None, way=Way.LINK
        ),
    )

    assert sorted(answers) == [False] * (MANY - 1) + [True]
    with arranging() as session:
        assert steps(session, ada) == [(NEWS, Step.GIVEN), (NEWS, Step.WITHDRAWN)]


def test_several_workers_note_the_end_of_a_consent_once(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        ada = make_participant(session)
        say_yes(session, clock, ada, occasion_in_a_week(session), NEWS)
    clock.forward(days=365)

    ended = at_once(app, expire_consents)

    assert sorted(ended) == [0] * (MANY - 1) + [1]
    with arranging() as session:
        assert steps(session, ada) == [(NEWS, Step.GIVEN), (NEWS, Step.EXPIRED)]
