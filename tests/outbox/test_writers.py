"""Several who write the same letter at the same moment, on both databases: it is one letter, and no error."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.outbox.models import Letter
from booking.work import unit_of_work

pytestmark = pytest.mark.race

Arranging = Callable[[], AbstractContextManager[Session]]
Write = Callable[..., Letter]
WRITERS = 8


class GivenUpError(Exception):
    """What ends a unit of work in which a letter was written."""


def _in_threads(act: Callable[[int], str]) -> list[str]:
    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(act, range(WRITERS)))


@pytest.mark.parametrize("about", [None, "ask:1"])
def test_writers_of_the_same_letter_at_the_same_moment_all_get_the_one_that_there_is(
    app: Flask, arranging: Arranging, write: Write, about: str | None
) -> None:
    start = threading.Barrier(WRITERS)

    def write_it(number: int) -> str:
        start.wait()
        with app.app_context(), unit_of_work() as (session, _clock):
            letter = write(session, "one-act", about=about, name=f"Writer {number}")
            time.sleep(0.02)  # kept a little later: the others meet what is not there yet
            return letter.message_id

    told = _in_threads(write_it)

    with arranging() as session:
        assert session.scalars(select(Letter.message_id)).all() == [told[0]]
    assert set(told) == {told[0]}


def test_a_letter_whose_first_writer_gives_up_is_written_by_the_next(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    start = threading.Barrier(WRITERS)
    turns = iter(range(WRITERS))

    def give_up_first() -> None:
        if next(turns) == 0:
            raise GivenUpError

    def write_it(number: int) -> str:
        start.wait()
        with suppress(GivenUpError), app.app_context(), unit_of_work() as (session, _clock):
            letter = write(session, "one-act", name=f"Writer {number}")
            time.sleep(0.02)
            give_up_first()
            return letter.message_id
        return "given up"

    told = _in_threads(write_it)

    with arranging() as session:
        kept = session.scalars(select(Letter.message_id)).all()
    assert told.count("given up") == 1
    assert set(told) == {"given up", *kept}
    assert len(kept) == 1


def test_writers_of_different_letters_do_not_wait_for_each_other_or_lose_one(
    app: Flask, arranging: Arranging, write: Write
) -> None:
    start = threading.Barrier(WRITERS)

    def write_them(number: int) -> str:
        start.wait()
        with app.app_context(), unit_of_work() as (session, _clock):
            return write(session, f"act-{number}").message_id

    told = _in_threads(write_them)

    with arranging() as session:
        assert sorted(session.scalars(select(Letter.message_id))) == sorted(told)
