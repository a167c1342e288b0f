"""Who is in the house: the list for when everybody must get out."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.activities.models import Meeting
from booking.attendance.models import Mark
from booking.attendance.rules import Standing
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.family.entering import statements

Arranging = Callable[[], AbstractContextManager[Session]]


def _meeting(session: Session, library: Library, door: Account, *, number: int) -> Meeting:
    """A meeting that goes on, with a child who is ticked, one who is not, and one who gave the place back."""
    occasion = make_occasion(session, activity=make_activity(session, library=library))
    meeting = make_meeting(session, occasion=occasion, starts_at=NOON, room=f"Rom {number}")
    for name in ("Her", "Ukjent"):
        child = make_participant(session, first_name=f"{name}{number}", last_name="Eksempel")
        make_signup(session, occasion=occasion, participant=child, changed_at=NOON - timedelta(days=1))
        if name == "Her":
            session.add(
                Mark(
                    event_id=new_uid(),
                    meeting_id=meeting.id,
                    participant_id=child.id,
                    standing=Standing.CAME,
                    happened_at=NOON,
                    received_at=NOON,
                    device="phone",
                    account_id=door.id,
                )
            )
    session.flush()
    return meeting


@pytest.fixture
def library_and_door(arranging: Arranging) -> tuple[Library, Account, Meeting]:
    with arranging() as session:
        library = make_library(session)
        door = make_account(session, Role.DOOR, library=library)
        return library, door, _meeting(session, library, door, number=1)


def test_each_meeting_that_goes_on_stands_with_its_own_children_and_is_looked_at_on_record(
    browser: Browser, library_and_door: tuple[Library, Account, Meeting], arranging: Arranging
) -> None:
    library, door, first = library_and_door
    with arranging() as session:
        second = _meeting(session, session.get_one(Library, library.id), door, number=2)
    browser.sign_in_as(door)

    page = browser.get(f"/staff/meetings/{first.id}/in-the-house").text

    one, other = page.split("Rom 2", 1)
    assert [name in one for name in ("Her1 E.", "Ukjent1 E.", "Her2 E.")] == [True, True, False]
    assert [name in other for name in ("Her1 E.", "Her2 E.", "Ukjent2 E.")] == [False, True, True]
    with arranging() as session:
        seen = session.query(AuditEntry).filter(AuditEntry.action == "in_the_house_seen")
        assert {entry.subject_id for entry in seen} == {first.id, second.id}


def test_many_meetings_at_once_cost_no_more_questions_than_one(
    app: Flask,
    browser: Browser,
    library_and_door: tuple[Library, Account, Meeting],
    arranging: Arranging,
) -> None:
    library, door, first = library_and_door
    browser.sign_in_as(door)
    address = f"/staff/meetings/{first.id}/in-the-house"
    browser.get(address)

    with statements(app) as of_one:
        browser.get(address)
    with arranging() as session:
        for number in range(2, 8):
            _meeting(session, session.get_one(Library, library.id), door, number=number)
    with statements(app) as of_seven:
        page = browser.get(address).text

    assert all(f"Her{number} E." in page for number in range(1, 8))
    assert len(_questions(of_one)) == len(_questions(of_seven))
    assert len(_questions(of_seven)) < 20


def _questions(asked: list[str]) -> list[str]:
    """What was asked; that somebody looked is written down once for each meeting."""
    return [each for each in asked if each.lstrip().upper().startswith(("SELECT", "WITH"))]
