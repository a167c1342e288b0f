"""The way to the database's driver: a transaction that was begun there, and a session that stands upon it."""

from typing import Any, Final, NamedTuple

from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.pool import PoolProxiedConnection

from booking.db import BEGUN_BEFORE, as_told_by_sqlalchemy

_KEPT: Final = "line_to_the_driver"


class Line(NamedTuple):
    """A transaction that goes on, past SQLAlchemy: the driver's connection, and how its database speaks."""

    driver: Any
    dialect: Dialect


class _Kept(NamedTuple):
    transaction: SessionTransaction | None
    line: Line


class LineSession(Session):
    """A session upon a transaction that was begun at the driver, which whoever began it ends.

    SQLAlchemy's own connection is made when something asks for it first: what is prepared never does.
    """

    def __init__(self, engine: Engine, connection: PoolProxiedConnection) -> None:
        """Stand upon the transaction of this connection."""
        super().__init__(expire_on_commit=False)
        self.line: Final = Line(connection.driver_connection, engine.dialect)
        self._under: Final = (engine, connection)

    def get_bind(self, *_about: object, **_named: object) -> Connection:
        """Return the connection in which the transaction goes on, whatever is asked there."""
        if not isinstance(self.bind, Connection):
            self.bind = Connection(*self._under).execution_options(begin=BEGUN_BEFORE)
        return self.bind


def line_of(session: Session | Line) -> Line:
    """Return the transaction of a session; of a line, itself."""
    if isinstance(session, LineSession):
        return session.line
    if isinstance(session, Line):
        return session
    # Asked for once in a transaction: a session takes its time to find the connection that it has.
    kept: _Kept | None = session.info.get(_KEPT)
    if kept is None or kept.transaction is not session.get_transaction():
        connection = session.connection()
        line = Line(connection.connection.driver_connection, connection.dialect)
        kept = session.info[_KEPT] = _Kept(session.get_transaction(), line)
    return kept.line


def connected(engine: Engine) -> PoolProxiedConnection:
    """Return a connection of the pool, for who gives it back by `close`."""
    try:
        return engine.raw_connection()
    except errors_of(engine.dialect) as error:
        raise as_told_by_sqlalchemy(error, engine.dialect) from None


def errors_of(dialect: Dialect) -> type[Exception]:
    """Return what the driver raises."""
    driver: Any = dialect.loaded_dbapi
    errors: type[Exception] = driver.Error
    return errors
