"""Measure ticks at the door, one by one and fifty at once, beside one bare durable insert; print a table."""

import argparse
import http.client
import json
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import uuid4

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from bench.asked import overhearing
from bench.servers import serving
from bench.sign_ups import rate
from booking import create_app
from booking.accounts.passes import cookie_name, sealed
from booking.accounts.rules import StaffPass
from booking.clock import system_clock
from booking.demo.load import begin_demo
from booking.settings import Settings, read_settings
from booking.staff.rules import Role
from booking.work import database, unit_of_work
from tests.factories import (
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

ROUNDS = 5
AT_ONCE = 50
CLIENTS = (1, 4)
CHILDREN = 50


@dataclass(frozen=True)
class Door:
    """A meeting that goes on now, who is expected, and the cookie of somebody at its door."""

    meeting_id: int
    children: Sequence[int]
    cookie: tuple[str, str]


@dataclass(frozen=True)
class Measured:
    """How many ticks and how many bare inserts came a second, with so many clients."""

    clients: int
    alone: float
    in_parcels: float
    bare: float


class Phone:
    """A phone whose owner is signed in, and which sends ticks as the script of the door does."""

    def __init__(self, port: int, door: Door) -> None:
        """Ask for the token of the session, as a page brings it."""
        self._port, self._door, self._device = port, door, str(uuid4())
        name, value = door.cookie
        answer = _ask(port, "GET", "/staff/meetings/token", None, {"Cookie": f"{name}={value}"})
        session = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self._headers = {
            "Cookie": f"{name}={value}; {session}",
            "Content-Type": "application/json",
            "X-CSRFToken": json.loads(answer.told)["token"],
        }

    def send(self, ticks: int) -> None:
        """Send so many ticks at once, and see that each was taken."""
        events = [tick_of(child) for child in self._door.children[:ticks]]
        body = json.dumps({"device": self._device, "sent": now(), "events": events})
        answer = _ask(
            self._port, "POST", f"/staff/meetings/{self._door.meeting_id}/events", body, self._headers
        )
        became = {each["became"] for each in json.loads(answer.told)["events"]}
        if became != {"taken"}:
            message = f"ticks became {became}"
            raise RuntimeError(message)


class _Answer(http.client.HTTPResponse):
    told: str


def _ask(port: int, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> _Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.response_class = _Answer
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        answer = cast("_Answer", connection.getresponse())
        answer.told = answer.read().decode()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            message = f"{method} {path}: {answer.status}"
            raise RuntimeError(message)
        return answer
    finally:
        connection.close()


def main() -> None:
    """Serve both by turns, let phones send, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "BOOKING_DEMO": "1",
            "BOOKING_SECRET_KEY": "only for measuring, and never for serving",
            "BOOKING_DATABASE_URL": arguments.database_url or f"sqlite:///{folder}/booking.db",
            "BOOKING_TRUSTED_PROXIES": "1",
        }
        os.environ.update(environment)
        settings = read_settings(Path(folder), environment)
        app = create_app(settings)
        door = fill(app, settings)
        queries = _queries(app, door)
        _print(_measured(app, door, environment), arguments.database_url, queries)


def fill(app: Flask, settings: Settings) -> Door:
    """Make a meeting that goes on now, with children who have a place."""
    with app.app_context():
        upgrade()
        with unit_of_work() as (session, clock):
            begin_demo(session, clock)
            library = make_library(session)
            occasion = make_occasion(session, activity=make_activity(session, library=library), capacity=100)
            meeting = make_meeting(session, occasion=occasion, starts_at=clock())
            children = [make_participant(session) for _child in range(CHILDREN)]
            for child in children:
                make_signup(session, occasion=occasion, participant=child)
            account = make_account(session, Role.DOOR, library=library)
            session.execute(text("CREATE TABLE bare (told VARCHAR(200))"))
            at = clock()
            carried = StaffPass(
                session_key=account.session_key, since=at, seen_at=at, proved_at=at, second_factor=True
            )
            cookie = (cookie_name(settings), sealed(app, carried))
            return Door(meeting.id, [child.id for child in children], cookie)


def tick_of(child: int) -> dict[str, object]:
    """Return a tick as the script of the door makes it: its id grows with the time."""
    at = now()
    begins = f"{at:012x}"
    return {
        "id": f"{begins[:8]}-{begins[8:]}-7{str(uuid4())[15:]}",
        "at": at,
        "person": child,
        "standing": "came",
    }


def now() -> int:
    """Return the time as phones tell it."""
    return round(system_clock().timestamp() * 1000)


def _measured(app: Flask, door: Door, environment: Mapping[str, str]) -> Iterator[Measured]:
    with (
        app.app_context(),
        serving("wsgi:app", environment) as ours,
        serving("bench.bare_insert:app", environment) as bare,
    ):
        for clients in CLIENTS:
            alone, parcels, plain = [], [], []
            for _round in range(ROUNDS):
                alone.append(rate(clients, _sending(ours, door, 1)))
                plain.append(rate(clients, _inserting(bare)))
                parcels.append(AT_ONCE * rate(clients, _sending(ours, door, AT_ONCE)))
            yield Measured(clients, *(statistics.median(rates) for rates in (alone, parcels, plain)))


def _sending(port: int, door: Door, ticks: int) -> Callable[[], None]:
    phone = Phone(port, door)
    return lambda: phone.send(ticks)


def _inserting(port: int) -> Callable[[], None]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return lambda: (_ask(port, "POST", "/", f"told={uuid4()}", form), None)[1]


def _queries(app: Flask, door: Door) -> int:
    with app.app_context():
        browser = app.test_client()
        browser.set_cookie(*door.cookie)
        token = browser.get("/staff/meetings/token").json["token"]  # type: ignore[index]
        address, headers = f"/staff/meetings/{door.meeting_id}/events", {"X-CSRFToken": token}
        told = {"device": str(uuid4()), "sent": now(), "events": [tick_of(door.children[0])]}
        with overhearing(database.engine) as asked:
            browser.post(address, json=told, headers=headers)
            return len(asked)


def _print(measured: Iterator[Measured], database_url: str, queries: int) -> None:
    print("PostgreSQL" if database_url else "SQLite", "· queries for a tick:", queries)
    print("| clients | ticks a second | in parcels of 50 | bare inserts a second | alone | in parcels |")
    print("|---|---|---|---|---|---|")
    for each in measured:
        print(
            f"| {each.clients} | {each.alone:.0f} | {each.in_parcels:.0f} | {each.bare:.0f} "
            f"| {each.alone / each.bare:.2f} × | {each.in_parcels / each.bare:.1f} × |"
        )


if __name__ == "__main__":
    main()
