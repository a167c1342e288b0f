from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.work import database
from tests.factories import NOON, make_meeting


def test_an_instant_comes_back_as_it_was(session: Session) -> None:
    meeting = make_meeting(session, starts_at=NOON)
    session.expire_all()

    assert session.get_one(Meeting, meeting.id).starts_at == NOON


@pytest.mark.parametrize("statement", ["UPDATE wording SET words = 'other'", "DELETE FROM wording"])
def test_words_that_were_published_cannot_be_changed_or_dropped(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="nobody rewrites"), session.begin_nested():
        session.execute(text(statement))


# Only there is a statement put together in this process.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_what_is_asked_again_is_not_put_together_anew_however_much_else_was_asked(app: Flask) -> None:
    put_together: list[int] = []

    def overhear(action: int, *_about: object) -> int:
        put_together.append(action)
        return 0

    with app.app_context():
        connection = database.engine.raw_connection()
    driver: Any = connection.driver_connection
    driver.set_authorizer(overhear)
    for number in [*range(300), *range(290, 300)]:
        driver.execute(f"SELECT {number} FROM library").fetchall()
    put_together.clear()
    for number in range(290, 300):
        driver.execute(f"SELECT {number} FROM library").fetchall()
    driver.set_authorizer(None)
    connection.close()

    assert put_together == []
