from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import TooManyRequests

from booking.errors import Busy, NotFound
from booking.limits import (
    DatabaseStorage,
    Often,
    RateCount,
    count_alone,
    counted_work,
    limiter,
    purge_counts,
)
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


@pytest.fixture
def limited(app: Flask) -> Iterator[None]:
    """Let what is done too often be refused."""
    del app  # which switches it off
    limiter.enabled = True
    yield
    limiter.enabled = False


@pytest.mark.usefixtures("limited")
def test_what_is_refused_is_counted_with_what_is_done(app: Flask) -> None:
    often = Often(most=3, seconds=60)

    with app.test_request_context("/"):
        with counted_work(often):
            pass
        with pytest.raises(NotFound), counted_work(often):
            raise NotFound
        count_alone(often)

        with pytest.raises(TooManyRequests), counted_work(often):
            pytest.fail("it was done too often")
        with pytest.raises(TooManyRequests):
            count_alone(often)


@pytest.mark.usefixtures("limited")
def test_one_visitor_is_not_counted_with_another_and_a_window_ends(app: Flask, clock: StoppedClock) -> None:
    often = Often(most=1, seconds=60)

    for address in ("10.0.0.1", "10.0.0.2"):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": address}), counted_work(often):
            pass
    clock.forward(seconds=61)
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.1"}), counted_work(often):
        pass


@pytest.mark.usefixtures("limited")
def test_whoever_found_no_turn_is_not_counted(app: Flask) -> None:
    often = Often(most=1, seconds=60)

    with app.test_request_context("/"):
        for _time in range(2):
            with pytest.raises(Busy), counted_work(often):
                raise Busy
        count_alone(often)
