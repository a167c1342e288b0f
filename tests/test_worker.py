import asyncio
import logging
import sqlite3
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from booking.clock import Clock
from booking.libraries.models import Installation, InstallationKind
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.outbox.rules import LetterState, Policy
from booking.work import reading, unit_of_work
from booking.worker import Alarm, jobs_in_use, rehearse_job, run_jobs
from tests.conftest import StoppedClock, settings_for
from tests.databases import fresh_postgres_database
from tests.processes import Place, a_place, end, free_port, wait_until

LETTERS = 24


class SlowServer:
    """A mail server that takes its time over each letter, and remembers them all."""

    def __init__(self) -> None:
        """Begin with an empty mailbox."""
        self.identities: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(cast("bytes", envelope.content))
        self.identities.append(str(mail["Message-ID"]))
        await asyncio.sleep(0.05)
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[tuple[SlowServer, int]]:
    """A mail server on this machine, and its port."""
    handler = SlowServer()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield handler, int(controller.port)
    controller.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, mail_server: tuple[SlowServer, int]
) -> Iterator[Place]:
    """A service of its own, run by real processes, once on each database."""
    given = {
        "base_url": "http://127.0.0.1",
        "mail_from": "velkommen@example.org",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(mail_server[1]),
        "smtp_starttls": "0",
    }
    if request.param == "sqlite":
        with a_place(tmp_path, **given) as made:
            yield made
        return
    with (
        fresh_postgres_database(request.getfixturevalue("postgres_server")) as url,
        a_place(tmp_path, **given, database_url=url) as made,
    ):
        yield made


def _write(place: Place, number: int, policy: Policy = Policy.REPEAT) -> None:
    with place.app.app_context(), unit_of_work() as (session, clock):
        for each in range(number):
            _write_one(session, clock, key=f"letter-{each}", policy=policy)


def _write_one(session: Session, clock: Clock, *, key: str, policy: Policy = Policy.REPEAT) -> Letter:
    return write_letter(
        session,
        clock,
        key=key,
        template="password_changed",
        address="ada@example.org",
        language=Language.EN,
        facts={"name": "Ada"},
        policy=policy,
    )


def _count(place: Place, state: LetterState) -> int:
    with place.app.app_context(), reading() as (session, _clock):
        return session.scalar(select(func.count()).where(Letter.state == state)) or 0


def _let_leases_end(place: Place) -> None:
    with place.app.app_context(), unit_of_work() as (session, clock):
        over = clock() - timedelta(seconds=1)
        session.execute(update(Letter).where(Letter.leased_until.is_not(None)).values(leased_until=over))


@pytest.mark.slow
@pytest.mark.parametrize("killed_at", [1, 5, 11])
def test_a_worker_killed_at_random_loses_no_letter_and_repeats_at_most_one(
    place: Place, mail_server: tuple[SlowServer, int], killed_at: int
) -> None:
    received = mail_server[0].identities
    _write(place, LETTERS)

    with place.running("worker") as worker:
        wait_until(lambda: len(received) >= killed_at)
        worker.kill()
        worker.wait()
    _let_leases_end(place)
    with place.running("worker"):
        wait_until(lambda: _count(place, LetterState.SENT) == LETTERS)

    assert len(set(received)) == LETTERS
    assert len(received) <= LETTERS + 1


@pytest.mark.slow
def test_a_letter_that_must_not_come_twice_is_uncertain_after_a_kill(
    place: Place, mail_server: tuple[SlowServer, int]
) -> None:
    received = mail_server[0].identities
    _write(place, LETTERS, policy=Policy.ONCE)

    with place.running("worker") as worker:
        wait_until(lambda: len(received) >= 3)
        worker.kill()
        worker.wait()
    in_hand = _count(place, LetterState.SENDING)
    _let_leases_end(place)
    with place.running("worker"):
        wait_until(lambda: _count(place, LetterState.SENT) == LETTERS - in_hand)

    assert max(Counter(received).values()) == 1
    assert _count(place, LetterState.UNCERTAIN) == in_hand


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_finishes_the_letter_in_its_hand(
    place: Place, mail_server: tuple[SlowServer, int]
) -> None:
    received = mail_server[0].identities
    _write(place, LETTERS)

    with place.running("worker") as worker:
        wait_until(lambda: len(received) >= 3)
        code = end(worker)

    assert code == 0
    assert _count(place, LetterState.SENDING) == 0
    assert _count(place, LetterState.SENT) == len(received) == len(set(received))
    assert len(received) < LETTERS


@pytest.mark.slow
def test_two_workers_send_each_letter_once(place: Place, mail_server: tuple[SlowServer, int]) -> None:
    received = mail_server[0].identities
    _write(place, LETTERS)

    with place.running("worker"), place.running("worker"):
        wait_until(lambda: _count(place, LetterState.SENT) == LETTERS)

    assert len(received) == len(set(received)) == LETTERS


