"""What was held up by a mail server and is not so any more does not leave; that it did not is on record."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from booking.activities.dates import Slot
from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.queries import get_own_meeting
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.outbox.models import Letter
from booking.outbox.operations import send_again
from booking.outbox.rules import Channel, LetGo, LetterState, Trouble
from booking.postman import deliver_letters
from booking.signups.answers import withdraw
from booking.signups.changes import call_off_meeting, move_meetings, put_meeting_back_on
from booking.signups.models import Signup
from booking.signups.reconfirming import ask_again
from booking.signups.reminders import remind
from booking.signups.rules import Holds, SignupState
from booking.signups.time_operations import serve_queues
from booking.staff.rules import Role
from booking.work import unit_of_work
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.outbox.conftest import RecordingPost

Arranging = Callable[[], AbstractContextManager[Session]]
LONG_AGO = NOON - timedelta(days=3)
HOLDS = Holds(
    hold_hours=24,
    hold_hours_while_others_wait=2,
    guardian_hours=48,
    offer_hours=12,
    offer_hours_when_near=2,
    offer_lead_minutes=90,
)


def booked(session: Session, *names: str, hours: int = 20, **changes: Any) -> int:
    """Return the number of a date to which children of one family come."""
    occasion = make_occasion(session, asks_again=True)
    meeting = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(hours=hours))
    family = make_family(session, **changes)
    for name in names or ("Ada",):
        child = make_participant(session, family=family, first_name=name)
        make_signup(session, occasion=occasion, participant=child, changed_at=LONG_AGO)
    return meeting.id


def do(app: Flask, act: Callable[..., Any], **told: Any) -> Any:
    """Do something in a unit of work of its own, as a page or a job does."""
    with app.app_context(), unit_of_work() as (session, clock):
        return act(session, clock, **told)


def change(app: Flask, act: Callable[..., Any], number: int, **told: Any) -> None:
    """Let staff change a date."""
    with app.app_context(), unit_of_work() as (session, clock):
        libraries = set(session.scalars(select(Library.id)))
        meeting = get_own_meeting(session, number, library_ids=libraries)
        who = make_account(session, Role.ADMIN).id
        told = {"meetings": [meeting]} | told if act is move_meetings else {"meeting": meeting}
        act(session, clock, **told, account_id=who)


def move(app: Flask, number: int, *, hours: int) -> None:
    """Let staff move a date to so many hours from noon."""
    begins = NOON + timedelta(hours=hours)
    slot = Slot(starts_at=begins, ends_at=begins + timedelta(hours=1))
    change(app, move_meetings, number, slots=[slot], room="")


def give_back(app: Flask, name: str) -> None:
    """Let the family give a child's place back."""
    with app.app_context(), unit_of_work() as (session, clock):
        found = select(Signup).options(joinedload(Signup.participant))
        [signup] = [each for each in session.scalars(found) if each.participant.first_name == name]
        withdraw(session, clock, signup_id=signup.id, holds=HOLDS)


def outage(app: Flask, clock: StoppedClock, **lasts: int) -> None:
    """Let the mail server be away while letters wait."""
    with app.app_context():
        deliver_letters(RecordingPost(*[Trouble.NO_ANSWER] * 9))
    clock.forward(**lasts)


def delivered(app: Flask) -> list[str]:
    """Return the subjects and words of what leaves now."""
    post = RecordingPost()
    with app.app_context():
        deliver_letters(post)
    return [f"{mail['Subject']} {mail.get_body(('plain',)).get_content()}" for mail in post.handed]  # type: ignore[union-attr]


def letters(arranging: Arranging, template: str) -> list[tuple[LetterState, str | None]]:
    """Return what became of the letters of a kind."""
    with arranging() as session:
        found = session.scalars(select(Letter).where(Letter.template == template).order_by(Letter.id))
        return [(letter.state, letter.last_trouble) for letter in found]


def test_no_reminder_leaves_after_the_place_was_given_back(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        booked(session)
    do(app, remind)
    outage(app, clock, minutes=5)
    give_back(app, "Ada")

    left = delivered(app)

    assert not any("Remember" in each or "Husk" in each for each in left)
    assert letters(arranging, "reminder") == [(LetterState.DROPPED, LetGo.NO_LONGER_SO.value)]
    with arranging() as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "letter_let_go"))
        assert entry.facts == {"template": "reminder", "reason": LetGo.NO_LONGER_SO.value}
        [kept] = session.scalars(select(Letter).where(Letter.template == "reminder"))
        assert (kept.address, kept.facts) == (None, {})


@pytest.mark.parametrize("job", [remind, ask_again])
def test_a_sibling_who_still_comes_is_reminded_alone(
    app: Flask, clock: StoppedClock, arranging: Arranging, job: Callable[..., int]
) -> None:
    with arranging() as session:
        booked(session, "Ada", "Bo", hours=20 if job is remind else 24 * 5)
    do(app, job)
    outage(app, clock, minutes=5)
    give_back(app, "Ada")

    [reminder] = [each for each in delivered(app) if "Bo" in each]

    assert "Ada" not in reminder


@pytest.mark.parametrize(("hours", "reason"), [(19, None), (20, LetGo.TOO_LATE), (30, LetGo.TOO_LATE)])
def test_no_reminder_leaves_once_the_date_has_begun(
    app: Flask, clock: StoppedClock, arranging: Arranging, hours: int, reason: LetGo | None
) -> None:
    with arranging() as session:
        booked(session)
    do(app, remind)
    outage(app, clock, hours=hours)

    delivered(app)

    state = LetterState.DROPPED if reason else LetterState.SENT
    assert letters(arranging, "reminder")[0][0] is state


