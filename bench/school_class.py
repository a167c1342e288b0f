"""Let a school class sign up behind one address on the network, over HTTP: do all pass, and who waits?"""

import argparse
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Final

from flask import Flask
from sqlalchemy import Engine, func, select

from bench.servers import begin, serving
from bench.sign_ups import Visitor, code_for, fill, hidden_in, typed
from booking import create_app
from booking.activities.models import Activity
from booking.settings import read_settings
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.work import database, reading, unit_of_work
from tests.factories import make_meeting, make_occasion

# An address that no other visitor of the benches has.
_SCHOOL: Final = 200_000


@dataclass(frozen=True, kw_only=True)
class Child:
    """Who signs up, where, and behind which address."""

    email: str
    occasion_id: int
    address: int


@dataclass(frozen=True, kw_only=True)
class Signed:
    """How the submit and the code were answered, and how many seconds each took."""

    statuses: tuple[int, int]
    submit: float
    code: float


def main() -> None:
    """Let classes sign up by turns behind one address and behind many; end with 1 if anybody is left out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", default="", help="a PostgreSQL database; SQLite when left out")
    parser.add_argument("--children", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        is_right = _run(Path(folder), asked)
    if not is_right:
        raise SystemExit(1)


def _run(folder: Path, asked: argparse.Namespace) -> bool:
    environment = begin(asked.database_url or f"sqlite:///{folder}/booking.db")
    app = create_app(read_settings(folder, environment))
    occasions, numbers = _occasions(app, asked.children), count(1)
    print("PostgreSQL" if asked.database_url else "SQLite", f"· {asked.workers} workers, load {_load()}")
    print(
        "| the class | passed | limited | other answers | submit, middle | slowest | code, middle | slowest |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    passed = 0
    with app.app_context(), serving("wsgi:app", environment, workers=asked.workers) as port:
        _visit(port, _class(occasions[:1], numbers, asked.children, is_school=False))  # it is warm then
        passed += asked.children
        for name, children in _by_turns(occasions, numbers, asked):
            signed = [each for one in children for each in _visit(port, one)]
            passed += _told(name, signed)
    return passed == _confirmed(app) == asked.children * (1 + 4 * asked.rounds)


def _occasions(app: Flask, many: int) -> list[int]:
    first = fill(app)
    with app.app_context(), unit_of_work() as (session, _clock):
        activity = session.scalars(select(Activity)).one()
        others = [make_occasion(session, activity=activity, capacity=1000) for _ in range(many - 1)]
        for occasion in others:
            make_meeting(session, occasion=occasion)
        return [first, *(occasion.id for occasion in others)]


def _by_turns(
    occasions: Sequence[int], numbers: "count[int]", asked: argparse.Namespace
) -> Iterator[tuple[str, list[list[Child]]]]:
    for where, places in (("one occasion", occasions[:1]), ("an occasion each", occasions)):
        for who, is_school in (("one address", True), ("an address each", False)):
            classes = [
                _class(places, numbers, asked.children, is_school=is_school) for _ in range(asked.rounds)
            ]
            yield f"{who}, {where}", classes


def _class(occasions: Sequence[int], numbers: "count[int]", many: int, *, is_school: bool) -> list[Child]:
    # A class comes from a school of its own: no more than a class a day signs up behind one address.
    school = _SCHOOL + next(numbers)
    return [
        Child(
            email=f"forelder-{number}@example.org",
            occasion_id=occasions[place % len(occasions)],
            address=school if is_school else number,
        )
        for place, number in zip(range(many), numbers, strict=False)
    ]


def _visit(port: int, children: Sequence[Child]) -> list[Signed]:
    barrier, letters = Barrier(len(children)), database.engine
    with ThreadPoolExecutor(len(children)) as browsers:
        return list(browsers.map(lambda child: _sign_up(port, child, barrier, letters), children))


def _sign_up(port: int, child: Child, barrier: Barrier, letters: Engine) -> Signed:
    visitor, page = Visitor(port, child.address), f"/occasions/{child.occasion_id}/sign-up"
    hidden = hidden_in(visitor.get(page))
    barrier.wait()
    begun = time.perf_counter()
    submitted = visitor.send(page, {**hidden, **typed(child.email)})
    answered = time.perf_counter()
    if submitted != HTTPStatus.SEE_OTHER:
        return Signed(statuses=(submitted, 0), submit=answered - begun, code=0)
    code = code_for(letters, child.email)
    asked = time.perf_counter()
    typed_in = visitor.send(f"{page}/code", {"csrf_token": hidden["csrf_token"], "code": code})
    ended = time.perf_counter()
    visitor.close()
    return Signed(statuses=(submitted, typed_in), submit=answered - begun, code=ended - asked)


def _told(name: str, signed: Sequence[Signed]) -> int:
    answers = Counter(status for each in signed for status in each.statuses)
    passed = sum(set(each.statuses) == {HTTPStatus.SEE_OTHER} for each in signed)
    limited = answers.pop(HTTPStatus.TOO_MANY_REQUESTS, 0)
    others = sum(times for status, times in answers.items() if status not in {0, HTTPStatus.SEE_OTHER})
    submits, codes = ([getattr(each, part) for each in signed] for part in ("submit", "code"))
    print(
        f"| {name} | {passed} of {len(signed)} | {limited} | {others} "
        f"| {statistics.median(submits):.2f} s | {max(submits):.2f} s "
        f"| {statistics.median(codes):.2f} s | {max(codes):.2f} s |"
    )
    return passed


def _confirmed(app: Flask) -> int:
    with app.app_context(), reading() as (session, _clock):
        of_them = select(func.count()).select_from(Signup).where(Signup.state == SignupState.CONFIRMED)
        return session.scalar(of_them) or 0


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
