"""How migrations run: on either database, on a filled one too."""

from collections.abc import Callable

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

config = context.config
migrate = current_app.extensions["migrate"]
engine = migrate.db.engine


def run(connection: Connection, *, check: Callable[[], None]) -> None:
    """Run the wanted revisions in one transaction: killed half-way, nothing of them is there."""
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        check()


def run_on_sqlite() -> None:
    """Run with foreign keys off, and look before the end that none is broken.

    SQLite alters a table by making it anew and dropping the old one; with foreign keys on, the
    drop deletes every row that points at it. The pragma has no effect inside a transaction.
    """
    with engine.connect().execution_options(begin="IMMEDIATE") as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys = OFF")

        def check() -> None:
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                message = f"the migration left {len(broken)} rows that point at nothing"
                raise RuntimeError(message)

        try:
            run(connection, check=check)
        finally:
            raw.execute("PRAGMA foreign_keys = ON")


if engine.dialect.name == "sqlite":
    run_on_sqlite()
else:
    with engine.connect() as connection:
        run(connection, check=lambda: None)
