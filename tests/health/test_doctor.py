"""The doctor: what it says of a sound house, and that each promise that is broken is found."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from booking.demo.load import begin_demo, load_demo
from booking.health.commands import PROMISES
from booking.work import database, unit_of_work
from tests.demo.test_demo import CODE_APPS, QUICK

ASKS = dict(PROMISES)
TAMPERED = "UPDATE audit_entry SET action = 'nothing_happened' WHERE id = (SELECT max(id) FROM audit_entry)"
LET_OUT = (
    "INSERT INTO publication (id, first_on, last_on, through_on, published_at, least_count, rule_version) "
    "VALUES (99, '2027-01-01', '2027-07-31', '2027-01-31', '2026-09-08 10:00:00', 5, '1')"
)
COUNTED = (
    "INSERT INTO counted_part (publication_id, measure, row_code, column_code, persons) "
    "SELECT 99, 'attendances', min(slug), '6_12 pilot', 3 FROM library"
)
TOLD = (
    "INSERT INTO published_cell (publication_id, table_code, row_code, column_code, state, value) "
    "VALUES (99, 'attendances_by_month', 'all', '2027-01', 'number', {value})"
)
# What breaks each promise, undone after each.
BREAKS = {
    "Never one more child than places": ["UPDATE occasion SET capacity = 1 WHERE capacity IS NOT NULL"],
    "Nobody stands twice in one occasion": [
        "DROP INDEX uq_signup_one_live_per_occasion",
        "UPDATE signup SET ask_key = uid, state = 'confirmed'",
        "UPDATE signup SET participant_id = (SELECT min(participant_id) FROM signup)",
    ],
    "Every sign-up stands where its history leads": [
        "UPDATE signup SET state = 'expired'",
        "UPDATE signup_move SET to_state = 'declined' WHERE id = (SELECT min(id) FROM signup_move)",
    ],
    "Whoever is waited for was asked by a letter": [
        "UPDATE signup SET state = 'offered' WHERE state = 'queued'",
        "UPDATE letter SET about = NULL",
    ],
    "The record of who did what is whole": ["DROP TRIGGER audit_entry_no_update{on}", TAMPERED],
    "Only closed registers are counted": ["UPDATE closing SET reopened_at = closed_at"],
    "Every closed register is counted": ["UPDATE meeting_fact SET is_withdrawn = (1 = 1)"],
    "Facts are those of their registers": ["UPDATE headcount_fact SET persons = persons + 1"],
    "Each meeting comes to what is kept beside it": ["UPDATE meeting_fact SET named = named + 1"],
    "Months are the sum of their meetings": ["UPDATE month_fact SET visits = bands"],
    "First times are first times": ["UPDATE visitor SET first_fact_id = NULL"],
    "No fact holds what could be a name": [
        "UPDATE visitor SET person_key = 'Ada Eksempel' WHERE id = (SELECT min(id) FROM visitor)"
    ],
    "What was let out is what was counted": [LET_OUT, COUNTED, TOLD.replace("{value}", "9")],
    "Nobody can work out few from what was let out": [LET_OUT, COUNTED, TOLD.replace("{value}", "3")],
    "What is kept beside what was let out adds up": [
        LET_OUT,
        """INSERT INTO told_beside (publication_id, told)
        VALUES (99, '{"meetings"\\:{"1"\\:{"held"\\:7}},"weeks"\\:[[1,"2027-01-25",{"meetings"\\:6}]],
        "pilots"\\:[]}')""",
    ],
}


@pytest.fixture
def autumn(app: Flask) -> None:
    """The demonstration, whose registers have been closed week by week."""
    with app.app_context(), unit_of_work() as (session, clock):
        begin_demo(session, clock)
        load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)


def test_every_promise_is_known_to_be_breakable() -> None:
    assert list(BREAKS) == list(ASKS)


def test_the_doctor_finds_what_is_broken_and_nothing_else(app: Flask, autumn: None) -> None:
    sound = app.test_cli_runner().invoke(args=["doctor"])
    lines = [line for line in sound.stdout.splitlines() if line.startswith(("ok", "not ok"))]
    assert [line.split(maxsplit=1)[0] for line in lines] == ["ok"] * len(PROMISES)
    assert (sound.exit_code, sound.stdout.splitlines()[-1]) == (0, "15 of 15 promises hold.")

    with app.app_context():
        on = " ON audit_entry" if database.engine.dialect.name == "postgresql" else ""
        for name, statements in BREAKS.items():
            with Session(database.engine) as session:
                for statement in statements:
                    session.execute(text(statement.replace("{on}", on)))
                assert [found for found in ASKS[name](session) if found], name
                session.rollback()


def test_a_promise_that_does_not_hold_ends_the_command_with_one(app: Flask, autumn: None) -> None:
    with app.app_context(), unit_of_work() as (session, _clock):
        session.execute(text("UPDATE meeting_fact SET named = named + 1"))

    ill = app.test_cli_runner().invoke(args=["doctor"])

    assert ill.exit_code == 1
    assert "not ok  Each meeting comes to what is kept beside it" in ill.stdout
    assert "14 of 15 promises hold." in ill.stdout
