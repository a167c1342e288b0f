"""Measure whole sign-ups beside two bare durable inserts on the same database and server; print a table."""

import argparse
import http.client
import json
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, text

from bench.asked import overhearing
from bench.servers import begin, serving
from booking import create_app
from booking.demo.load import begin_demo
from booking.settings import read_settings
from booking.work import database, unit_of_work
from tests.factories import make_activity, make_library, make_meeting, make_occasion

ROUNDS = 3
SECONDS = 4.0
CLIENTS = (1, 8)
_CODE = "SELECT facts FROM letter WHERE address = {} ORDER BY id DESC LIMIT 1"


_HIDDEN = re.compile(r'<input(?=[^>]*type="hidden")(?=[^>]* name="([^"]*)")[^>]* value="([^"]*)"')


@dataclass(frozen=True)
class Measured:
    """How many whole sign-ups and how many bare inserts came a second, with so many clients.

    `bare` is an insert by the database's driver alone, `model` one by Flask-SQLAlchemy.
    """

    clients: int
    sign_ups: float
    bare: float
    model: float


class Visitor:
    """A browser with cookies of its own, behind an address of its own."""

    def __init__(self, port: int, number: int) -> None:
        """Be the visitor of that number."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._number = number
        self._cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> str:
        """Return the page."""
        return self._ask("GET", path, None)

    def post(self, path: str, values: Mapping[str, str]) -> str:
        """Send a form and return what is answered."""
        return self._ask("POST", path, urlencode(values))

    def send(self, path: str, values: Mapping[str, str]) -> int:
        """Send a form and return the status of the answer, whatever it is."""
        return self._status_and_text("POST", path, urlencode(values))[0]

    def be_like(self, other: "Visitor") -> None:
        """Be the same browser: have the same cookies."""
        self._cookies = other._cookies  # noqa: SLF001 – of the same kind

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None) -> str:
        status, told = self._status_and_text(method, path, body)
        if status >= http.HTTPStatus.BAD_REQUEST:
            message = f"{method} {path}: {status}"
            raise RuntimeError(message)
        return told

    def _status_and_text(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self._cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": str(IPv4Address(int(IPv4Address("10.0.0.0")) + self._number)),
        }
        self._connection.request(method, path, body=body, headers=headers)
        answer = self._connection.getresponse()
        told = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._cookies.load(value)
        return answer.status, told


def main() -> None:
    """Serve both by turns, let clients sign up, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = begin(arguments.database_url or f"sqlite:///{folder}/booking.db")
        app = create_app(read_settings(Path(folder), environment))
        occasion_id = fill(app)
        queries = _queries(app, occasion_id)
        _print(_measured(app, occasion_id, environment), arguments.database_url, queries)


def fill(app: Flask, *, capacity: int = 10_000) -> int:
    """Make an occasion with so many places, and return its number."""
    with app.app_context():
        upgrade()
        with unit_of_work() as (session, clock):
            begin_demo(session, clock)
            activity = make_activity(session, library=make_library(session))
            occasion = make_occasion(session, activity=activity, capacity=capacity)
            make_meeting(session, occasion=occasion)
            session.execute(text("CREATE TABLE bare (told VARCHAR(200))"))
            return int(occasion.id)


def _measured(app: Flask, occasion_id: int, environment: Mapping[str, str]) -> Iterator[Measured]:
    numbers = count(1)
    with (
        app.app_context(),
        serving("wsgi:app", environment) as ours,
        serving("bench.bare_insert:app", environment) as bare,
        serving("bench.bare_model:app", environment) as model,
    ):
        for clients in CLIENTS:
            rates: dict[int, list[float]] = {ours: [], bare: [], model: []}
            for _round in range(ROUNDS):
                rates[ours].append(rate(clients, signing_up(ours, occasion_id, numbers)))
                for port in (bare, model):
                    rates[port].append(rate(clients, inserting(port, numbers)))
            median = [statistics.median(rates[port]) for port in (ours, bare, model)]
            yield Measured(clients, *median)


