"""From a form to a mail server and to a calendar: both are told the same of a place."""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete, func, select, update

from booking.feeds.own_operations import make_address
from booking.links.queries import follow_link
from booking.links.rules import Purpose
from booking.outbox.models import Letter
from booking.outbox.post import SmtpServer, post_by_smtp
from booking.people.models import Family
from booking.postman import deliver_letters
from booking.revision import Catalogue
from booking.signups.answers import say_yes, withdraw
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import SignupState
from booking.witness import Witness
from booking.work import database, mend_identities
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_activity, make_meeting, make_occasion
from tests.family.entering import Arranging
from tests.outbox.test_mail import Received, received
from tests.signups.asking import HOLDS, ask, secret_in_letter

__all__ = ["received"]

Told = list[tuple[str, str, int, str]]


def told_by(mail: EmailMessage) -> Told:
    """The method of each part for calendars, and the identity, sequence and status of its dates."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    found = {}
    for part in parts:
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        calendar = Calendar.from_ical(raw)
        assert dict(part["Content-Type"].params)["method"] == calendar["METHOD"]
        for event in calendar.walk("VEVENT"):
            assert event["ATTENDEE"] == "mailto:ola@example.org"
            assert event["ORGANIZER"] == f"mailto:{mail['From'].addresses[0].addr_spec}"
            found[str(event["UID"])] = _said(event, str(calendar["METHOD"]))
    return list(found.values())


def _said(event: Any, method: str) -> tuple[str, str, int, str]:
    return method, str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])


def in_feed(browser: Browser, address: str) -> Told:
    answer = browser.get(address)
    return [_said(event, "REQUEST") for event in Calendar.from_ical(answer.data).walk("VEVENT")]


@pytest.fixture
def address(arranging: Arranging, clock: StoppedClock) -> str:
    """A family asks for a place at a course of two dates, says yes, and has a calendar of its own."""
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session))
        for days in (7, 14):
            make_meeting(session, occasion=occasion, starts_at=NOON.replace(month=12, day=days))
        ask(session, clock, occasion)
        secret = secret_in_letter(session, "secret")
    clock.forward(minutes=1)
    with arranging() as session:
        link = follow_link(session, clock, purpose=Purpose.CONFIRM_EMAIL, secret=secret)
        say_yes(session, clock, link=link, holds=HOLDS)
        family = session.scalars(select(Family)).one()
        secret = make_address(session, clock, purpose=Purpose.FAMILY_FEED, subject_id=family.id)
    return f"/calendar/f/{secret}/biblioteket.ics"


def test_what_arrives_by_mail_is_what_the_calendar_shows(
    app: Flask,
    browser: Browser,
    arranging: Arranging,
    clock: StoppedClock,
    address: str,
    received: tuple[Received, SmtpServer],
) -> None:
    handler, server = received
    with app.app_context():
        deliver_letters(post_by_smtp(server))
    shown = in_feed(browser, address)
    with arranging() as session:
        signup_id = session.scalars(select(Signup.id)).one()
        withdraw(session, clock, signup_id=signup_id, holds=HOLDS)
    with app.app_context():
        deliver_letters(post_by_smtp(server))

    confirmation, farewell = handler.mails[-2:]
    assert told_by(confirmation) == shown
    assert told_by(farewell) == [
        ("CANCEL", uid, sequence + 1, "CANCELLED") for _method, uid, sequence, _status in shown
    ]
    assert in_feed(browser, address) == []
    with arranging() as session:
        assert {str(letter.facts) for letter in session.scalars(select(Letter))} == {"{}"}


def test_a_place_given_back_stays_below_nothing_when_an_older_copy_is_put_back(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, address: str, tmp_path: Path
) -> None:
    house = app.extensions["booking"]
    house.identities = replace(house.identities, witness=Witness(tmp_path / "calendars.json"))
    with app.app_context():
        mend_identities()
    with arranging() as session:
        copied = session.scalars(select(Catalogue.raised_at)).one()
        signup_id = session.scalars(select(Signup.id)).one()
    before = in_feed(browser, address)
    clock.forward(minutes=1)
    with arranging() as session:
        withdraw(session, clock, signup_id=signup_id, holds=HOLDS)
    clock.forward(minutes=1)
    with app.app_context():
        assert mend_identities() == 0

    _put_back(app, signup_id, copied)
    clock.forward(minutes=1)

    after = in_feed(browser, address)
    assert [(uid, status) for _method, uid, _sequence, status in after] == [
        (uid, status) for _method, uid, _sequence, status in before
    ]
    # The letter that took the place out of the calendar had one more than was seen before.
    assert all(now[2] > then[2] + 1 for now, then in zip(after, before, strict=True))


def _put_back(app: Flask, signup_id: int, raised_at: datetime | None) -> None:
    """Make the place and its history what they were, past every unit of work, as putting a file back does."""
    with app.app_context(), database.engine.begin() as connection:
        last = select(func.max(SignupMove.id)).where(SignupMove.signup_id == signup_id).scalar_subquery()
        connection.execute(delete(SignupMove).where(SignupMove.id == last))
        connection.execute(update(Signup).values(state=SignupState.CONFIRMED))
        connection.execute(update(Catalogue).values(raised_at=raised_at))
