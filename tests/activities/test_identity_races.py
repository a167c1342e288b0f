"""Two change at once what the readers of one meeting see."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.activities.identity_operations import settle_unmarked
from booking.activities.models import ActivityText, Meeting
from booking.libraries.models import Library
from booking.work import unit_of_work
from tests.conftest import StoppedClock
from tests.factories import NOON, make_meeting

pytestmark = pytest.mark.race


def test_a_new_name_and_a_new_title_at_once_are_two_changes_and_both_are_seen(
    app: Flask, arranging: Callable[[], AbstractContextManager[Session]], clock: StoppedClock
) -> None:
    with arranging() as session:
        make_meeting(session)
    clock.forward(hours=1)
    both = threading.Barrier(2, timeout=5)

    def change(row: type[Library] | type[ActivityText], name: str) -> None:
        with app.app_context(), unit_of_work() as (session, _clock):
            setattr(session.scalars(select(row)).one(), name, "Ny")
            session.flush()
            if session.get_bind().dialect.name == "postgresql":
                both.wait()  # neither has committed, and neither sees what the other wrote

    threads = [
        threading.Thread(target=change, args=(Library, "name")),
        threading.Thread(target=change, args=(ActivityText, "title")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    with arranging() as session:
        meeting = session.scalars(select(Meeting)).one()
        told = (meeting.shown_sequence, meeting.shown_at, meeting.shown_as)
        session.execute(update(Meeting).values(shown_as=""))
        settle_unmarked(session, clock)
        session.refresh(meeting)
        assert (meeting.shown_sequence, meeting.shown_at, meeting.shown_as) == told
    assert told[:2] == (1, NOON + timedelta(hours=1, seconds=1))
