"""Several administrators who take in the same file at once, on both databases."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.almanac.operations import import_breaks
from booking.almanac.queries import as_break, breaks_from
from booking.almanac.rules import Break, BreakKind, Fate
from booking.work import unit_of_work
from tests.factories import NOON, make_library

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]
MANY = 4
AUTUMN = Break(
    municipality_code="3401",
    kind=BreakKind.AUTUMN,
    first_on=date(2026, 10, 5),
    last_on=date(2026, 10, 9),
)


def slow_clock() -> datetime:
    """A clock that takes its time, so that whoever is not locked out comes in between."""
    time.sleep(0.05)
    return NOON


def test_the_same_file_at_once_is_taken_in_once(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        make_library(session)
    barrier = Barrier(MANY)

    def take_in(_number: int) -> Fate:
        with app.app_context():
            barrier.wait()
            with unit_of_work() as (session, _clock):
                [step] = import_breaks(session, slow_clock, breaks=[AUTUMN])
        return step.fate

    with ThreadPoolExecutor(MANY) as threads:
        fates = Counter(threads.map(take_in, range(MANY)))

    assert fates == {Fate.NEW: 1, Fate.SAME: MANY - 1}
    with arranging() as session:
        assert [as_break(row) for row in breaks_from(session, date(2026, 8, 1))] == [AUTUMN]
