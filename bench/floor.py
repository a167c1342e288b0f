"""Measure what a sign-up costs if all of ours is free: its statements by the driver, beside one bare insert.

The statements are heard of a real sign-up. They are told through HTTP in three requests and two transactions,
with keys and numbers of their own each time, by a view that knows no rule, no form and no session.
"""

import argparse
import http.client
import json
import pickle
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from bench.servers import begin, serving
from bench.sign_ups import CLIENTS, ROUNDS, code_for, fill, hidden_in, inserting, rate, signing_up, typed
from booking import create_app
from booking.direct import Direct
from booking.settings import read_settings
from booking.work import database, unit_of_work

# Each table's numbers begin elsewhere, so that in what is heard each number tells which row is meant.
_TABLES = ("family", "participant", "permission", "signup", "mailed_code", "signup_move", "link", "letter")
_FIRST, _APART = 900_000, 10_000

_Told = tuple[str, Any, int | None]


@dataclass(frozen=True)
class Measured:
    """How many came a second, with so many clients: whole sign-ups, their statements alone, bare inserts."""

    clients: int
    sign_ups: float
    floor: float
    bare: float


def main() -> None:
    """Hear a sign-up, tell the same again and again, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = begin(arguments.database_url or f"sqlite:///{folder}/booking.db")
        app = create_app(read_settings(Path(folder), environment))
        occasion_id, file = fill(app), Path(folder) / "heard"
        file.write_bytes(pickle.dumps(_heard(app, occasion_id)))
        surroundings = {**environment, "BENCH_HEARD": str(file)}
        _print(_measured(app, occasion_id, surroundings), arguments.database_url)
        _check(app)


def _heard(app: Flask, occasion_id: int) -> Mapping[str, Any]:
    form = f"/occasions/{occasion_id}/sign-up"
    heard: dict[str, Any] = {}
    # The first teaches the process what it keeps; the second is as all others are.
    for number in (1, 2):
        _number_apart(app, _FIRST + number * 1_000)
        browser, email = app.test_client(), f"forelder-{number}@example.org"
        heard["page"] = browser.get(form).data
        hidden = hidden_in(heard["page"].decode())
        with _hearing() as heard["submit"]:
            browser.post(form, data={**hidden, **typed(email)})
        with app.app_context():
            code = code_for(database.engine, email)
        with _hearing() as heard["code"]:
            browser.post(f"{form}/code", data={"csrf_token": hidden["csrf_token"], "code": code})
    return heard


def _number_apart(app: Flask, first: int) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        for place, table in enumerate(_TABLES):
            number = first + place * _APART
            if database.engine.dialect.name == "postgresql":
                session.execute(text(f"ALTER SEQUENCE {table}_id_seq RESTART WITH {number}"))
            else:
                session.execute(text(f"DELETE FROM sqlite_sequence WHERE name = '{table}'"))  # noqa: S608
                session.execute(text(f"INSERT INTO sqlite_sequence VALUES ('{table}', {number})"))  # noqa: S608


@contextmanager
def _hearing() -> Iterator[list[_Told]]:
    heard: list[_Told] = []
    tell = Direct.told

    def hear(self: Direct, driver: Any, dialect: Any, given: Mapping[str, object]) -> Any:
        cursor = tell(self, driver, dialect, given)
        worded = self._words_for(dialect)
        answer = _Answer(cursor.fetchall() if cursor.description else [], cursor.rowcount)
        number = answer.rows[0][0] if answer.rows and not worded.text.startswith("SELECT") else None
        heard.append((worded.text, _plain(worded.parameters(given)), number))
        return answer

    Direct.told = hear  # type: ignore[method-assign]
    try:
        yield heard
    finally:
        Direct.told = tell  # type: ignore[method-assign]


@dataclass(frozen=True)
class _Answer:
    """What a cursor holds, for those who were to ask it."""

    rows: list[Any]
    rowcount: int

    def fetchall(self) -> list[Any]:
        return self.rows


def _plain(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _plain_value(value) for name, value in values.items()}
    return [_plain_value(value) for value in values]


def _plain_value(value: Any) -> Any:
    return json.dumps(value.obj) if hasattr(value, "obj") else value


def _measured(app: Flask, occasion_id: int, environment: Mapping[str, str]) -> Iterator[Measured]:
    # Other families than those whose statements were heard.
    numbers = count(10)
    with (
        app.app_context(),
        serving("wsgi:app", environment) as ours,
        serving("bench.bare_sign_up:app", environment) as floor,
        serving("bench.bare_insert:app", environment) as bare,
    ):
        acts = {
            ours: signing_up(ours, occasion_id, numbers),
            floor: _telling(floor),
            bare: inserting(bare, numbers),
        }
        for clients in CLIENTS:
            rates: dict[int, list[float]] = {port: [] for port in acts}
            for _round in range(ROUNDS):
                for port, act in acts.items():
                    rates[port].append(rate(clients, act))
            yield Measured(clients, *(statistics.median(rates[port]) for port in acts))


def _telling(port: int) -> Callable[[], None]:
    def tell() -> None:
        _asked(port, "GET", "/", b"")
        _asked(port, "POST", "/code", _asked(port, "POST", "/", b""))

    return tell


def _asked(port: int, method: str, path: str, body: bytes) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=body, headers={"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        message = f"{method} {path}: {answer.status}"
        raise RuntimeError(message)
    return told


def _check(app: Flask) -> None:
    # Told of rows that are not there, statements cost next to nothing.
    with app.app_context(), unit_of_work() as (session, _clock):
        held = session.execute(text("SELECT state, count(*) FROM signup GROUP BY state")).all()
    print("what the sign-ups came to:", dict(tuple(row) for row in held))


def _print(measured: Iterator[Measured], database_url: str) -> None:
    print("PostgreSQL" if database_url else "SQLite")
    print(
        "| clients | whole sign-ups a second | statements alone | bare inserts | a sign-up | its statements |"
    )
    print("|---|---|---|---|---|---|")
    for each in measured:
        rates = f"{each.sign_ups:.0f} | {each.floor:.0f} | {each.bare:.0f}"
        costs = f"{each.bare / each.sign_ups:.1f} × | {each.bare / each.floor:.1f} ×"
        print(f"| {each.clients} | {rates} | {costs} |")


if __name__ == "__main__":
    main()
