"""Facts of a million attendances over ten years, and how long each figure of them takes."""

import argparse
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from random import Random

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.made_facts import FIRST_YEAR, YEARS, facts_of_rows, fill
from bench.made_pages import NEWEST, add_pilots, let_out_before, let_out_newest
from booking import create_app
from booking.clock import Clock
from booking.libraries.models import Library
from booking.participation import meeting_queries, month_queries, person_queries
from booking.participation.figures import Period, Scope
from booking.participation.metric_queries import counts_by, measure, measure_by_library
from booking.participation.month_queries import Months, read_months
from booking.participation.operations import record_facts
from booking.participation.tallies import Dimension, Measure
from booking.publications.tables import Table
from booking.reports.halves import half_code
from booking.reports.region_queries import region
from booking.settings import read_settings
from booking.work import database, reading, unit_of_work

# The quickest of them counts: what others do on the same machine meanwhile is not ours.
ROUNDS = 5
# When the figures are looked at.
LATER = datetime(FIRST_YEAR + YEARS, 1, 1, tzinfo=UTC)


def main() -> None:
    """Make the facts, ask for every figure of several periods, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--database-url", default="", help="an empty PostgreSQL database; SQLite when left out"
    )
    parser.add_argument("--attendances", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), arguments)


def _measure(folder: Path, arguments: argparse.Namespace) -> None:
    environment = {
        "BOOKING_DEMO": "1",
        "BOOKING_SECRET_KEY": "only for measuring, and never for serving",
        "BOOKING_DATABASE_URL": arguments.database_url or f"sqlite:///{folder}/booking.db",
    }
    os.environ.update(environment)
    app = create_app(read_settings(folder, environment))
    app.logger.handlers[0].setLevel("ERROR")
    with app.app_context():
        _fill(arguments.attendances)
        with reading() as (session, _clock):
            _print(session)
    _print_page(app)
    with app.app_context(), unit_of_work() as (session, clock):
        _print_closing(session, clock)


def _fill(attendances: int) -> None:
    upgrade()
    with unit_of_work() as (session, clock):
        fill(session, clock, attendances=attendances)
        add_pilots(session)
        let_out_before(session)
    let_out = 1
    while let_out:
        with unit_of_work() as (session, _clock):
            let_out = let_out_newest(session)
    _settle()


def _settle() -> None:
    """Let the database learn how its rows lie, as it does by itself in the night."""
    if database.engine.dialect.name != "postgresql":
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
        for table in ("visitor", "meeting_fact"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )


def _periods() -> dict[str, Period]:
    last = FIRST_YEAR + YEARS - 1
    return {
        "an autumn": Period(first=date(last, 8, 1), last=date(last, 12, 31)),
        "a year": Period(first=date(last, 1, 1), last=date(last, 12, 31)),
        "five years": Period(first=date(last - 4, 1, 1), last=date(last, 12, 31)),
        "ten years": Period(first=date(FIRST_YEAR, 1, 1), last=date(last, 12, 31)),
        "ten years, of any days": Period(first=date(FIRST_YEAR, 3, 15), last=date(last, 11, 15)),
    }


def _questions() -> dict[str, Callable[[Session, Scope], object]]:
    asked: dict[str, Callable[[Session, Scope], object]] = {
        name: partial(_part, part, columns) for name, (part, columns) in _PARTS.items()
    }
    asked["every figure of the region"] = lambda session, scope: measure(session, scope=scope)
    asked["every figure of each library"] = lambda session, scope: measure_by_library(session, scope=scope)
    for measured, by in (
        (Measure.ATTENDANCES, (Dimension.LIBRARY, Dimension.WEEK)),
        (Measure.UNIQUE, (Dimension.LIBRARY, Dimension.AGE_BAND)),
        (Measure.UNIQUE, (Dimension.LIBRARY, Dimension.WEEK)),
        (Measure.ATTENDANCES, (Dimension.LIBRARY, Dimension.AGE_BAND)),
    ):
        name = f"{measured.value} by {', '.join(by)}"
        asked[name] = partial(_counted, measured, by)
    asked["the region’s page"] = lambda session, scope: region(session, period=scope.period, now=LATER)
    return asked


_PARTS: dict[str, tuple[Callable[[Months], object], tuple[str, ...]]] = {
    "meetings, visits, hours, places": (meeting_queries.meeting_tallies, month_queries.NUMBERS),
    "persons, dose, weeks, returned": (person_queries.person_tallies, month_queries.VISITS),
    "breadth": (person_queries.breadth_tallies, month_queries.VISITS),
    "courses begun and completed": (person_queries.course_tallies, month_queries.VISITS),
    "new": (meeting_queries.new_tallies, month_queries.FIRSTS),
    "reach": (
        lambda months: person_queries.resident_tallies(months, home=defaultdict(lambda: "3401")),
        month_queries.BANDS,
    ),
    "partners": (meeting_queries.partners_by_sector, ()),
}


def _part(
    part: Callable[[Months], object], columns: tuple[str, ...], session: Session, scope: Scope
) -> object:
    return part(read_months(session, scope=scope, columns=columns))


def _counted(measured: Measure, by: tuple[Dimension, ...], session: Session, scope: Scope) -> object:
    return counts_by(session, scope=scope, by=by, measure=measured)


def _print(session: Session) -> None:
    libraries = session.scalars(select(Library.id)).all()
    periods = _periods()
    print(f"| {database.engine.dialect.name}, ms | {' | '.join(periods)} |")
    print("|---|" + "---:|" * len(periods))
    for name, ask in _questions().items():
        times = [
            _milliseconds(ask, session, Scope(library_ids=libraries, period=each))
            for each in periods.values()
        ]
        print(
            f"| {name} | "
            + " | ".join(f"{by_clock:.0f} ({at_work:.0f})" for by_clock, at_work in times)
            + " |",
            flush=True,
        )


def _print_closing(session: Session, clock: Clock) -> None:
    """Tell what it takes to keep the facts of one more meeting, and to put others in their place."""
    library_id = session.scalars(select(Library.id).order_by(Library.id)).first() or 0
    facts = next(facts_of_rows(Random(1), 1, [library_id], {library_id: list(range(1, 1000, 4))}))
    facts = replace(facts, meeting_uid="one more", library_id=library_id)
    found = []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        record_facts(session, clock, facts=facts)
        found.append(time.perf_counter() - begun)
    print(
        f"\nA closing keeps its facts in {1000 * min(found):.0f} ms, the first time in {1000 * found[0]:.0f}."
    )


def _print_page(app: Flask) -> None:
    """Tell what the whole request takes, from the address to the last letter, for everybody's page."""
    browser = app.test_client()
    address = f"/participation?half={half_code(NEWEST)}"

    def ask() -> None:
        page = browser.get(address, headers={"Accept-Language": "nb"})
        if page.status_code != HTTPStatus.OK or page.text.count("<svg") < len(Table):
            message = f"{address}: {page.status}, {page.text.count('<svg')} charts"
            raise RuntimeError(message)

    by_clock, at_work = _quickest(ask)
    print(f"\nThe region’s page as HTML, an autumn: {by_clock:.0f} ({at_work:.0f}) ms.")


def _milliseconds(
    ask: Callable[[Session, Scope], object], session: Session, scope: Scope
) -> tuple[float, float]:
    return _quickest(partial(ask, session, scope))


def _quickest(ask: Callable[[], object]) -> tuple[float, float]:
    """Return how long it takes by the clock, and how much of that our own process works."""
    ask()
    found = []
    for _round in range(ROUNDS):
        begun, worked = time.perf_counter(), time.process_time()
        ask()
        found.append((time.perf_counter() - begun, time.process_time() - worked))
    by_clock, at_work = zip(*found, strict=True)
    return 1000 * min(by_clock), 1000 * min(at_work)


if __name__ == "__main__":
    main()
