"""A service of its own in a folder, run by real processes that a test may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from booking import create_app
from booking.settings import Settings, read_settings
from booking.work import database

TOP = Path(__file__).parent.parent
_PATIENCE_SECONDS = 30

_WSGI = """
from pathlib import Path
from booking import create_app
from booking.settings import read_settings
app = create_app(read_settings(Path(__file__).parent))
"""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a service lives, and how its processes are started."""

    folder: Path
    app: Flask
    environment: dict[str, str]

    @contextmanager
    def running(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Run a command of the service for the block; whatever is left of it afterwards is killed."""
        flask = [sys.executable, "-m", "flask", "--app", str(self.folder / "house.py"), *command]
        with (self.folder / "log").open("a") as log:
            process = subprocess.Popen(
                flask, cwd=TOP, env=self.environment, stdout=log, stderr=log, text=True
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def log(self) -> str:
        """Return what the processes said so far."""
        return (self.folder / "log").read_text(encoding="utf-8")


@contextmanager
def a_place(folder: Path, **given: str) -> Iterator[Place]:
    """Make a service in the folder, its database in its newest shape."""
    ours = {f"BOOKING_{name.upper()}": value for name, value in given.items()}
    (folder / "house.py").write_text(_WSGI, encoding="utf-8")
    app = create_app(_settings(folder, ours))
    with app.app_context():
        upgrade()
    environment = {**os.environ, **ours, "PYTHONPATH": str(TOP)}
    yield Place(folder=folder, app=app, environment=environment)
    app.extensions["booking.alarm"].put_away()
    with app.app_context():
        database.engine.dispose()


def _settings(folder: Path, environment: dict[str, str]) -> Settings:
    return read_settings(folder, environment)


def wait_until(claim: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> float:
    """Return how many seconds it took until the claim held; fail when it takes too long."""
    begun = time.monotonic()
    while not claim():
        assert time.monotonic() - begun < seconds, "it took too long"
        time.sleep(0.02)
    return time.monotonic() - begun


def end(process: subprocess.Popen[str]) -> int:
    """Tell a process to stop, as the machine does; return how it ended."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=_PATIENCE_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
