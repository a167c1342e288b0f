from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from booking import create_app
from booking.health.rules import Condition, letters_condition, shape_condition
from booking.libraries.rules import Language
from booking.outbox.operations import claim_next, write_letter
from booking.work import database
from tests.browser import Browser
from tests.conftest import StoppedClock, settings_for
from tests.factories import NOON

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def nowhere(tmp_path: Path) -> Iterator[Flask]:
    """A service whose database does not answer."""
    app = create_app(settings_for(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing"))
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def unmigrated(tmp_path: Path) -> Iterator[Flask]:
    """A service whose database is empty."""
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'booking.db'}"))
    yield app
    with app.app_context():
        database.engine.dispose()


def _write(session: Session, clock: StoppedClock) -> None:
    write_letter(
        session,
        clock,
        key="letter",
        template="password_changed",
        address="ada@example.org",
        language=Language.EN,
        facts={},
    )


@pytest.mark.parametrize(
    ("found", "newest", "condition"),
    [
        ("0002", "0002", Condition.GOOD),
        ("0001", "0002", Condition.OUTDATED),
        ("0003", "0002", Condition.OUTDATED),
        (None, "0002", Condition.OUTDATED),
        (None, None, Condition.OUTDATED),
    ],
)
def test_the_shape_of_the_database_is_the_newest_or_it_is_not(
    found: str | None, newest: str | None, condition: Condition
) -> None:
    assert shape_condition(found=found, newest=newest) is condition


@pytest.mark.parametrize(
    ("minutes", "condition"), [(None, Condition.GOOD), (15, Condition.GOOD), (16, Condition.LATE)]
)
def test_a_letter_is_late_after_a_while(minutes: int | None, condition: Condition) -> None:
    due_at = None if minutes is None else NOON - timedelta(minutes=minutes)

    assert letters_condition(oldest_due_at=due_at, now=NOON, patience=timedelta(minutes=15)) is condition


def test_a_house_in_order_is_alive_and_ready(browser: Browser) -> None:
    alive, ready = browser.get("/healthz"), browser.get("/readyz")

    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert (ready.status_code, ready.json) == (
        200,
        {"database": "good", "shape": "good", "letters": "good"},
    )


@pytest.mark.parametrize("address", ["/healthz", "/readyz?lang=nn"])
def test_whoever_asks_how_the_house_is_gets_no_cookie(browser: Browser, address: str) -> None:
    answer = browser.get(address)

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_house_without_its_database_is_alive_and_not_ready(nowhere: Flask) -> None:
    alive, ready = Browser(nowhere).get("/healthz"), Browser(nowhere).get("/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, ready.json) == (503, {"database": "away"})


def test_a_house_whose_database_was_not_migrated_is_not_ready(unmigrated: Flask) -> None:
    ready = Browser(unmigrated).get("/readyz")

    assert (ready.status_code, ready.json) == (503, {"database": "good", "shape": "outdated"})


def test_a_house_whose_database_is_of_another_version_is_not_ready(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        newest = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    ready = browser.get("/readyz")

    with arranging() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest})
    assert (ready.status_code, ready.json) == (503, {"database": "good", "shape": "outdated"})


@pytest.mark.parametrize("claimed", [False, True])
@pytest.mark.parametrize(("minutes", "status"), [(10, 200), (20, 503)])
def test_a_letter_that_no_worker_sends_makes_the_house_unready(
    arranging: Arranging, browser: Browser, clock: StoppedClock, claimed: bool, minutes: int, status: int
) -> None:
    with arranging() as session:
        _write(session, clock)
        if claimed:
            claim_next(session, clock)
    clock.forward(minutes=minutes)

    assert browser.get("/readyz").status_code == status
