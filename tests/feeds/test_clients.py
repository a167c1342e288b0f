"""Real programs that fetch a calendar over the wire, as families' own do: vdirsyncer and khal."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from booking.activities.models import Meeting
from booking.activities.rules import MeetingState
from tests.conftest import StoppedClock
from tests.factories import NOON, make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

pytestmark = pytest.mark.slow


@pytest.fixture
def port(app: Flask, swept: None) -> Iterator[int]:
    """A port on which the house answers."""
    server = create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.close()
    thread.join(timeout=10)


class Program:
    """vdirsyncer and khal, in a home of their own."""

    def __init__(self, home: Path, port: int) -> None:
        self._environment = {**os.environ, "HOME": str(home), "LANG": "C.UTF-8", "XDG_CONFIG_HOME": str(home)}
        self._environment |= {
            "XDG_DATA_HOME": str(home),
            "XDG_CACHE_HOME": str(home),
            "PYTHONWARNINGS": "ignore",
        }
        self.calendar = home / "calendar"
        self.calendar.mkdir()
        self._sync = home / "sync"
        self._sync.write_text(
            f"""[general]
status_path = "{home}/status/"
[pair library]
a = "house"
b = "phone"
collections = null
conflict_resolution = "a wins"
[storage house]
type = "http"
url = "http://127.0.0.1:{port}/calendar/all.ics"
[storage phone]
type = "filesystem"
path = "{self.calendar}"
fileext = ".ics"
"""
        )
        self._khal = home / "khal.conf"
        self._khal.write_text(
            f"""[calendars]
[[library]]
path = {self.calendar}
[locale]
timeformat = %H:%M
dateformat = %d.%m.%Y
longdateformat = %d.%m.%Y
datetimeformat = %d.%m.%Y %H:%M
longdatetimeformat = %d.%m.%Y %H:%M
default_timezone = Europe/Oslo
local_timezone = Europe/Oslo
[sqlite]
path = {home}/khal.db
[default]
default_calendar = library
"""
        )

    def fetch(self) -> list[str]:
        for step in ("discover", "sync"):
            self._run("vdirsyncer", "-c", str(self._sync), step)
        return [path.read_text(encoding="utf-8") for path in self.calendar.iterdir()]

    def listed(self) -> list[str]:
        wanted = ("list", "24.11.2026", "400d", "--once", "--day-format", "")
        form = ("--format", "{start-long}|{end-time}|{title}|{location}")
        return [
            line for line in self._run("khal", "-c", str(self._khal), *wanted, *form).splitlines() if line
        ]

    def _run(self, program: str, *arguments: str) -> str:
        command = [str(Path(sys.executable).parent / program), *arguments]
        done = subprocess.run(
            command,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=60,
            input="y\ny\n",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_subscription_follows_what_is_moved_and_called_off(
    arranging: Arranging, clock: StoppedClock, tmp_path: Path, port: int
) -> None:
    with arranging() as session:
        library = make_library(session, name="Granlia; bibliotek")
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        make_meeting(session, occasion=occasion, uid="a")
        make_meeting(session, occasion=occasion, uid="b", starts_at=NOON + timedelta(days=200))
    phone = Program(tmp_path, port)

    first, listed = phone.fetch(), phone.listed()
    clock.forward(hours=1)
    with arranging() as session:
        moved, called_off = session.scalars(select(Meeting).order_by(Meeting.uid))
        moved.starts_at, moved.ends_at = (
            moved.starts_at + timedelta(days=1),
            moved.ends_at + timedelta(days=1),
        )
        called_off.state = MeetingState.CALLED_OFF
    second = phone.fetch()

    place = "Granlia; bibliotek, Barneavdelingen, Storgata 1, 2200 Granlia"
    # The second one is in June: noon in UTC is two hours later there.
    assert listed == [
        f"01.12.2026 17:00|19:00|Spillkveld|{place}",
        f"12.06.2027 13:00|15:00|Spillkveld|{place}",
    ]
    assert phone.listed() == [
        f"02.12.2026 17:00|19:00|Spillkveld|{place}",
        f"12.06.2027 13:00|15:00|AVLYST: Spillkveld|{place}",
    ]
    assert [len(first), len(second)] == [2, 2]
    assert all("SEQUENCE:1" in text for text in second)
