"""Statements past SQLAlchemy: the same values, in the same transaction, failing the same way."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, create_engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from booking.activities.models import Meeting
from booking.activities.rules import MeetingState
from booking.db import sqlite_module
from booking.direct import Direct, as_one_parameter, is_among
from booking.work import database, reading, unit_of_work
from tests.factories import make_activity, make_library, make_meeting, make_occasion

_meeting: Any = Meeting.__table__.c
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def _standing(_database: str) -> Any:
    return select(_meeting.id, _meeting.starts_at, _meeting.state).where(
        _meeting.starts_at == bindparam("at"), _meeting.state == MeetingState.SCHEDULED
    )


def _among(kind: str) -> Any:
    return select(_meeting.id).where(is_among(kind, _meeting.id, "numbers")).order_by(_meeting.id)


def _meetings(app: Flask, number: int) -> list[int]:
    with app.app_context(), unit_of_work() as (session, _clock):
        occasion = make_occasion(session, activity=make_activity(session, library=make_library(session)))
        return [make_meeting(session, occasion=occasion, starts_at=NOON).id for _each in range(number)]


@pytest.mark.parametrize("in_bytes", [False, True])
def test_instants_and_choices_come_as_they_do_through_sqlalchemy(app: Flask, in_bytes: bool) -> None:
    (meeting_id,) = _meetings(app, 1)
    question = Direct(_standing, in_bytes=in_bytes)

    with app.app_context():
        alone = question.alone(database.engine, at=NOON)
        with reading() as (session, _clock):
            within = question.within(session, at=NOON)

    assert alone == within == [(meeting_id, NOON, MeetingState.SCHEDULED)]


def test_a_question_within_a_transaction_sees_what_it_has_written_and_one_alone_does_not(app: Flask) -> None:
    (meeting_id,) = _meetings(app, 1)
    question = Direct(_standing)

    with app.app_context(), unit_of_work() as (session, _clock):
        found = session.get(Meeting, meeting_id)
        assert found
        found.state = MeetingState.CALLED_OFF
        session.flush()

        assert question.within(session, at=NOON) == []
        assert len(question.alone(database.engine, at=NOON)) == 1


def test_a_list_is_one_parameter(app: Flask) -> None:
    first, _second, third = _meetings(app, 3)
    question = Direct(_among)

    with app.app_context(), reading() as (session, _clock):
        kind = session.get_bind().dialect.name
        some = question.within(session, numbers=as_one_parameter(kind, {first, third}))
        none = question.within(session, numbers=as_one_parameter(kind, []))

    assert (some, none) == ([(first,), (third,)], [])


def test_a_failure_is_told_as_sqlalchemy_tells_it_without_what_was_asked(app: Flask) -> None:
    secret = "Ada from the example"
    question = Direct(
        lambda _database: text("SELECT id FROM nowhere WHERE name = :name").columns(id=_meeting.id.type)
    )

    with app.app_context(), pytest.raises(DBAPIError) as failed:
        question.alone(database.engine, name=secret)

    assert isinstance(failed.value, (OperationalError, ProgrammingError))
    assert secret not in str(failed.value)
    assert len(_meetings(app, 1)) == 1  # the connection went back in good order


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://nobody@127.0.0.1:1/nowhere", "sqlite:////nowhere/at/all/booking.db"]
)
def test_a_database_that_is_away_is_told_as_sqlalchemy_tells_it(url: str) -> None:
    options = {"module": sqlite_module()} if url.startswith("sqlite") else {}
    engine = create_engine(url, **options)

    with pytest.raises(OperationalError):
        Direct(_standing).alone(engine, at=NOON)