@pytest.mark.slow
def test_one_process_serves_pages_and_sends_a_letter_within_two_seconds(
    place: Place, mail_server: tuple[SlowServer, int]
) -> None:
    received, port = mail_server[0].identities, free_port()

    with place.running("serve", "--port", str(port)) as server:
        wait_until(lambda: _answers(f"http://127.0.0.1:{port}/healthz"))
        time.sleep(3)  # a worker that has had nothing to do looks less often
        _write(place, 1)
        waited = wait_until(lambda: len(received) == 1)
        wait_until(lambda: _count(place, LetterState.SENT) == 1)
        code = end(server)

    assert waited < 2
    assert code == 0
    assert f"http://127.0.0.1:{port}" in place.log()


@pytest.mark.slow
def test_nothing_that_a_process_writes_down_tells_whom_a_letter_was_for(
    place: Place, mail_server: tuple[SlowServer, int]
) -> None:
    _write(place, 2)
    with place.app.app_context(), unit_of_work() as (session, _clock):
        session.execute(
            update(Letter).where(Letter.key == "letter-0").values(address="kari@example.org, b@example.org")
        )

    with place.running("worker"):
        wait_until(lambda: _count(place, LetterState.SENT) == 1)
        wait_until(lambda: _count(place, LetterState.PARKED) == 1)

    assert "letter" in place.log()
    assert "@example.org" not in place.log()
    assert "Ada" not in place.log()


def _answers(address: str) -> bool:
    try:
        with closing(urllib.request.urlopen(address, timeout=2)) as answer:  # noqa: S310 – our own
            return bool(answer.status == 200)
    except OSError:
        return False


def _mark(session: Session, clock: Clock) -> int:
    session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=clock()))
    session.flush()
    return 1


def _fail(session: Session, clock: Clock) -> int:
    session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=clock()))
    session.flush()
    message = "about Ada"
    raise ZeroDivisionError(message)


def _installations(app: Flask) -> int:
    with app.app_context(), reading() as (session, _clock):
        return session.scalar(select(func.count()).select_from(Installation)) or 0


def test_a_job_that_fails_stops_no_other_and_leaves_nothing_behind(
    app: Flask,
) -> None:
    with app.app_context():
        done = run_jobs({"breaks": _fail, "works": _mark})

    assert done == {"works": 1}
    assert _installations(app) == 1


def test_a_job_that_fails_is_written_down_without_what_it_said(app: Flask) -> None:
    lines: list[str] = []
    heard = logging.Handler()
    heard.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("booking.postman").addHandler(heard)

    with app.app_context():
        run_jobs({"breaks": _fail})
    logging.getLogger("booking.postman").removeHandler(heard)

    assert "job breaks failed: ZeroDivisionError" in lines[0]
    assert "Ada" not in lines[0]


def test_a_rehearsal_keeps_nothing(app: Flask) -> None:
    with app.app_context():
        assert rehearse_job(_mark) == 1

    assert _installations(app) == 0


def test_every_job_may_run_twice(app: Flask) -> None:
    with app.app_context():
        first, second = run_jobs(jobs_in_use()), run_jobs(jobs_in_use())

    assert set(first) == set(second) == {*_jobs(app)}
    assert not any(second.values())


def _jobs(app: Flask) -> list[str]:
    with app.app_context():
        return list(jobs_in_use())


def test_a_ring_that_nobody_can_hear_fails_nothing(app: Flask, tmp_path: Path) -> None:
    nowhere = tmp_path / "a file, no folder"
    nowhere.touch()
    settings = settings_for(nowhere, f"sqlite:///{tmp_path / 'booking.db'}")

    Alarm(app, settings).ring()

    assert not (tmp_path / "alarm.db").exists()


def test_a_ring_while_the_alarm_is_held_by_another_keeps_nobody_waiting_long(
    app: Flask, tmp_path: Path
) -> None:
    alarm = Alarm(app, settings_for(tmp_path, f"sqlite:///{tmp_path / 'booking.db'}"))
    waiting = alarm.clockwork.pending_count()
    holder = sqlite3.connect(tmp_path / "alarm.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    begun = time.monotonic()

    alarm.ring()

    waited = time.monotonic() - begun
    holder.close()
    assert waited < 3
    assert alarm.clockwork.pending_count() == waiting
    alarm.put_away()


def test_a_ring_is_kept_for_whoever_listens(app: Flask) -> None:
    alarm = Alarm(app, app.extensions["booking.settings"])
    alarm.clockwork.flush()

    alarm.ring()

    assert [task.name for task in alarm.clockwork.pending()] == ["deliver"]
    alarm.put_away()


def test_a_ring_that_comes_while_the_postman_is_out_sends_him_again(
    app: Flask, arranging: Callable[[], AbstractContextManager[Session]], clock: StoppedClock
) -> None:
    alarm = Alarm(app, app.extensions["booking.settings"])
    with arranging() as session:
        _write_one(session, clock, key="while out")
    alarm._turn.acquire()

    alarm.deliver()  # somebody else is at it

    alarm._turn.release()
    with arranging() as session:
        assert session.scalars(select(Letter)).one().state is LetterState.WAITING
    assert alarm._rung.is_set()
    alarm.deliver()
    with arranging() as session:
        assert session.scalars(select(Letter)).one().state is LetterState.SENT
