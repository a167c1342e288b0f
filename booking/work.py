"""The unit of work: the only module that commits."""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from booking.clock import Clock, at_one_instant
from booking.db import Base, as_told_by_sqlalchemy
from booking.errors import Busy
from booking.lines import Line, LineSession, connected, errors_of
from booking.revision import raise_if_changed
from booking.witness import Identities

database = SQLAlchemy(metadata=Base.metadata)

# Longer than any honest queue of writers, shorter than a browser's patience.
_PATIENCE_SECONDS = 8.0
# Whoever holds the turn has it for milliseconds: the next one looks often at first, and then seldom.
_POLL_SECONDS = (0.0002, 0.002)


class Work(NamedTuple):
    """What an operation is handed: a session inside a transaction, and the clock."""

    session: Session
    clock: Clock


@dataclass
class House:
    """What the composed application keeps at hand for its units of work."""

    clock: Clock
    ring: Callable[[], None]
    write_turn: "WriteTurn | None"
    identities: Identities


class WriteTurn:
    """One writer at a time for a SQLite file, in turn, over all threads and processes.

    SQLite's own waiting is not fair: under a stampede one writer can wait for seconds while
    others pass it. Waiting here, before BEGIN IMMEDIATE, costs nothing and keeps the turns.
    """

    def __init__(self, path: Path) -> None:
        """Use the file beside the database as the turnstile between processes."""
        self._path = path
        self._thread_turn = threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Hold the turn for the block, or raise Busy when it does not come in time."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        if not self._thread_turn.acquire(timeout=_PATIENCE_SECONDS):
            raise Busy
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o666)
            try:
                _lock_before(file, deadline)
                yield
            finally:
                os.close(file)  # gives the turn on, as the end of the process does after a crash
        finally:
            self._thread_turn.release()


def _lock_before(file: int, deadline: float) -> None:
    pause, longest = _POLL_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(pause)
            pause = min(pause * 1.2, longest)
        else:
            return


def house() -> House:
    """Return what the running application keeps at hand."""
    return cast("House", current_app.extensions["booking"])


def current_clock() -> Clock:
    """Return the clock of the running application; tests stop it."""
    return house().clock


def write_turn_for(engine: Engine) -> WriteTurn | None:
    """Return the turnstile of a SQLite file; other databases keep their own order."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        return None
    return WriteTurn(Path(f"{file}.turn"))


@contextmanager
def unit_of_work() -> Iterator[Work]:
    """Hold the write lock for the block; commit if it ends, roll back if it raises.

    The block's clock stands still from when it is first asked: all that is written is written at one instant.
    Letters written in the block wait in the outbox; after the commit the postman is rung for.
    """
    at_hand = house()
    turn = at_hand.write_turn() if at_hand.write_turn else nullcontext()
    with (
        turn,
        _connection(database.engine) as connection,
        LineSession(database.engine, connection) as session,
    ):
        clock = at_one_instant(at_hand.clock)
        yield Work(session, clock)
        at_hand.identities.settle(session, clock)
        raise_if_changed(session)
        session.commit()
        _commit(session.line)
    at_hand.identities.remember(session)
    if session.info.get("letters_wait"):
        at_hand.ring()


@contextmanager
def line_of_work() -> Iterator[tuple[Line, Clock]]:
    """Hold the write lock as `unit_of_work` does, for what goes past SQLAlchemy alone (`direct`).

    Only for what neither calendars nor public pages tell of, and no letter: nothing here looks for that.
    """
    at_hand = house()
    turn = at_hand.write_turn() if at_hand.write_turn else nullcontext()
    with turn, _connection(database.engine) as connection:
        line = Line(connection.driver_connection, database.engine.dialect)
        yield line, at_one_instant(at_hand.clock)
        _commit(line)


@contextmanager
def _connection(engine: Engine) -> Iterator[PoolProxiedConnection]:
    """Give a connection that holds a transaction; the pool rolls back what was not committed."""
    connection, dialect = connected(engine), engine.dialect
    driver: Any = connection.driver_connection
    try:
        if dialect.name == "sqlite":
            _told(dialect, driver.execute, "BEGIN IMMEDIATE")  # PostgreSQL's driver begins by itself
        yield connection
    finally:
        connection.close()


def _commit(line: Line) -> None:
    # Where a session had a connection of its own in it, the transaction has ended, and this does nothing.
    _told(line.dialect, line.driver.commit)


def _told(dialect: Dialect, tell: Callable[..., object], *words: str) -> None:
    try:
        tell(*words)
    except errors_of(dialect) as error:
        raise as_told_by_sqlalchemy(error, dialect) from None


def mend_identities() -> int:
    """Lift what calendars may have seen more of, if an older copy was put back; return how many entries."""
    with unit_of_work() as (session, clock):
        return house().identities.mend(session, clock)


@contextmanager
def reading() -> Iterator[Work]:
    """Look at one moment of the data without a lock; nothing written in the block is kept."""
    with Session(database.engine, expire_on_commit=False, autoflush=False) as session:
        yield Work(session, at_one_instant(current_clock()))
