import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from tests.factories import NOON, make_meeting


def test_an_instant_comes_back_as_it_was(session: Session) -> None:
    meeting = make_meeting(session, starts_at=NOON)
    session.expire_all()

    assert session.get_one(Meeting, meeting.id).starts_at == NOON


@pytest.mark.parametrize("statement", ["UPDATE wording SET words = 'other'", "DELETE FROM wording"])
def test_words_that_were_published_cannot_be_changed_or_dropped(session: Session, statement: str) -> None:
    with pytest.raises(DBAPIError, match="nobody rewrites"), session.begin_nested():
        session.execute(text(statement))
