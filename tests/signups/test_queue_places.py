"""Which in the queue somebody is, by order of arrival."""

from sqlalchemy import event
from sqlalchemy.orm import Session

from booking.signups.queue_queries import places_in_queue
from booking.signups.rules import SignupState
from tests.factories import make_occasion, make_signup

QUEUED, OFFERED = SignupState.QUEUED, SignupState.OFFERED


def test_a_place_in_the_queue_counts_those_who_came_before_and_still_wait(session: Session) -> None:
    occasion, other = make_occasion(session), make_occasion(session)
    make_signup(session, occasion=other, state=QUEUED)
    first = make_signup(session, occasion=occasion, state=QUEUED)
    make_signup(session, occasion=occasion, state=SignupState.WITHDRAWN)
    offered = make_signup(session, occasion=occasion, state=OFFERED)
    second = make_signup(session, occasion=occasion, state=QUEUED)

    assert places_in_queue(session, [second, offered, first]) == {first.id: 1, second.id: 2}


def test_nothing_is_asked_where_nobody_waits(session: Session) -> None:
    signup = make_signup(session, occasion=make_occasion(session))
    asked: list[object] = []
    engine = session.get_bind()

    def note(*told: object) -> None:
        asked.append(told)

    event.listen(engine, "before_cursor_execute", note)
    found = places_in_queue(session, [signup])
    event.remove(engine, "before_cursor_execute", note)

    assert (found, asked) == ({}, [])
