"""How a family comes in to its own page in a test, as it does by letter."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.asked import overhearing
from booking.db import Base
from booking.outbox.models import Letter
from booking.tokens import fingerprint
from booking.work import database
from tests.browser import Browser

Arranging = Callable[[], AbstractContextManager[Session]]
OLA = "ola@example.org"


@dataclass(frozen=True)
class Way:
    """What the newest letter about coming in holds."""

    code: str
    secret: str


def ask_for_letter(browser: Browser, email: str = OLA) -> None:
    assert browser.submit("/my", {"email": email}).status_code == 303


def way_in(arranging: Arranging, template: str = "family_enter") -> Way:
    with arranging() as session:
        newest = select(Letter).where(Letter.template == template).order_by(Letter.id.desc()).limit(1)
        facts = session.scalars(newest).one().facts
    return Way(code=facts.get("code", ""), secret=facts["secret"])


def come_in(browser: Browser, arranging: Arranging, email: str = OLA) -> None:
    ask_for_letter(browser, email)
    answer = browser.submit("/my/code", {"code": way_in(arranging).code})
    assert (answer.status_code, answer.location) == (303, "/my")


def everything(arranging: Arranging) -> str:
    """A digest of all rows of all tables."""
    with arranging() as session:
        rows = {
            table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    return fingerprint(str(rows))


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Note what is asked of the database in the block."""
    with app.app_context():
        engine = database.engine
    # What is open already hears nothing: it is opened anew.
    engine.dispose()
    with overhearing(engine) as asked:
        yield asked
