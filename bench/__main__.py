"""Measure the pages of the thread against bare pages of the same bytes, and print a table for docs/."""

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from bench.catalogue import fill
from bench.servers import requests_a_second, serving
from booking import create_app
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import Mode
from booking.clock import local_date
from booking.demo.load import begin_demo, load_demo
from booking.kept import shelf_of
from booking.settings import read_settings
from booking.staff.models import Account
from booking.work import database, reading, unit_of_work
from tests.browser import pass_of

ROUNDS = 5
SECONDS = 1.0


@dataclass(frozen=True)
class Measured:
    """One page, what it costs in queries, and how it compares."""

    name: str
    queries: int
    bytes_sent: int
    ours: float
    bare: float

    @property
    def ratio(self) -> float:
        """Return our requests a second for each of the bare page's."""
        return self.ours / self.bare


@dataclass(frozen=True)
class Asked:
    """A page to measure, and the headers that it is asked for with."""

    name: str
    path: str
    headers: Mapping[str, str]


def main() -> None:
    """Load a demonstration, measure each page by turns with the bare one, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "BOOKING_DEMO": "1",
            "BOOKING_SECRET_KEY": "only for measuring, and never for serving",
            "BOOKING_DATABASE_URL": arguments.database_url or f"sqlite:///{folder}/booking.db",
            "BENCH_PAGES": f"{folder}/pages.json",
        }
        os.environ.update(environment)
        app = create_app(read_settings(Path(folder), environment))
        _fill(app)
        _print([*_measured(app, _pages(app), environment)], arguments.database_url)


def _fill(app: Flask) -> None:
    locks = app.extensions["booking.locks"]
    with app.app_context():
        upgrade()
        with unit_of_work() as (session, clock):
            begin_demo(session, clock)
            load_demo(session, clock, hasher=locks.hasher, code_apps=locks.code_apps)
            fill(session, clock)


def _pages(app: Flask) -> list[Asked]:
    with app.app_context(), reading() as (session, clock):
        meeting, slug, occasion_id = session.execute(
            select(Meeting, Activity.slug, Occasion.id)
            .join(Meeting.occasion)
            .join(Occasion.activity)
            .where(Occasion.mode == Mode.SIGN_UP)
            .order_by(Meeting.starts_at.desc())
        ).first()
        librarian = session.scalars(select(Account).where(Account.email.startswith("kongsvinger@"))).one()
    own = session_cookie(app, librarian)
    return [
        Asked("Front page", "/", {}),
        Asked("What’s on", "/activities", {}),
        Asked("What’s on, grade 5", "/activities?grade=5", {}),
        Asked("A month", f"/months/{local_date(clock()):%Y-%m}", {}),
        Asked("An activity", f"/activities/{slug}", {}),
        Asked("An activity, made anew", f"/activities/{slug}", {"Cookie": "other=1"}),
        Asked("What’s on, made anew", "/activities", {"Cookie": "other=1"}),
        Asked("Sign-up form", f"/occasions/{occasion_id}/sign-up", {}),
        Asked("All dates as a calendar", "/calendar/all.ics", {}),
        Asked("One date as a file", f"/calendar/meetings/{meeting.uid}.ics", {}),
        Asked("Today, for staff", "/staff/", own),
        Asked("A library’s figures", "/staff/figures", own),
        Asked("Liveness", "/healthz", {}),
    ]


def session_cookie(app: Flask, account: Account) -> dict[str, str]:
    """Return the header by which a member of staff is signed in."""
    name, value = pass_of(app, account)
    return {"Cookie": f"{name}={value}"}


def _measured(app: Flask, pages: list[Asked], environment: Mapping[str, str]) -> Iterator[Measured]:
    answers = {page.path: _ask_here(app, page) for page in pages}
    bare_pages = {
        path: {"body": answer.text, "type": answer.content_type} for path, answer in answers.items()
    }
    Path(environment["BENCH_PAGES"]).write_text(json.dumps(bare_pages), encoding="utf-8")
    with serving("wsgi:app", environment) as ours, serving("bench.bare:app", environment) as bare:
        for page in pages:
            rates: dict[int, list[float]] = {ours: [], bare: []}
            for _round in range(ROUNDS):
                for port, found in rates.items():
                    found.append(requests_a_second(port, page.path, page.headers, SECONDS))
            yield Measured(
                page.name,
                _queries(app, page),
                len(answers[page.path].data),
                statistics.median(rates[ours]),
                statistics.median(rates[bare]),
            )


def _queries(app: Flask, page: Asked) -> int:
    shelf_of(app).clear()  # what it takes to make the page, not to give it
    with _counted(app) as statements:
        _ask_here(app, page)
    return len(statements)


def _ask_here(app: Flask, page: Asked) -> TestResponse:
    client = app.test_client()
    if "Cookie" in page.headers:
        client.set_cookie(*page.headers["Cookie"].split("=", 1))
    answer = client.get(page.path)
    if answer.status_code != HTTPStatus.OK:
        message = f"{page.path} answers {answer.status}: there is nothing to measure"
        raise RuntimeError(message)
    return answer


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def _print(rows: list[Measured], database_url: str) -> None:
    kind = "PostgreSQL" if database_url else "SQLite"
    print(f"gunicorn, two workers, four clients, {kind}; medians of {ROUNDS} rounds by turns\n")
    print("| page | queries | bytes | ours, a second | bare, a second | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for row in rows:
        print(
            f"| {row.name} | {row.queries} | {row.bytes_sent:,} | {row.ours:.0f} "
            f"| {row.bare:.0f} | {row.ratio:.2f} |"
        )


if __name__ == "__main__":
    main()
