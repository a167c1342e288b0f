import pytest
from flask import Flask
from sqlalchemy import select

from booking.limits import DatabaseStorage, RateCount, purge_counts
from booking.work import reading, unit_of_work
from tests.conftest import StoppedClock


def test_a_count_holds_over_all_workers(app: Flask) -> None:
    one, other = DatabaseStorage("booking://"), DatabaseStorage("booking://")

    with app.app_context():
        counts = [one.incr("sign-up", 60), other.incr("sign-up", 60), one.get("sign-up")]

    assert counts == [1, 2, 2]


def test_a_window_that_is_over_begins_anew(app: Flask, clock: StoppedClock) -> None:
    storage = DatabaseStorage("booking://")
    with app.app_context():
        storage.incr("sign-up", 60)
        clock.forward(seconds=61)

        assert storage.get("sign-up") == 0
        assert storage.incr("sign-up", 60) == 1


def test_a_count_does_not_tell_whom_it_is_of(app: Flask) -> None:
    with app.app_context():
        DatabaseStorage("booking://").incr("ada@example.org", 60)
        with reading() as (session, _clock):
            digests = session.scalars(select(RateCount.digest)).all()

    assert len(digests) == 1
    assert "ada" not in digests[0]


@pytest.mark.parametrize(("seconds", "dropped"), [(59, 0), (60, 1)])
def test_counts_that_are_over_are_dropped(
    app: Flask, clock: StoppedClock, seconds: int, dropped: int
) -> None:
    with app.app_context():
        DatabaseStorage("booking://").incr("sign-up", 60)
        clock.forward(seconds=seconds)
        with unit_of_work() as (session, now):
            assert purge_counts(session, now) == dropped
