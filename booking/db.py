"""The declarative base: how tables are named, how instants are kept, and how SQLite is made safe."""

import enum
import select
import sqlite3
import sys
import time
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import JSON, DateTime, Enum, MetaData, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

if sys.platform == "linux":
    import pysqlite3.dbapi2 as sqlite_driver
else:
    sqlite_driver = sqlite3

# A column about a person says so; privacy/register.py gives each such column its retention period.
PERSONAL: Final[dict[str, bool]] = {"personal": True}


# A table or a column that public pages show says so too: a change in it is a new revision of the catalogue.
SHOWN: Final[dict[str, bool]] = {"shown": True}

# Of some tables they show only how many rows stand how: the programme itself is not changed by those.
COUNTED: Final[dict[str, bool]] = {**SHOWN, "counted": True}

# What a connection is told whose transaction was begun at the driver.
BEGUN_BEFORE: Final = "before"

# A firewall forgets a connection that rests for minutes, and nobody says so.
_RESTED_SECONDS: Final = 20.0


def as_told_by_sqlalchemy(error: Exception, dialect: Dialect) -> BaseException:
    """Return a driver's failure as SQLAlchemy tells it, without what was asked: it may be a child's name."""
    driver: Any = dialect.loaded_dbapi
    return DBAPIError.instance(None, None, error, driver.Error, hide_parameters=True, dialect=dialect)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the table. A naive value is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ANN401 – SQLAlchemy's own
        """Return what makes of an instant what the driver takes."""
        # For SQLite SQLAlchemy puts an instant together from seven parts; a sign-up keeps some thirty.
        return _as_text_in_utc if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC, as SQLite keeps no zone beside it."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant aware, whichever database kept it."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _as_text_in_utc(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        message = "an instant needs a time zone"
        raise ValueError(message)
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


def choice(kind: type[enum.Enum], name: str | None = None) -> Enum:
    """Return the column type of an enumeration; a name tells two of them in one table apart."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=_values,
    )


class Base(DeclarativeBase):
    """What every table stands on. Each constraint has a name, or a migration could never drop it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 – SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        enum.Enum: choice(enum.Enum),
    }


def has_wal_reset_bug(version: tuple[int, int, int]) -> bool:
    """Tell whether this SQLite can lose committed rows in WAL mode with two connections.

    Source: sqlite.org/wal.html#walresetbug – 3.7.0 to 3.51.2, mended in 3.51.3 and in the
    backports 3.44.6 and 3.50.7.
    """
    if version >= (3, 51, 3) or version < (3, 7, 0):
        return False
    mended = {(3, 44): 6, (3, 50): 7}
    least = mended.get(version[:2])
    return least is None or version[2] < least


def safe_journal_mode(version: tuple[int, int, int]) -> str:
    """Return WAL where SQLite is sound with it, and a rollback journal where it is not."""
    return "DELETE" if has_wal_reset_bug(version) else "WAL"


def sqlite_module() -> ModuleType:
    """Return the SQLite driver to use: a new library's wheel on Linux, Python's own elsewhere."""
    module: ModuleType = sqlite_driver
    return module


def configure_sqlite(engine: Engine) -> str:
    """Make the engine begin for itself and keep its word on disk; return the journal mode chosen."""
    journal_mode = safe_journal_mode(sqlite_module().sqlite_version_info)

    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 – the driver's own type
        # Left alone the driver begins at the first write, and two visitors count one place as free.
        connection.isolation_level = None
        for pragma in (
            "busy_timeout = 5000",
            f"journal_mode = {journal_mode}",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("begin") == BEGUN_BEFORE:
            return
        driver: Any = connection.connection.driver_connection
        try:
            # Past SQLAlchemy, which makes more of it than the database does.
            driver.execute("BEGIN DEFERRED")
        except sqlite_module().Error as error:
            raise as_told_by_sqlalchemy(error, connection.dialect) from None

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return journal_mode


def ping_less(engine: Engine) -> None:
    """Let a connection of PostgreSQL be asked whether it still lives only where that is in doubt.

    That is when it rested for some seconds, or when its other end said something unasked, as it does when it
    goes away. Asking each time would be a way to the database and back before each transaction.
    """
    dialect: Any = engine.dialect
    ask, asked_at = dialect.do_ping, WeakKeyDictionary[Any, float]()

    def lives(connection: Any) -> bool:  # noqa: ANN401 – the driver's own type
        now, before = time.monotonic(), asked_at.get(connection)
        asked_at[connection] = now
        is_sure = (
            before is not None and now - before < _RESTED_SECONDS and not _has_said_something(connection)
        )
        return is_sure or bool(ask(connection))

    dialect.do_ping = lives


def _has_said_something(connection: Any) -> bool:  # noqa: ANN401 – the driver's own type
    if connection.closed:
        return True
    ears = select.poll()
    ears.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(ears.poll(0))
