"""The record: appended to, tied together, and never rewritten."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from booking.audit.models import Actor, AuditEntry
from booking.audit.operations import record, write_down
from booking.audit.queries import recent_entries, verify_chain
from booking.clock import Clock
from booking.work import unit_of_work
from tests.conftest import StoppedClock
from tests.factories import make_library

Arranging = Callable[[], AbstractContextManager[Session]]


def _note(session: Session, clock: Clock, action: str = "looked", **facts: int) -> None:
    record(session, clock, actor=Actor.SYSTEM, action=action, subject="meeting", subject_id=7, facts=facts)


def test_what_was_done_is_on_record_when_the_unit_of_work_ends(
    arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        _note(session, clock, people=3)

    with arranging() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject, entry.subject_id, entry.at) == ("looked", "meeting", 7, clock())
        assert entry.facts == {"people": 3}


def test_what_was_rolled_back_is_not_on_record(arranging: Arranging, clock: StoppedClock) -> None:
    with suppress(ZeroDivisionError), arranging() as session:
        _note(session, clock)
        raise ZeroDivisionError

    with arranging() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_only_what_a_savepoint_undid_is_left_out(arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        _note(session, clock, "before")
        savepoint = session.begin_nested()
        _note(session, clock, "undone")
        savepoint.rollback()
        with session.begin_nested():
            _note(session, clock, "kept")

    with arranging() as session:
        assert [entry.action for entry in recent_entries(session)] == ["kept", "before"]


def test_a_write_that_the_database_refuses_in_a_savepoint_takes_nothing_else_off_the_record(
    arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        library = make_library(session)
        _note(session, clock, "before")
        with suppress(IntegrityError), session.begin_nested():
            _note(session, clock, "undone")
            make_library(session, slug=library.slug)
        _note(session, clock, "after")

    with arranging() as session:
        assert [entry.action for entry in recent_entries(session)] == ["after", "before"]


def test_a_whole_chain_has_no_break(session: Session, clock: StoppedClock) -> None:
    for action in ("opened", "looked", "closed"):
        _note(session, clock, action)
        clock.forward(seconds=1.25)

    write_down(session)

    assert verify_chain(session) is None
    assert [entry.action for entry in recent_entries(session)] == ["closed", "looked", "opened"]


def test_the_chain_still_holds_when_it_is_read_back(arranging: Arranging, clock: StoppedClock) -> None:
    for number in range(3):
        with arranging() as session:
            _note(session, clock, number=number)

    with arranging() as session:
        assert verify_chain(session) is None


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_rewrite_the_record(
    arranging: Arranging, clock: StoppedClock, act: str
) -> None:
    with arranging() as session:
        _note(session, clock)

    with pytest.raises(DBAPIError), arranging() as session:
        session.execute(text(act))


def test_a_forged_entry_is_found(arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        _note(session, clock)
        write_down(session)
        forged = AuditEntry(
            at=clock(), actor=Actor.STAFF, action="looked", subject="meeting", facts={}, digest="0" * 64
        )
        session.add(forged)
        session.flush()
        _note(session, clock)

    with arranging() as session:
        assert verify_chain(session) == forged.id


def test_an_entry_that_somebody_changed_is_found(arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        for number in range(3):
            _note(session, clock, number=number)
    with arranging() as session:
        on_sqlite = session.get_bind().dialect.name == "sqlite"
        target = "" if on_sqlite else " ON audit_entry"
        second = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()[1]

    # Somebody who owns the file can take the lock off the door, but not rewrite the chain unseen.
    with arranging() as session:
        kept = _trigger_words(session)
        session.execute(text(f"DROP TRIGGER audit_entry_no_update{target}"))
        session.execute(text("UPDATE audit_entry SET subject_id = 8 WHERE id = :id"), {"id": second})
        session.execute(text(kept))
    with arranging() as session:
        assert verify_chain(session) == second


def _trigger_words(session: Session) -> str:
    if session.get_bind().dialect.name == "sqlite":
        return str(session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'audit_entry_no_update'")))
    words = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'audit_entry_no_update'"
    return str(session.scalar(text(words)))


def test_the_record_of_one_library_is_found_page_by_page(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    for number in range(3):
        record(
            session,
            clock,
            actor=Actor.SYSTEM,
            action="looked",
            subject="meeting",
            subject_id=number,
            library_id=library.id,
        )
    _note(session, clock, "elsewhere")
    write_down(session)

    first = recent_entries(session, library_id=library.id, limit=2)
    rest = recent_entries(session, library_id=library.id, before_id=first[-1].id)

    assert [entry.subject_id for entry in (*first, *rest)] == [2, 1, 0]


@pytest.mark.race
def test_many_who_write_at_once_write_one_chain(app: Flask, clock: StoppedClock) -> None:
    start = threading.Barrier(8)

    def write() -> None:
        start.wait()
        for _ in range(5):
            with app.app_context(), unit_of_work() as (session, _clock):
                _note(session, clock)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context(), unit_of_work() as (session, _clock):
        assert verify_chain(session) is None
        assert len(session.scalars(select(AuditEntry)).all()) == 40
