"""A session upon a transaction that was begun at the driver."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from booking.limits import RateCount
from booking.lines import LineSession, line_of
from booking.prepared import Prepared
from booking.work import reading, unit_of_work
from tests.conftest import StoppedClock

_COUNT = Prepared(select(func.count(RateCount.digest)))


class _WentWrongError(Exception):
    pass


def test_what_is_prepared_makes_no_connection_of_sqlalchemys(app: Flask) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        told = _COUNT.row(session, {})

        assert told == (0,)
        assert isinstance(session, LineSession)
        assert session.bind is None


def test_both_ways_of_asking_are_one_transaction(app: Flask, clock: StoppedClock) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        session.add(RateCount(digest="a", times=1, ends_at=clock()))
        session.flush()

        assert _COUNT.row(session, {}) == (1,)
        assert isinstance(session.get_bind(), Connection)
        assert session.connection().connection.driver_connection is line_of(session).driver


def test_what_was_set_and_never_asked_for_is_kept(app: Flask, clock: StoppedClock) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        session.add(RateCount(digest="a", times=1, ends_at=clock()))

    with app.app_context(), reading() as (session, _clock):
        assert session.scalar(select(func.count(RateCount.digest))) == 1


def test_nothing_is_kept_of_what_goes_wrong(app: Flask, clock: StoppedClock) -> None:
    row = {"digest": "a", "times": 1, "ends_at": clock()}
    with app.app_context(), pytest.raises(_WentWrongError), unit_of_work() as (session, _clock):
        session.execute(insert(RateCount).values(row))
        raise _WentWrongError

    with app.app_context(), unit_of_work() as (session, _clock):
        assert _COUNT.row(session, {}) == (0,)


def test_a_savepoint_is_undone_alone(app: Flask, clock: StoppedClock) -> None:
    row = {"digest": "a", "times": 1, "ends_at": clock()}
    with app.app_context(), unit_of_work() as (session, _clock):
        session.execute(insert(RateCount).values(row))
        with session.begin_nested() as undone:
            session.execute(delete(RateCount))
            undone.rollback()

    with app.app_context(), unit_of_work() as (session, _clock):
        assert _COUNT.row(session, {}) == (1,)
