import gc
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking import create_app
from booking.cli import listen
from booking.libraries.models import Installation, InstallationKind
from booking.links.models import Link
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.work import database
from tests.conftest import StoppedClock, settings_for
from tests.processes import free_port

Arranging = Callable[[], AbstractContextManager[Session]]


def _run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def old_link(arranging: Arranging, clock: StoppedClock) -> None:
    """A link that was taken back long ago."""
    with arranging() as session:
        issue_link(session, clock, purpose=Purpose.SIGNUP, subject_id=1, lasts=None)
        session.scalars(select(Link)).one().revoked_at = clock()
    clock.forward(days=40)


def _links(arranging: Arranging) -> int:
    with arranging() as session:
        return len(session.scalars(select(Link)).all())


def test_the_jobs_are_listed(app: Flask) -> None:
    result = _run(app, "jobs", "list")

    assert "end-leases" in result.output.splitlines()
    assert "forget-old-links" in result.output.splitlines()


@pytest.mark.usefixtures("old_link")
def test_a_job_is_done_now_and_says_how_much_it_did(app: Flask, arranging: Arranging) -> None:
    result = _run(app, "jobs", "run", "forget-old-links")

    assert result.output == "forget-old-links: 1\n"
    assert _links(arranging) == 0


@pytest.mark.usefixtures("old_link")
def test_a_job_that_is_rehearsed_keeps_nothing(app: Flask, arranging: Arranging) -> None:
    result = _run(app, "jobs", "run", "forget-old-links", "--dry-run")

    assert result.output == "forget-old-links: 1 (nothing was kept)\n"
    assert _links(arranging) == 1


def test_a_job_that_is_not_there_is_answered_with_those_that_are(app: Flask) -> None:
    result = _run(app, "jobs", "run", "make-coffee")

    assert result.exit_code == 1
    assert "end-leases" in result.output


def test_the_demonstration_is_not_loaded_where_none_is_meant(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'booking.db'}", demo=False)

    result = _run(create_app(settings), "demo", "load")

    assert result.exit_code == 1
    assert "BOOKING_DEMO=1" in result.output


def test_the_demonstration_is_not_loaded_over_real_data(
    app: Flask, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=clock()))

    result = _run(app, "demo", "load")

    assert result.exit_code == 1
    assert "real data" in result.output


# The web server's library lets go of its pipes only when they are collected.
pytestmark = pytest.mark.usefixtures("swept")

_LEAVES_PIPES_OPEN = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@_LEAVES_PIPES_OPEN
def test_a_port_that_is_taken_is_a_sentence(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        result = _run(app, "serve", "--port", str(taken.getsockname()[1]))

    gc.collect()
    assert result.exit_code == 1
    assert "cannot be used" in result.output
    assert "PORT" in result.output


@_LEAVES_PIPES_OPEN
@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("--port", "99999"), "not in the range"),
        (("--threads", "0"), "not in the range"),
        (("--host", "nowhere.invalid"), "no address of this machine"),
    ],
)
def test_an_address_that_cannot_be_served_is_a_sentence(
    app: Flask, option: tuple[str, str], sentence: str
) -> None:
    result = _run(app, "serve", *option)

    gc.collect()
    assert result.exit_code > 0
    assert sentence in result.output


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize("file", ["nowhere/booking.db", "empty.db"])
def test_a_database_that_cannot_be_used_is_a_sentence(tmp_path: Path, command: str, file: str) -> None:
    service = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / file}"))

    result = _run(service, command)

    with service.app_context():
        database.engine.dispose()
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output


def _run_until_closed(server: Any) -> None:
    # Closing it from another thread takes the socket from under its loop, which then ends with an error.
    with suppress(OSError):
        server.run()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    port = free_port()
    with app.app_context():
        server = listen("127.0.0.1", port, threads=2)
    serving = threading.Thread(target=_run_until_closed, args=(server,), daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{port}"
    server.close()
    serving.join(timeout=5)
    del server, serving
    gc.collect()


@_LEAVES_PIPES_OPEN
@pytest.mark.parametrize(("proxies", "scheme"), [(1, "https"), (0, "http")])
def test_only_a_web_server_of_ours_may_say_how_the_visitor_came(
    tmp_path: Path, proxies: int, scheme: str
) -> None:
    database_url = f"sqlite:///{tmp_path / 'booking.db'}"
    app = create_app(settings_for(tmp_path, database_url, trusted_proxies=proxies))
    seen: list[tuple[str, str | None]] = []
    app.before_request(lambda: seen.append((request.scheme, request.remote_addr)))
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}

    with _served(app) as address:
        asked = urllib.request.Request(f"{address}/healthz", headers=headers)  # noqa: S310 – our own
        with closing(urllib.request.urlopen(asked, timeout=5)) as answer:  # noqa: S310
            assert answer.status == 200

    assert seen == [(scheme, "192.0.2.1" if proxies else "127.0.0.1")]
