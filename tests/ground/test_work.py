import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from psycopg import Cursor
from sqlalchemy import bindparam, create_engine, event, func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from booking.attendance.models import HeadcountMark, Mark
from booking.clock import Clock
from booking.db import has_wal_reset_bug, safe_journal_mode
from booking.direct import Direct
from booking.errors import Busy
from booking.libraries.models import Library
from booking.revision import shows
from booking.work import House, database, line_of_work, reading, unit_of_work
from tests.conftest import StoppedClock
from tests.factories import NOON, make_library


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


@pytest.mark.parametrize("work", [unit_of_work, line_of_work, reading])
def test_what_is_done_together_happens_at_one_instant_that_is_looked_for_when_it_is_wanted(
    app: Flask, clock: StoppedClock, work: Callable[[], AbstractContextManager[tuple[object, Clock]]]
) -> None:
    clock.tick()
    with app.app_context():
        with work() as (_at_hand, instant):
            clock.forward(minutes=1)
            first = instant()
            clock.forward(minutes=1)
            assert instant() == first
        with work() as (_at_hand, instant):
            later = instant()

    assert first > NOON + timedelta(minutes=1)
    assert later > first + timedelta(minutes=1)


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


def test_what_goes_past_sqlalchemy_is_kept_whole_or_not_at_all(app: Flask) -> None:
    _made(app)
    _renamed_to(app, "Kept")
    with app.app_context(), pytest.raises(ValueError, match="half-way"), line_of_work() as (line, _clock):
        _RENAMING.told(line.driver, line.dialect, {"told": "Lost"})
        message = "half-way"
        raise ValueError(message)

    assert _names(app) == ["Kept"]
    _renamed_to(app, "Kept again")  # the connection went back in good order
    assert _names(app) == ["Kept again"]


# Only there do writers take turns by a file: PostgreSQL locks the rows itself.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_transaction_past_sqlalchemy_waits_for_its_turn_among_the_writers(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made(app)
    monkeypatch.setattr("booking.work._PATIENCE_SECONDS", 0.05)

    with app.app_context(), unit_of_work():
        late = threading.Thread(target=lambda: failed.append(_busy(app)))
        failed: list[bool] = []
        late.start()
        late.join()

    assert failed == [True]


def test_a_failure_past_sqlalchemy_is_told_as_it_tells_it_and_the_next_writer_is_served(app: Flask) -> None:
    _made(app)
    nonsense = Direct(lambda _database: text("UPDATE nowhere SET name = :told"))

    with app.app_context(), pytest.raises(DBAPIError), line_of_work() as (line, _clock):
        nonsense.told(line.driver, line.dialect, {"told": "Ada"})

    _renamed_to(app, "Still served")
    assert _names(app) == ["Still served"]


@pytest.mark.parametrize("table", [Mark.__table__, HeadcountMark.__table__])
def test_what_phones_tell_stands_on_no_public_page(table: Any) -> None:
    # `line_of_work` does not look for that, and gives no new revision.
    assert not shows(table)
    assert not any(shows(column) for column in table.c)


_RENAMING = Direct(lambda _database: update(Library).values(name=bindparam("told")))


def _made(app: Flask) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        make_library(session)


def _renamed_to(app: Flask, name: str) -> None:
    with app.app_context(), line_of_work() as (line, _clock):
        _RENAMING.told(line.driver, line.dialect, {"told": name})


def _names(app: Flask) -> list[str]:
    with app.app_context(), reading() as (session, _clock):
        return list(session.scalars(select(Library.name)))


def _busy(app: Flask) -> bool:
    try:
        _renamed_to(app, "Too early")
    except Busy:
        return True
    return False


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
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
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
def test_a_connection_that_is_cut_in_the_middle_is_told_and_used_by_nobody_else(
    postgres_service: tuple[Flask, object],
) -> None:
    app, _renew = postgres_service

    with app.app_context(), pytest.raises(OperationalError), line_of_work() as (line, _clock):
        line.driver.pgconn.finish()
        _RENAMING.told(line.driver, line.dialect, {"told": "Lost"})

    for _time in range(3):
        _renamed_to(app, "Served")


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
