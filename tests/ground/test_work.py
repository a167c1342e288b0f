import threading
from typing import Any

import pytest
from flask import Flask
from psycopg import Cursor
from sqlalchemy import create_engine, event, func, select, text

from booking.db import has_wal_reset_bug, safe_journal_mode
from booking.libraries.models import Library
from booking.work import House, database, reading, unit_of_work
from tests.factories import make_library


def _libraries(app: Flask) -> int:
    with app.app_context(), reading() as (session, _clock):
        return session.scalars(select(func.count()).select_from(Library)).one()


def test_what_is_done_in_a_unit_of_work_is_kept(app: Flask) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        make_library(session)

    assert _libraries(app) == 1


def test_a_unit_of_work_that_fails_leaves_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="half-way"), unit_of_work() as (session, _clock):
        make_library(session)
        message = "half-way"
        raise ValueError(message)

    assert _libraries(app) == 0


def test_what_is_changed_while_reading_is_not_kept(app: Flask) -> None:
    with app.app_context(), reading() as (session, _clock):
        make_library(session)

    assert _libraries(app) == 0


def test_the_postman_is_rung_for_after_the_commit_and_only_when_letters_wait(app: Flask) -> None:
    house: House = app.extensions["booking"]
    seen: list[int] = []
    kept, house.ring = house.ring, lambda: seen.append(_libraries(app))
    try:
        with app.app_context(), unit_of_work() as (session, _clock):
            make_library(session)
        with app.app_context(), unit_of_work() as (session, _clock):
            make_library(session)
            session.info["letters_wait"] = True
    finally:
        house.ring = kept

    assert seen == [2]


@pytest.mark.race
def test_writers_at_once_come_one_after_the_other(app: Flask) -> None:
    start = threading.Barrier(8)
    failed: list[BaseException] = []

    def write() -> None:
        start.wait()
        try:
            with app.app_context():
                for _again in range(5):
                    with unit_of_work() as (session, _clock):
                        make_library(session)
        except BaseException as error:  # noqa: BLE001 – carried out of the thread
            failed.append(error)

    writers = [threading.Thread(target=write) for _number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert not failed
    assert _libraries(app) == 40


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 53, 4), "WAL"),
    ],
)
def test_a_write_ahead_log_is_used_only_where_sqlite_is_sound_with_it(
    version: tuple[int, int, int], mode: str
) -> None:
    assert safe_journal_mode(version) == mode
    assert has_wal_reset_bug(version) == (mode == "DELETE")


@pytest.mark.postgresql
def test_a_connection_that_was_closed_behind_our_back_is_noticed_before_it_is_used(
    postgres_service: tuple[Flask, object], postgres_url: str
) -> None:
    app, _renew = postgres_service
    assert _libraries(app) == _libraries(app)  # connections lie ready, and were used a moment ago
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()"
    )

    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        ended = connection.execute(others).all()
    engine.dispose()

    assert len(ended) >= 1
    with app.app_context(), unit_of_work() as (session, _clock):
        make_library(session)
    assert _libraries(app) >= 1


@pytest.mark.postgresql
def test_a_connection_is_asked_whether_it_lives_only_after_a_rest(
    postgres_service: tuple[Flask, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, _renew = postgres_service
    with app.app_context():
        engine = database.engine
    pings: list[str] = []
    engine.dispose()

    def heard(connection: Any, *_told: object) -> None:
        connection.cursor_factory = _listening(pings)

    event.listen(engine, "checkout", heard)
    try:
        for _time in range(4):
            _libraries(app)
        at_once = list(pings)
        monkeypatch.setattr("booking.db._RESTED_SECONDS", 0.0)
        _libraries(app)
    finally:
        event.remove(engine, "checkout", heard)
        engine.dispose()

    assert len([each for each in at_once if "library" not in each]) == 1
    assert len([each for each in pings if "library" not in each]) == 2


def _listening(pings: list[str]) -> type[Cursor[Any]]:
    class Listening(Cursor[Any]):
        def execute(self, query: Any, *told: Any, **named: Any) -> Any:
            pings.append(str(query))
            return super().execute(query, *told, **named)

    return Listening