def test_no_reminder_leaves_for_a_date_that_was_moved_by_a_worker_that_died_with_it(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        number = booked(session)
    do(app, remind)
    outage(app, clock, minutes=5)
    with arranging() as session:
        # Moved without its reminder being found, as when it is in a worker's hand just then.
        meeting = session.get_one(Meeting, number)
        meeting.sequence += 1

    delivered(app)

    assert letters(arranging, "reminder") == [(LetterState.DROPPED, LetGo.NO_LONGER_SO.value)]


def test_no_offer_leaves_past_its_deadline(app: Flask, clock: StoppedClock, arranging: Arranging) -> None:
    with arranging() as session:
        occasion = make_occasion(session, capacity=1, has_queue=True)
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=9))
        make_signup(session, occasion=occasion, state=SignupState.QUEUED)
    do(app, serve_queues, holds=HOLDS)
    outage(app, clock, hours=13)

    left = delivered(app)

    assert left == []
    assert letters(arranging, "offer_made") == [(LetterState.DROPPED, LetGo.TOO_LATE.value)]


@pytest.mark.parametrize("is_shielded", [False, True])
@pytest.mark.parametrize(("hours", "state"), [(2, LetterState.SENT), (13, LetterState.DROPPED)])
def test_no_text_message_about_an_offer_leaves_past_its_deadline(
    app: Flask, clock: StoppedClock, arranging: Arranging, hours: int, state: LetterState, is_shielded: bool
) -> None:
    with arranging() as session:
        occasion = make_occasion(session, capacity=1, has_queue=True)
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=9))
        family = make_family(session, phone="+4740000001", wants_sms=True)
        child = make_participant(session, family=family, is_shielded=is_shielded)
        make_signup(session, occasion=occasion, participant=child, state=SignupState.QUEUED)
    do(app, serve_queues, holds=HOLDS)
    with arranging() as session:
        [told] = session.scalars(select(Letter.facts).where(Letter.channel == Channel.SMS))
    clock.forward(hours=hours)

    with app.app_context():
        deliver_letters(RecordingPost(), lambda *_told: None)

    with arranging() as session:
        texts = session.execute(
            select(Letter.state, Letter.last_trouble).where(Letter.channel == Channel.SMS)
        )
        assert texts.all() == [(state, None if state is LetterState.SENT else LetGo.TOO_LATE.value)]
    assert not is_shielded or set(told) == {"is_shielded", "held_until"}


def test_of_a_date_that_moved_twice_only_where_it_is_now_is_told(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        number = booked(session, hours=24 * 5)
    move(app, number, hours=24 * 6)
    outage(app, clock, minutes=5)
    move(app, number, hours=24 * 7)

    left = delivered(app)

    assert len(left) == 1
    sent = (LetterState.SENT, None)
    assert letters(arranging, "meeting_moved") == [(LetterState.DROPPED, LetGo.OVERTAKEN.value), sent]


def test_who_gave_the_place_back_is_not_told_that_a_date_was_moved(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        number = booked(session, hours=24 * 5)
    move(app, number, hours=24 * 6)
    outage(app, clock, minutes=5)
    give_back(app, "Ada")

    delivered(app)

    assert letters(arranging, "meeting_moved") == [(LetterState.DROPPED, LetGo.NO_LONGER_SO.value)]


def test_a_date_that_is_on_again_is_not_told_to_be_off(
    app: Flask, clock: StoppedClock, arranging: Arranging
) -> None:
    with arranging() as session:
        number = booked(session, hours=24 * 5)
        occasion = session.get_one(Occasion, session.get_one(Meeting, number).occasion_id)
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=8))
    change(app, call_off_meeting, number)
    outage(app, clock, minutes=5)
    change(app, put_meeting_back_on, number)

    delivered(app)

    assert letters(arranging, "meeting_called_off") == [(LetterState.DROPPED, LetGo.NO_LONGER_SO.value)]
    assert letters(arranging, "meeting_back_on") == [(LetterState.SENT, None)]


def test_a_letter_that_staff_send_again_gives_way_to_a_newer_one_about_the_same(
    app: Flask, clock: StoppedClock, arranging: Arranging, write: Callable[..., Letter]
) -> None:
    with arranging() as session:
        write(session, "old", about="ask:1")
    with app.app_context():
        deliver_letters(RecordingPost(Trouble.REFUSED))
    with arranging() as session:
        write(session, "new", about="ask:1", name="Bo")
        number = session.scalars(select(Letter.id).where(Letter.key == "old")).one()
        send_again(session, clock, letter_id=number, library_ids=[None])

    [left] = delivered(app)

    assert "Hello Bo" in left


def test_staff_see_what_was_not_sent_and_why_and_no_other_library_does(
    app: Flask, clock: StoppedClock, arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        occasion = session.get_one(Occasion, session.get_one(Meeting, booked(session)).occasion_id)
        library = session.get_one(Library, session.get_one(Activity, occasion.activity_id).library_id)
        own = make_account(session, Role.LIBRARIAN, library=library)
        other = make_account(session, Role.LIBRARIAN, library=make_library(session))
    do(app, remind)
    outage(app, clock, minutes=5)
    give_back(app, "Ada")
    delivered(app)

    pages = []
    for account in (own, other):
        browser.sign_in_as(account)
        pages.append(browser.get("/staff/letters").text)

    assert "It was not true any more" in pages[0]
    assert "Ada" not in pages[0]
    assert "It was not true any more" not in pages[1]
