"""Measure a calendar of 200 meetings: warm against a bare view, cold against icalendar alone, one change."""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from icalendar import Calendar, Event, Timezone
from sqlalchemy import select
from werkzeug.test import TestResponse

from bench.catalogue import fill
from bench.servers import requests_a_second, serving
from booking import create_app
from booking.activities.models import Meeting
from booking.feeds.render import _line
from booking.feeds.views import event_shelf
from booking.kept import shelf_of
from booking.settings import read_settings
from booking.staff.rules import Role
from booking.work import unit_of_work
from tests.factories import make_account, make_library

PATH = "/calendar/all.ics"
ROUNDS, SECONDS, TIMES = 5, 1.0, 9
FEW, MANY = 20, 150  # activities, of ten meetings each


def main() -> None:
    """Fill a database, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database; SQLite if left out")
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
        print(f"{'PostgreSQL' if arguments.database_url else 'SQLite'}\n")
        _fill(app, FEW)
        _measure_cpu(app)
        _measure_served(app, environment)
        _fill(app, MANY - FEW)
        _measure_many(app)


def _measure_many(app: Flask) -> None:
    _forget(app)
    begun, cpu = time.perf_counter(), time.process_time()
    body = _get(app).data
    took, used = time.perf_counter() - begun, time.process_time() - cpu
    count = body.count(b"BEGIN:VEVENT")
    print(
        f"cold, {count} meetings, {len(body):,} bytes: {took * 1000:.0f} ms, {used * 1000:.0f} ms of a core"
    )


def _fill(app: Flask, activities: int) -> None:
    with app.app_context():
        upgrade()
        with unit_of_work() as (session, clock):
            if session.scalars(select(Meeting.id)).first() is None:
                for number in range(4):
                    make_library(session, slug=f"granlia-{number}")
                make_account(session, Role.COORDINATOR)
            fill(session, clock, activities=activities)


def _get(app: Flask, headers: Mapping[str, str] | None = None) -> TestResponse:
    return app.test_client().get(PATH, headers=dict(headers or {}))


def _forget(app: Flask) -> None:
    """Let the process be as after its start."""
    shelf_of(app).clear()
    _line.cache_clear()
    with app.app_context():
        event_shelf().clear()


def _cpu(act: Callable[[], object], before: Callable[[], object]) -> float:
    """Return the median of the milliseconds of a core that the act takes, `before` not counted."""
    taken = []
    for _time in range(TIMES):
        before()
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return statistics.median(taken) * 1000


def _measure_cpu(app: Flask) -> None:
    _get(app)
    cold = _cpu(lambda: _get(app), lambda: _forget(app))
    alone = _alone(_get(app).data)
    library = _cpu(alone, lambda: None)
    changed = _cpu(lambda: _get(app), lambda: _change_one(app))
    bound = _cpu(lambda: _get(app), shelf_of(app).clear)
    print("| 200 meetings, CPU in the process | ms | |\n|---|---:|---|")
    print(f"| icalendar alone, built and written | {library:.1f} | |")
    print(f"| cold | {cold:.1f} | {cold / library:.2f} × icalendar alone |")
    print(f"| after one meeting changed | {changed:.1f} | {changed / cold:.2f} × cold |")
    print(f"| at midnight, nothing changed | {bound:.1f} | {bound / cold:.2f} × cold |\n")


def _change_one(app: Flask) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        meeting = session.scalars(select(Meeting).order_by(Meeting.id).limit(1)).one()
        meeting.room = f"Rom {meeting.shown_sequence}"


def _alone(body: bytes) -> Callable[[], bytes]:
    """Return what builds and writes the same events with icalendar and nothing else."""
    read: Any = Calendar.from_ical(body)
    head = [
        (name, value) for name, value in read.property_items(recursive=False) if name not in {"BEGIN", "END"}
    ]
    (zone,) = read.walk("VTIMEZONE")
    zone_text = zone.to_ical().decode()
    events = [[(name, _plain(value)) for name, value in each.items()] for each in read.walk("VEVENT")]

    def write() -> bytes:
        calendar = Calendar()
        for name, value in head:
            calendar.add(name, value)
        calendar.add_component(Timezone.from_ical(zone_text))
        for properties in events:
            event = Event()
            for name, value in properties:
                event.add(name, value)
            calendar.add_component(event)
        return bytes(calendar.to_ical())

    if write() != body:
        raise RuntimeError
    return write


def _plain(value: Any) -> Any:
    moment = getattr(value, "dt", None)
    if isinstance(moment, datetime):
        return moment
    if hasattr(value, "latitude"):
        return (value.latitude, value.longitude)
    return int(value) if isinstance(value, int) else str(value)


def _measure_served(app: Flask, environment: Mapping[str, str]) -> None:
    answer = _get(app)
    pages = {PATH: {"body": answer.text, "type": answer.content_type}}
    Path(environment["BENCH_PAGES"]).write_text(json.dumps(pages), encoding="utf-8")
    asked = {
        "warm, 200": {},
        "warm, 304": {"If-None-Match": answer.headers["ETag"]},
        "warm, 200, packed": {"Accept-Encoding": "gzip"},
    }
    print(f"| {len(answer.data):,} bytes, two workers | ours, a second | bare, a second | ratio |")
    print("|---|---:|---:|---:|")
    with serving("wsgi:app", environment) as ours, serving("bench.bare:app", environment) as bare:
        for name, headers in asked.items():
            rates: dict[int, list[float]] = {ours: [], bare: []}
            for _round in range(ROUNDS):
                rates[ours].append(requests_a_second(ours, PATH, headers, SECONDS))
                rates[bare].append(requests_a_second(bare, PATH, {}, SECONDS))
            found = {port: statistics.median(each) for port, each in rates.items()}
            print(f"| {name} | {found[ours]:.0f} | {found[bare]:.0f} | {found[ours] / found[bare]:.2f} |")
    print()


if __name__ == "__main__":
    main()