def rate(clients: int, act: Callable[[], None]) -> float:
    """Let so many clients act again and again for some seconds; return how often they did a second."""
    ends_at = time.perf_counter() + SECONDS
    done = [0] * clients

    def client(number: int) -> None:
        while time.perf_counter() < ends_at:
            act()
            done[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - begun)


def signing_up(port: int, occasion_id: int, numbers: Iterator[int]) -> Callable[[], None]:
    """Return what signs a family of its own up: the form, the submit, the code."""
    form, engine = f"/occasions/{occasion_id}/sign-up", database.engine

    def sign_up() -> None:
        number = next(numbers)
        visitor, email = Visitor(port, number), f"forelder-{number}@example.org"
        try:
            hidden = hidden_in(visitor.get(form))
            visitor.post(form, {**hidden, **typed(email)})
            # The token is the session's: the page after the form carries the same one.
            visitor.post(
                f"{form}/code", {"csrf_token": hidden["csrf_token"], "code": code_for(engine, email)}
            )
        finally:
            visitor.close()

    return sign_up


def inserting(port: int, numbers: Iterator[int]) -> Callable[[], None]:
    """Return what lets a bare service make one durable insert."""

    def insert() -> None:
        number = next(numbers)
        visitor = Visitor(port, number)
        try:
            visitor.post("/", {"told": f"forelder-{number}@example.org"})
        finally:
            visitor.close()

    return insert


def typed(email: str) -> dict[str, str]:
    """Return what a parent types."""
    return {
        "children-0-first_name": "Ada",
        "children-0-born": "2016",
        "children-0-municipality": "0000",
        "contact_name": "Ola Eksempel",
        "email": email,
        "permission": "y",
    }


def hidden_in(page: str) -> dict[str, str]:
    """Return the hidden values of a page."""
    return dict(_HIDDEN.findall(page))


def code_for(engine: Engine, email: str) -> str:
    """Return the code in the newest letter to the address."""
    # What a parent reads in the letter; the letter itself is posted by a worker, which is not measured here.
    # Read by the bare driver: what a client costs is no part of the service.
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        place = "?" if engine.dialect.name == "sqlite" else "%s"
        facts = driver.execute(_CODE.format(place), (email,)).fetchone()[0]
    finally:
        connection.close()
    told = json.loads(facts) if isinstance(facts, str) else facts
    return str(told["code"])


def _queries(app: Flask, occasion_id: int) -> dict[str, list[int]]:
    counted: dict[str, list[int]] = {"form": [], "submit": [], "code": []}
    form, email = f"/occasions/{occasion_id}/sign-up", "forelder@example.org"
    browser = app.test_client()
    # The first of each request teaches the process what it keeps; the second is as all others are.
    for number in ("1", "2"):
        browser.delete_cookie("booking")
        with app.app_context(), overhearing(database.engine) as asked:
            hidden = hidden_in(browser.get(form).text)
            counted["form"].append(_so_far(asked))
            browser.post(form, data={**hidden, **typed(f"{number}-{email}")})
            counted["submit"].append(_so_far(asked))
            code = code_for(database.engine, f"{number}-{email}")
            asked.clear()
            browser.post(f"{form}/code", data={"csrf_token": hidden["csrf_token"], "code": code})
            counted["code"].append(_so_far(asked))
    return counted


def _so_far(asked: list[str]) -> int:
    number = len(asked)
    asked.clear()
    return number


def _print(measured: Iterator[Measured], database_url: str, queries: Mapping[str, list[int]]) -> None:
    print("PostgreSQL" if database_url else "SQLite", "· asked by the first and by the next:", queries)
    print("| clients | whole sign-ups a second | by the driver | costs | by Flask-SQLAlchemy | costs |")
    print("|---|---|---|---|---|---|")
    for each in measured:
        costs = [f"{rate:.0f} | {rate / each.sign_ups:.1f} ×" for rate in (each.bare, each.model)]
        print(f"| {each.clients} | {each.sign_ups:.0f} | {costs[0]} | {costs[1]} |")


if __name__ == "__main__":
    main()
