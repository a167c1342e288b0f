"""Reminders and the question whether a family still comes: each once, and to nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from booking.activities.models import Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.activities.rules import MeetingState
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.rules import Channel, LetterState, Policy
from booking.outbox.sender import Sender
from booking.signups.changes import call_off_meeting
from booking.signups.models import Signup
from booking.signups.queries import take_signup
from booking.signups.reconfirming import ask_again, say_again, waits_for_word
from booking.signups.reminders import remind
from booking.signups.rules import MoveNotPossible, SignupState
from booking.staff.rules import Role
from booking.work import database, unit_of_work
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_family,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]
LONG_AGO = NOON - timedelta(days=3)
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")


def coming_in(session: Session, families: int = 1, **until: Any) -> Meeting:
    """A meeting so far ahead, with a child of each family that signed up days ago."""
    occasion = make_occasion(session)
    meeting = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(**until))
    for _number in range(families):
        make_signup(session, occasion=occasion, changed_at=LONG_AGO)
    return meeting


def written(session: Session, template: str = "reminder") -> list[Letter]:
    """The letters of a kind, in the order in which they were written."""
    return list(session.scalars(select(Letter).where(Letter.template == template).order_by(Letter.id)))


@pytest.mark.parametrize(
    ("minutes", "reminded"),
    [(24 * 60 + 1, 0), (24 * 60, 1), (121, 1), (120, 0), (30, 0), (-30, 0)],
)
def test_families_are_reminded_between_a_day_and_two_hours_before(
    session: Session, clock: StoppedClock, minutes: int, reminded: int
) -> None:
    coming_in(session, minutes=minutes)

    assert remind(session, clock) == reminded
    assert len(written(session)) == reminded


@pytest.mark.parametrize("state", [state for state in SignupState if state is not SignupState.CONFIRMED])
def test_nobody_without_a_place_is_reminded(
    session: Session, clock: StoppedClock, state: SignupState
) -> None:
    occasion = coming_in(session, families=0, hours=20).occasion_id
    make_signup(session, occasion=session.get_one(Occasion, occasion), state=state, changed_at=LONG_AGO)

    assert remind(session, clock) == 0


def test_what_is_called_off_is_not_reminded_of(session: Session, clock: StoppedClock) -> None:
    coming_in(session, hours=20).state = MeetingState.CALLED_OFF
    whole = coming_in(session, hours=20)
    session.get_one(Occasion, whole.occasion_id).called_off_at = NOON
    session.flush()

    assert remind(session, clock) == 0


def test_a_household_gets_one_reminder_with_a_way_to_each_childs_page(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, families=0, hours=20)
    family = make_family(session)
    for name in ("Ada", "Bo"):
        child = make_participant(session, family=family, first_name=name)
        occasion = session.get_one(Occasion, meeting.occasion_id)
        make_signup(session, occasion=occasion, participant=child, changed_at=LONG_AGO)

    remind(session, clock)

    [letter] = written(session)
    assert (letter.address, letter.policy) == (family.email, Policy.ONCE)
    assert letter.facts["children"] == ["Ada", "Bo"]
    places = [
        follow_link(session, clock, purpose=Purpose.SIGNUP, secret=place["secret"]).subject_id
        for place in letter.facts["places"]
    ]
    assert places == list(session.scalars(select(Signup.id).order_by(Signup.id)))


def test_whoever_signed_up_just_now_is_reminded_when_that_is_a_while_ago(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, families=0, hours=20)
    make_signup(session, occasion=session.get_one(Occasion, meeting.occasion_id), changed_at=NOON)

    at_once = remind(session, clock)
    clock.forward(hours=12, minutes=1)
    later = remind(session, clock)

    assert (at_once, later) == (0, 1)


def test_whoever_signs_up_in_the_last_hours_gets_no_second_letter(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, families=0, hours=13)
    make_signup(session, occasion=session.get_one(Occasion, meeting.occasion_id), changed_at=NOON)

    for _hour in range(13):
        remind(session, clock)
        clock.forward(hours=1)

    assert written(session) == []


def test_each_household_is_reminded_once_however_often_one_looks(
    session: Session, clock: StoppedClock
) -> None:
    coming_in(session, families=3, hours=23)

    counts = []
    for _hour in range(22):
        counts.append(remind(session, clock))
        clock.forward(hours=1)

    assert counts == [3, *[0] * 21]


def test_a_machine_that_slept_over_the_hour_reminds_when_it_wakes(
    session: Session, clock: StoppedClock
) -> None:
    coming_in(session, hours=30)
    clock.forward(hours=25)

    assert remind(session, clock) == 1


def test_a_moved_date_is_reminded_of_anew_and_an_old_reminder_does_not_leave(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, hours=20)
    remind(session, clock)
    meeting.starts_at, meeting.ends_at = NOON + timedelta(hours=21), NOON + timedelta(hours=23)
    meeting.sequence += 1
    session.flush()

    assert remind(session, clock) == 1
    assert [letter.state for letter in written(session)] == [LetterState.DROPPED, LetterState.WAITING]


def test_a_reminder_that_waits_is_taken_back_when_the_date_is_called_off(
    session: Session, clock: StoppedClock
) -> None:
    number = coming_in(session, hours=20).id
    remind(session, clock)
    libraries = _libraries(session)
    session.expunge_all()
    meeting = get_own_meeting(session, number, library_ids=libraries)

    call_off_meeting(session, clock, meeting=meeting, account_id=make_account(session, Role.ADMIN).id)

    assert [letter.state for letter in written(session)] == [LetterState.DROPPED]
    assert len(written(session, "signup_called_off")) == 1


@pytest.mark.parametrize("template", ["reminder", "ask_again"])
def test_the_letters_can_be_read(app: Flask, session: Session, clock: StoppedClock, template: str) -> None:
    if template == "reminder":
        coming_in(session, hours=20)
        remind(session, clock)
    else:
        coming_in(session, days=6)
        session.scalars(select(Occasion)).one().asks_again = True
        ask_again(session, clock)

    [letter] = written(session, template)
    text = str(render_letter(letter, sender=SENDER, now=NOON))

    assert "Ada" in text
    assert "/signups/" in text


def test_a_family_that_wants_it_is_reminded_by_text_message_too(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, families=0, hours=20)
    occasion = session.get_one(Occasion, meeting.occasion_id)
    for changes in (
        {"wants_sms": True, "phone": "+4740000001"},
        {"wants_sms": True, "phone": None},
        {"wants_sms": False, "phone": "+4740000002"},
        {"wants_sms": True, "phone": "+4740000003", "verified_at": None},
    ):
        child = make_participant(session, family=make_family(session, **changes), last_name="Hemmelig")
        make_signup(session, occasion=occasion, participant=child, changed_at=LONG_AGO)

    remind(session, clock)

    texts = [letter for letter in written(session) if letter.channel is Channel.SMS]
    assert [letter.address for letter in texts] == ["+4740000001"]
    assert "Ada" not in str(texts[0].facts)
    assert "Hemmelig" not in str(texts[0].facts)


def test_of_a_shielded_child_a_text_message_keeps_nothing(session: Session, clock: StoppedClock) -> None:
    meeting = coming_in(session, families=0, hours=20)
    family = make_family(session, wants_sms=True, phone="+4740000001")
    child = make_participant(session, family=family, is_shielded=True)
    occasion = session.get_one(Occasion, meeting.occasion_id)
    make_signup(session, occasion=occasion, participant=child, changed_at=LONG_AGO)

    remind(session, clock)

    [text] = [letter for letter in written(session) if letter.channel is Channel.SMS]
    assert text.facts == {"is_shielded": True}


def test_questions_to_the_database_do_not_grow_with_the_children_of_a_family(
    session: Session, clock: StoppedClock
) -> None:
    counts = []
    for children in (1, 6):
        meeting = coming_in(session, families=0, hours=20)
        family = make_family(session)
        for _number in range(children):
            child = make_participant(session, family=family)
            occasion = session.get_one(Occasion, meeting.occasion_id)
            make_signup(session, occasion=occasion, participant=child, changed_at=LONG_AGO)
        session.expunge_all()
        with _counted() as asked:
            remind(session, clock)
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.race
def test_two_workers_at_once_remind_each_household_once(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        for _number in range(4):
            coming_in(session, families=3, hours=20)
    start = Barrier(4)

    def work() -> None:
        start.wait()
        with app.app_context(), unit_of_work() as (session, _clock):
            remind(session, clock)

    workers = [Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with arranging() as session:
        remind(session, clock)
        assert len(written(session)) == 12


@pytest.mark.parametrize(
    ("hours", "asked"), [(7 * 24 + 1, 0), (7 * 24, 1), (2 * 24 + 1, 1), (2 * 24, 0), (1, 0)]
)
def test_families_are_asked_again_between_a_week_and_two_days_before(
    session: Session, clock: StoppedClock, hours: int, asked: int
) -> None:
    meeting = coming_in(session, hours=hours)
    session.get_one(Occasion, meeting.occasion_id).asks_again = True
    session.flush()

    assert ask_again(session, clock) == asked
    assert ask_again(session, clock) == 0
    assert len(written(session, "ask_again")) == asked


def test_only_where_an_occasion_asks_and_before_its_first_date(session: Session, clock: StoppedClock) -> None:
    coming_in(session, days=6)
    begun = coming_in(session, days=6)
    occasion = session.get_one(Occasion, begun.occasion_id)
    occasion.asks_again = True
    make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(days=1))

    assert ask_again(session, clock) == 0


def test_a_family_says_that_it_still_comes_once(session: Session, clock: StoppedClock) -> None:
    meeting = coming_in(session, days=6)
    session.get_one(Occasion, meeting.occasion_id).asks_again = True
    session.flush()
    ask_again(session, clock)
    number = session.scalars(select(Signup.id)).one()
    signup = take_signup(session, number)
    assert waits_for_word(signup)

    say_again(clock, signup=signup)
    clock.forward(hours=1)
    say_again(clock, signup=signup)

    assert signup.said_again_at == NOON
    assert not waits_for_word(signup)


def test_silence_costs_nothing_and_who_gave_the_place_back_cannot_say_it_comes(
    session: Session, clock: StoppedClock
) -> None:
    meeting = coming_in(session, days=6)
    session.get_one(Occasion, meeting.occasion_id).asks_again = True
    session.flush()
    ask_again(session, clock)
    signup = session.scalars(select(Signup)).one()
    assert signup.state is SignupState.CONFIRMED
    signup.state = SignupState.WITHDRAWN

    with pytest.raises(MoveNotPossible):
        say_again(clock, signup=signup)


def _libraries(session: Session) -> set[int]:
    return {get.library_id for get in session.scalars(select(Letter)) if get.library_id is not None}


class _counted:  # noqa: N801 – it is used as a word
    """The questions that are asked of the database in a block, without what is written."""

    def __enter__(self) -> list[str]:
        self.asked: list[str] = []
        event.listen(database.engine, "before_cursor_execute", self._hear)
        return self.asked

    def __exit__(self, *_error: object) -> None:
        event.remove(database.engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            self.asked.append(statement)
