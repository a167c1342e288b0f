"""What every test stands on: a stopped clock, both databases, and a browser."""

import gc
import os
import shutil
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import insert, inspect, select, text, update
from sqlalchemy.orm import Session

from booking import create_app
from booking.consent.models import AgeRule, Wording
from booking.db import Base
from booking.health.data_views import LOOKED_AT
from booking.kept import shelf_of
from booking.limits import limiter
from booking.revision import Catalogue
from booking.settings import Settings
from booking.work import House, database, unit_of_work
from tests.browser import Browser
from tests.databases import postgres_server, postgres_url
from tests.factories import NOON

__all__ = ["postgres_server", "postgres_url"]

# These stay; everything else is a test's own.
_KEPT_TABLES = frozenset({"alembic_version", "catalogue"})
_HELD = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM {0})"
_COUNTED = text("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL")
# What was deleted is still read past; after so many tests its room is given back.
_WHOLLY_EVERY = 100
# What a migration put there, and each test finds as new.
_FIRST_ROWS = (Wording, AgeRule)


class StoppedClock:
    """A clock that stands still until it is moved, or ticks each time somebody looks at it."""

    def __init__(self, instant: datetime = NOON) -> None:
        """Stop at the instant."""
        self._instant = instant
        self._tick = timedelta(0)

    def __call__(self) -> datetime:
        """Return the instant at which the clock stands."""
        self._instant += self._tick
        return self._instant

    def tick(self) -> None:
        """Go on from now on as real clocks do: whoever looks twice sees two instants."""
        self._tick = timedelta(microseconds=1)

    def forward(self, **duration: float) -> None:
        """Move on by a duration, given as for timedelta."""
        self._instant += timedelta(**duration)

    def set(self, instant: datetime) -> None:
        """Move to an instant."""
        self._instant = instant


def settings_for(instance: Path, database_url: str, **changes: object) -> Settings:
    """Return settings for a service under test."""
    values: dict[str, object] = {
        "instance": instance,
        "database_url": database_url,
        "secret_key": "a secret that only the tests know about",
        "base_url": "http://127.0.0.1:8000",
        "demo": True,
        "mail_from": "velkommen@example.org",
        "smtp_host": None,
        "smtp_port": 25,
        "smtp_user": None,
        "smtp_starttls": False,
        "trusted_proxies": 0,
        "hold_hours": 24,
        "hold_hours_while_others_wait": 2,
        "guardian_hours": 48,
        "offer_hours": 12,
        "offer_hours_when_near": 2,
        "offer_lead_minutes": 60,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


def _service(settings: Settings, compiled: Path) -> Flask:
    app = create_app(settings)
    # A hundred templates and more take seconds to compile: once for all databases and workers is enough.
    compiled.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
    app.testing = False
    app.extensions[LOOKED_AT] = True  # looked at once, and counted in no test of queries
    with app.app_context():
        upgrade()
    return app


def _compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.getbasetemp()
    is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
    return (base.parent if is_one_of_several else base) / "templates"


@pytest.fixture(scope="session")
def sqlite_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Callable[[], None]]]:
    """A service on a SQLite file, and how to make the file as new."""
    folder = tmp_path_factory.mktemp("sqlite")
    file, master = folder / "booking.db", folder / "master.db"
    app = _service(settings_for(folder, f"sqlite:///{file}"), _compiled_templates(tmp_path_factory))
    with app.app_context():
        database.engine.dispose()
    shutil.copy(file, master)

    def renew() -> None:
        with app.app_context():
            database.engine.dispose()
        for rest in folder.glob("booking.db-*"):
            rest.unlink()
        shutil.copy(master, file)

    yield app, renew
    with app.app_context():
        database.engine.dispose()


@pytest.fixture(scope="session")
def postgres_service(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str
) -> Iterator[tuple[Flask, Callable[[], None]]]:
    """A service on PostgreSQL, and how to empty its tables."""
    folder = tmp_path_factory.mktemp("postgres")
    app = _service(settings_for(folder, postgres_url), _compiled_templates(tmp_path_factory))
    with app.app_context(), unit_of_work() as (session, _clock):
        names = sorted(set(inspect(database.engine).get_table_names()) - _KEPT_TABLES)
        first = {table: _rows_of(session, table) for table in _FIRST_ROWS}
    held = text(" UNION ALL ".join(_HELD.format(name) for name in names))
    wholly = text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
    times = count()

    def renew() -> None:
        with app.app_context(), unit_of_work() as (session, _clock):
            if next(times) % _WHOLLY_EVERY == 0:
                session.execute(wholly)
            else:
                _empty(session, session.scalars(held).all(), session.scalars(_COUNTED).all())
            # What calendars were told by an earlier test, perhaps in a later year, is another house's.
            session.execute(update(Catalogue).values(lineage="", raised_at=None))
            for table, rows in first.items():
                session.execute(insert(table), rows)

    yield app, renew
    with app.app_context():
        database.engine.dispose()


def _empty(session: Session, tables: Sequence[str], sequences: Sequence[str]) -> None:
    # Row by row where there are any: to truncate makes the files of a table anew, of its indexes and of all
    # that hang on it, which takes longer than most tests. What may not be deleted is, past every trigger.
    emptied = "".join(f"DELETE FROM {name};" for name in tables)
    counted = "".join(f"ALTER SEQUENCE {name} RESTART;" for name in sequences)
    cursor = session.connection().connection.cursor()
    cursor.execute(f"SET LOCAL session_replication_role = replica;{emptied}{counted}")


def _rows_of(session: Session, table: type[Base]) -> list[dict[str, Any]]:
    # In their order and without their numbers, so that they get the same ones again.
    columns = [column for column in table.__table__.columns if column.name != "id"]
    found = session.execute(select(*columns).order_by(table.__table__.c.id))
    return [dict(row) for row in found.mappings()]


def _nobody_hears() -> None:
    """Ring no bell: letters wait until a test delivers them."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app(request: pytest.FixtureRequest, clock: StoppedClock) -> Flask:
    """The service as new, once on each database."""
    name = "sqlite_service" if request.param == "sqlite" else "postgres_service"
    service, renew = request.getfixturevalue(name)
    renew()
    house: House = service.extensions["booking"]
    house.clock = clock
    house.ring = _nobody_hears
    limiter.enabled = False
    shelf_of(service).clear()
    return service  # type: ignore[no-any-return]


@pytest.fixture
def swept() -> Iterator[None]:
    """Sweep up after a web server of the library's, which leaves its pipes to chance."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def clock() -> StoppedClock:
    """A clock that stands at noon on a Tuesday in November."""
    return StoppedClock()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """One unit of work, committed when the test ends: what a test changes must also be storable."""
    with app.app_context(), unit_of_work() as (session, _clock):
        yield session


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A person's browser that reads English."""
    return Browser(app)


@pytest.fixture
def arranging(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """Open a unit of work to put things in place; closed before a browser asks for a page."""

    @contextmanager
    def arrange() -> Iterator[Session]:
        with app.app_context(), unit_of_work() as (session, _clock):
            yield session

    return arrange
