"""Kill the service again and again while families sign up: is anything lost that was acknowledged?"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select, text

from bench.servers import TOP, begin, free_port
from bench.sign_ups import Visitor, fill, hidden_in, typed
from booking import create_app
from booking.outbox.models import Letter
from booking.people.models import Family, Participant
from booking.settings import read_settings
from booking.signups.models import Signup
from booking.work import reading

_WORKERS = 3
_CLIENTS = 6


@dataclass
class Acknowledged:
    """Which sign-ups were answered with success, by address."""

    emails: list[str] = field(default_factory=list)
    errors: Counter[int] = field(default_factory=Counter)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def note(self, email: str, status: int) -> None:
        """Keep what was answered."""
        with self.turn:
            if status == 303:  # noqa: PLR2004 – See Other
                self.emails.append(email)
            else:
                self.errors[status] += 1


def main() -> None:
    """Let clients sign up while the service is killed; print what was lost, and end with 1 if it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--longest", type=float, default=0.9, help="seconds until a kill; more on a slow machine"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lost = _run(Path(folder), asked)
    if lost:
        raise SystemExit(1)


def _run(folder: Path, asked: argparse.Namespace) -> int:
    environment = begin(asked.database_url or f"sqlite:///{folder}/booking.db")
    app = create_app(read_settings(folder, environment))
    occasion_id, told, numbers = fill(app), Acknowledged(), count(1)
    chance, port = Random(asked.seed), free_port()
    for _round in range(asked.rounds):
        _one_round(port, occasion_id, told, numbers, chance=chance, longest=asked.longest)
    return _lost(app, occasion_id, told, asked)


def _one_round(
    port: int,
    occasion_id: int,
    told: Acknowledged,
    numbers: "count[int]",
    *,
    chance: Random,
    longest: float,
) -> None:
    service = _start(port)
    stopped = threading.Event()
    clients = [
        threading.Thread(target=_sign_up_until, args=(stopped, port, occasion_id, told, numbers))
        for _ in range(_CLIENTS)
    ]
    for client in clients:
        client.start()
    time.sleep(chance.uniform(0.2, longest))
    _kill(service, all_of_it=chance.random() < 0.75)  # noqa: PLR2004 – three times of four
    stopped.set()
    for client in clients:
        client.join()
    _kill(service, all_of_it=True)


def _start(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "-w", str(_WORKERS), "-b", f"127.0.0.1:{port}", "--preload"]
    service = subprocess.Popen(
        [*command, "wsgi:app"], cwd=TOP, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            Visitor(port, 0).get("/healthz")
        except (OSError, HTTPException, RuntimeError):
            time.sleep(0.05)
        else:
            return service
    message = "the service did not start"
    raise TimeoutError(message)


def _kill(service: subprocess.Popen[bytes], *, all_of_it: bool) -> None:
    if service.poll() is not None:
        return
    if all_of_it:
        os.killpg(service.pid, signal.SIGKILL)
        service.wait()
        return
    children = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text(encoding="ascii").split()
    if children:
        os.kill(int(children[0]), signal.SIGKILL)


def _sign_up_until(
    stopped: threading.Event, port: int, occasion_id: int, told: Acknowledged, numbers: "count[int]"
) -> None:
    form = f"/occasions/{occasion_id}/sign-up"
    while not stopped.is_set():
        number = next(numbers)
        visitor, email = Visitor(port, number), f"forelder-{number}@example.org"
        try:
            values = {**hidden_in(visitor.get(form)), **typed(email)}
            told.note(email, visitor.send(form, values))
        except (OSError, HTTPException, RuntimeError):
            continue
        finally:
            visitor.close()


def _lost(app: Flask, occasion_id: int, told: Acknowledged, asked: argparse.Namespace) -> int:
    with app.app_context(), reading() as (session, _clock):
        there = set(
            session.scalars(
                select(Family.email)
                .join(Participant, Participant.family_id == Family.id)
                .join(Signup, Signup.participant_id == Participant.id)
                .where(Signup.occasion_id == occasion_id)
            )
        )
        letters = Counter(session.scalars(select(Letter.address)))
        moves = session.scalar(text("SELECT count(*) FROM signup_move"))
        rows = session.scalar(text("SELECT count(*) FROM signup"))
        if not asked.database_url:
            sound = (
                session.scalar(text("PRAGMA integrity_check")),
                session.execute(text("PRAGMA foreign_key_check")).all(),
            )
        else:
            sound = ("ok", [])
    lost = [email for email in told.emails if email not in there]
    no_letter = [email for email in told.emails if letters[email] != 1]
    print(
        "PostgreSQL" if asked.database_url else "SQLite",
        f"{asked.rounds} kills within {asked.longest} s · acknowledged {len(told.emails)} · "
        f"lost {len(lost)} · without their one letter {len(no_letter)} · rows {rows}, histories {moves} · "
        f"other answers {dict(told.errors)} · sound {sound}",
    )
    return len(lost) + len(no_letter) + int(rows != moves) + int(sound != ("ok", []))


if __name__ == "__main__":
    main()
