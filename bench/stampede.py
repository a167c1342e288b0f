"""Let hundreds of families want a few places at the same moment, over HTTP, and look at what became of it."""

import argparse
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Final

from flask import Flask
from sqlalchemy import select

from bench.servers import begin, serving
from bench.sign_ups import Visitor, fill, hidden_in, typed
from booking import create_app
from booking.people.models import Family, Participant
from booking.settings import read_settings
from booking.signups.models import Signup
from booking.signups.rules import HOLDS_A_PLACE, SignupState
from booking.work import reading

_EACH_SENDS_TWICE: Final = 10


@dataclass(frozen=True)
class Answered:
    """When a family's form was sent and answered, in seconds, and the answer's status."""

    email: str
    begun: float
    ended: float
    status: int


@dataclass(frozen=True)
class Outcome:
    """What became of a stampede."""

    held: int
    queued: int
    rows: int
    errors: int
    overtaken: int
    slowest: float

    def is_right(self, *, places: int, clients: int) -> bool:
        """Tell whether exactly the places were given, all others wait in order, and nobody saw an error."""
        return (
            self.held == places
            and self.queued == clients - places
            and self.rows == clients
            and self.errors == 0
            and self.overtaken == 0
        )


def main() -> None:
    """Serve with four workers, let all clients send at once, print what became of it; end with 1 if wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--application", default="wsgi:app", help="another one, to see that this can fail")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = _run(Path(folder), asked)
    print("PostgreSQL" if asked.database_url else "SQLite", outcome)
    if not outcome.is_right(places=asked.places, clients=asked.clients):
        raise SystemExit(1)


def _run(folder: Path, asked: argparse.Namespace) -> Outcome:
    environment = begin(asked.database_url or f"sqlite:///{folder}/booking.db")
    app = create_app(read_settings(folder, environment))
    occasion_id = fill(app, capacity=asked.places)
    with serving(asked.application, environment, workers=4) as port:
        answers = stampede(port, occasion_id, clients=asked.clients)
    return outcome_of(app, occasion_id, answers)


def stampede(port: int, occasion_id: int, *, clients: int) -> list[Answered]:
    """Send one form for each client at the same moment, each tenth twice; return all answers."""
    barrier = Barrier(clients + clients // _EACH_SENDS_TWICE)
    form = f"/occasions/{occasion_id}/sign-up"

    def send(number: int) -> list[Answered]:
        email = f"forelder-{number}@example.org"
        visitors = [Visitor(port, number) for _ in range(2 if number % _EACH_SENDS_TWICE == 0 else 1)]
        hidden = hidden_in(visitors[0].get(form))
        values = {**hidden, **typed(email)}
        for other in visitors[1:]:
            other.be_like(visitors[0])
        with ThreadPoolExecutor(len(visitors)) as fingers:
            return list(fingers.map(lambda visitor: _press(visitor, form, values, email, barrier), visitors))

    with ThreadPoolExecutor(clients) as threads:
        told = threads.map(send, range(clients))
        return [answer for answers in told for answer in answers]


def outcome_of(app: Flask, occasion_id: int, answers: list[Answered]) -> Outcome:
    """Return what stands in the database, and whether anybody who was answered earlier stands behind."""
    with app.app_context(), reading() as (session, _clock):
        rows = session.execute(
            select(Signup.id, Signup.state, Family.email)
            .join(Participant, Participant.id == Signup.participant_id)
            .join(Family, Family.id == Participant.family_id)
            .where(Signup.occasion_id == occasion_id)
            .order_by(Signup.id)
        ).all()
    states = Counter(state for _id, state, _email in rows)
    return Outcome(
        held=sum(states[state] for state in HOLDS_A_PLACE),
        queued=states[SignupState.QUEUED],
        rows=len(rows),
        errors=sum(answer.status != 303 for answer in answers),  # noqa: PLR2004 – See Other
        overtaken=_overtaken([email for _id, _state, email in rows], answers),
        slowest=max(answer.ended - answer.begun for answer in answers),
    )


def _press(visitor: Visitor, form: str, values: dict[str, str], email: str, barrier: Barrier) -> Answered:
    barrier.wait()
    begun = time.perf_counter()
    status = visitor.send(form, values)
    ended = time.perf_counter()
    visitor.close()
    return Answered(email=email, begun=begun, ended=ended, status=status)


def _overtaken(in_order: list[str], answers: list[Answered]) -> int:
    place = {email: number for number, email in enumerate(in_order)}
    first: dict[str, Answered] = {}
    for answer in sorted(answers, key=lambda each: each.ended):
        first.setdefault(answer.email, answer)
    told = [each for each in first.values() if each.email in place]
    return sum(
        earlier.ended < later.begun and place[earlier.email] > place[later.email]
        for earlier in told
        for later in told
    )


if __name__ == "__main__":
    main()
