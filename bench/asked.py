"""What is asked of a database, heard at its driver: also what goes past SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from psycopg import Cursor
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

# Where a transaction begins and ends is no question, and PostgreSQL's driver tells nothing of it.
_NO_QUESTIONS: Final = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")


class _Overheard(Cursor[Any]):
    """A cursor of PostgreSQL's driver that tells what it is asked."""

    asked: ClassVar[list[str]] = []

    def execute(self, query: Any, *told: Any, **named: Any) -> Any:
        self.asked.append(str(query))
        return super().execute(query, *told, **named)

    def executemany(self, query: Any, params_seq: Any, **named: Any) -> None:
        self.asked.append(str(query))
        super().executemany(query, params_seq, **named)


@contextmanager
def overhearing(engine: Engine) -> Iterator[list[str]]:
    """Give a list that holds every statement which this process sends to the database in the block."""
    asked = _Overheard.asked
    asked.clear()
    event.listen(engine, "checkout", _give_ears)
    try:
        yield asked
    finally:
        event.remove(engine, "checkout", _give_ears)
        # Connections that are open have ears: the next ones have none.
        engine.dispose()


@contextmanager
def overhearing_session(session: Session) -> Iterator[list[str]]:
    """Give a list that holds every statement which this session's connection sends in the block."""
    asked = _Overheard.asked
    asked.clear()
    driver: Any = session.connection().connection.driver_connection
    _give_ears(driver)
    try:
        yield asked
    finally:
        _take_ears(driver)


def _take_ears(connection: Any) -> None:
    if hasattr(connection, "cursor_factory"):
        connection.cursor_factory = Cursor
    else:
        connection.set_trace_callback(None)


def _give_ears(connection: Any, *_told: object) -> None:
    if hasattr(connection, "cursor_factory"):
        connection.cursor_factory = _Overheard
    else:
        connection.set_trace_callback(_note)


def _note(statement: str) -> None:
    if not statement.lstrip().upper().startswith(_NO_QUESTIONS):
        _Overheard.asked.append(statement)
