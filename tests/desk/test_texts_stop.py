"""A family that says stop gets no more text messages, at the desk and on its own page; letters go on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.family.contact_operations import change_contact
from booking.family.contact_rules import Contact
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.outbox.rules import Channel, LetterState
from booking.people.models import Family
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    make_account,
    make_activity,
    make_family,
    make_library,
    make_occasion,
    make_participant,
    make_signup,
)

Arranging = Callable[[], AbstractContextManager[Session]]
PHONE = "+4740000001"


def write_both(session: Session, clock: StoppedClock, family: Family) -> None:
    """A letter and a text message wait for the family."""
    for channel, address in ((Channel.EMAIL, family.email or ""), (Channel.SMS, PHONE)):
        write_letter(
            session,
            clock,
            key=f"reminder-{channel}",
            template="reminder",
            address=address,
            language=Language.EN,
            facts={"title": "Games evening"},
            channel=channel,
        )


@pytest.fixture
def page(arranging: Arranging, clock: StoppedClock) -> str:
    """The details of a child whose family wants text messages; one waits, beside its letter."""
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, library=make_library(session)))
        family = make_family(session, phone=PHONE, wants_sms=True)
        signup = make_signup(session, occasion=occasion, participant=make_participant(session, family=family))
        write_both(session, clock, family)
        return f"/staff/occasions/{occasion.id}/sign-ups/{signup.id}"


def waiting(arranging: Arranging) -> list[Channel]:
    with arranging() as session:
        return list(session.scalars(select(Letter.channel).where(Letter.state == LetterState.WAITING)))


def be_librarian(browser: Browser, arranging: Arranging, *, elsewhere: bool = False) -> None:
    with arranging() as session:
        library = make_library(session) if elsewhere else session.scalars(select(Library)).first()
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=library))


def test_staff_stop_text_messages_for_a_family_that_says_stop(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    be_librarian(browser, arranging)
    before = browser.get(page).text

    answers = [browser.post(f"{page}/no-texts") for _press in range(2)]

    assert "Stop text messages to this family" in before
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Stop text messages" not in browser.get(page).text
    assert waiting(arranging) == [Channel.EMAIL]
    with arranging() as session:
        assert session.scalars(select(Family.wants_sms)).one() is False
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "texts_stopped"))
        assert len(actions.all()) == 1


def test_another_library_stops_nothing(browser: Browser, arranging: Arranging, page: str) -> None:
    be_librarian(browser, arranging, elsewhere=True)

    assert browser.post(f"{page}/no-texts").status_code == 404
    assert len(waiting(arranging)) == 2


@pytest.mark.parametrize(
    ("phone", "wants_sms", "left"),
    [
        (PHONE, False, [Channel.EMAIL]),
        ("+4740000002", True, [Channel.EMAIL]),
        (PHONE, True, [Channel.EMAIL, Channel.SMS]),
    ],
)
def test_what_waits_for_a_number_that_is_taken_away_does_not_leave(
    session: Session, clock: StoppedClock, phone: str, wants_sms: bool, left: list[Channel]
) -> None:
    family = make_family(session, phone=PHONE, wants_sms=True)
    write_both(session, clock, family)
    wanted = Contact(contact_name="Ola", phone=phone, language=Language.EN, wants_sms=wants_sms)

    change_contact(session, clock, family=family, contact=wanted)

    letters = select(Letter.channel).where(Letter.state == LetterState.WAITING).order_by(Letter.id)
    assert session.scalars(letters).all() == left
