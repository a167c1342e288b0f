"""Searching a register by a last name, which is never on the phone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
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

Arranging = Callable[[], AbstractContextManager[Session]]


class Hall:
    """Two meetings of a library; at the first a child, and one who is shielded."""

    def __init__(self, session: Session) -> None:
        library = make_library(session)
        there, elsewhere = (
            make_occasion(session, activity=make_activity(session, library=library)) for _time in range(2)
        )
        self.meeting_id = make_meeting(session, occasion=there, starts_at=NOON).id
        make_meeting(session, occasion=elsewhere, starts_at=NOON)
        ada = make_participant(session, first_name="Ada", last_name="Ødegård")
        bo = make_participant(session, first_name="Bo", last_name="Ødegård", is_shielded=True)
        cy = make_participant(session, first_name="Cy", last_name="Ødegård")
        self.ada, asked_at = ada.id, NOON - timedelta(days=1)
        for occasion, child in ((there, ada), (there, bo), (elsewhere, cy)):
            make_signup(session, occasion=occasion, participant=child, changed_at=asked_at)
        self.door = make_account(session, Role.DOOR, library=library)
        self.stranger = make_account(session, Role.LIBRARIAN, library=make_library(session))

    @property
    def find(self) -> str:
        return f"/staff/meetings/{self.meeting_id}/find"


@pytest.fixture
def hall(arranging: Arranging) -> Hall:
    with arranging() as session:
        return Hall(session)


def searched(arranging: Arranging) -> list[dict[str, object]]:
    with arranging() as session:
        return [
            entry.facts
            for entry in session.scalars(
                select(AuditEntry).where(AuditEntry.action == "children_searched").order_by(AuditEntry.id)
            )
        ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ødeg", ["ada"]),
        (" ØDEGÅRD ", ["ada"]),
        ("da øde", ["ada"]),
        ("øde", []),
        ("", []),
        ("x" * 81, []),
        ("%%%%", []),
    ],
)
def test_a_last_name_finds_rows_of_this_meeting_from_four_letters_and_nobody_who_is_shielded(
    browser: Browser, hall: Hall, arranging: Arranging, text: str, found: list[str]
) -> None:
    browser.sign_in_as(hall.door)

    answer = browser.post(hall.find, {"text": text})

    assert answer.get_json() == {"people": [getattr(hall, name) for name in found]}
    assert "degård" not in answer.text
    assert searched(arranging) == [{"found": len(found)}]


def test_nobody_else_may_search(
    browser: Browser, hall: Hall, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(hall.stranger)
    another = browser.post(hall.find, {"text": "ødegård"})
    clock.forward(hours=12)
    browser.sign_in_as(hall.door)
    too_late = browser.post(hall.find, {"text": "ødegård"})

    assert (another.status_code, too_late.status_code) == (404, 404)
    assert searched(arranging) == []
