"""The pages for who just comes, as staff at the door and guardians meet them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.activities.rules import Mode
from booking.attendance.walk_in_models import WalkIn
from booking.audit.models import AuditEntry
from booking.outbox.models import Letter
from booking.people.models import Participant
from booking.privacy.keeping import erase_walk_ins_without_leave
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]


@dataclass
class Scene:
    """A meeting with one place for who just comes, and somebody at its door."""

    meeting_id: int
    door: Account

    @property
    def form(self) -> str:
        return f"/staff/meetings/{self.meeting_id}/walk-ins/new"

    @property
    def register(self) -> str:
        return f"/staff/meetings/{self.meeting_id}/register"


@pytest.fixture
def scene(arranging: Arranging) -> Scene:
    with arranging() as session:
        library = make_library(session)
        activity = make_activity(session, library=library)
        mode = Mode.SIGN_UP_AND_WALK_IN
        occasion = make_occasion(session, activity=activity, mode=mode, capacity=1, walk_in_places=1)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON)
        return Scene(meeting_id=meeting.id, door=make_account(session, Role.DOOR, library=library))


def filled(**changes: object) -> dict[str, object]:
    return {"first_name": "Bo", "born": "5", "asking": "shown", "ask_key": new_uid(), **changes}


def write_down(browser: Browser, scene: Scene, **changes: object) -> str:
    """Write somebody down, and return the address that the guardian scans."""
    answer = browser.post(scene.form, filled(**changes))
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.location).text
    return str(re.findall(r'href="http://127.0.0.1:8000(/walk-ins/[^"]+)"', page)[0])


def row_in(register: str) -> str:
    """The row of the only child in the register."""
    row = register[register.rindex('id="person-') :]
    return row[: row.index("</li>")]


def test_at_the_door_a_child_is_written_down_and_is_ticked_without_leave(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.door)
    assert scene.form in browser.get(scene.register).text

    write_down(browser, scene)

    register = browser.get(scene.register).text
    assert "Just came" in register
    assert re.search(r'aria-pressed="true".*Bo.*No permission yet', row_in(register), re.DOTALL)


def test_a_guardian_beside_the_child_leads_straight_back_to_the_row(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)

    answer = browser.post(scene.form, filled(asking="in_person"))

    with arranging() as session:
        person = session.scalars(select(Participant.id)).one()
        actions = set(session.scalars(select(AuditEntry.action)))
    assert answer.location == f"{scene.register}#person-{person}"
    assert "No permission yet" not in row_in(browser.get(scene.register).text)
    assert "walk_in_added" in actions


def test_opening_the_link_changes_nothing_and_a_button_does(
    app: Flask, scene: Scene, arranging: Arranging
) -> None:
    staff, guardian = Browser(app), Browser(app)
    staff.sign_in_as(scene.door)
    address = write_down(staff, scene)
    page = guardian.get(address)
    for told in ("Spillkveld", "Barneavdelingen", "Granlia bibliotek", "We erase it 30 days after"):
        assert told in page.text
    assert page.headers["Cache-Control"] == "no-store"
    with arranging() as session:
        assert session.scalars(select(WalkIn.leave)).one() == "awaited"
    digest = re.findall(r'name="digest"[^>]*value="([^"]+)"', page.text)[0]

    refused = guardian.post(f"{address}/yes", {"guardian_name": "Ola Eksempel", "digest": digest})
    said = guardian.post(
        f"{address}/yes", {"guardian_name": "Ola Eksempel", "permission": "y", "digest": digest}
    )

    assert (refused.status_code, said.status_code) == (422, 303)
    assert 'value="Ola Eksempel"' in refused.text
    assert "You have said yes" in guardian.get(address).text
    assert guardian.post(f"{address}/no").status_code == 303
    assert "You have said no" in guardian.get(address).text
    assert "The guardian said no" in row_in(staff.get(scene.register).text)


def test_no_place_left_is_said_beside_a_tick_and_nothing_typed_is_lost(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)
    browser.post(scene.form, filled(asking="in_person", born="2016"))
    browser.post(scene.form, filled(asking="in_person", first_name="Ada"))
    again = filled(asking="in_person", first_name="Cy", born="2015", guardian_name="Ola Eksempel")

    refused = browser.post(scene.form, again)
    let_in = browser.post(scene.form, {**again, "is_beyond": "y"})

    assert "There is no place left" in browser.get(scene.form).text
    assert (refused.status_code, let_in.status_code) == (422, 303)
    for typed in ("Cy", "2015", "Ola Eksempel"):
        assert f'value="{typed}"' in refused.text
    with arranging() as session:
        assert session.scalars(select(WalkIn.is_beyond).order_by(WalkIn.id)).all() == [False, False, True]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_name": ""}, "Write the child’s first name"),
        ({"first_name": "www.example.org"}, "Leave out web and e-mail"),
        ({"first_name": "😀" * 300}, "too long"),
        ({"born": "yesterday"}, "year"),
        ({"asking": ""}, "Choose how we know"),
        ({"asking": "mailed"}, "Write the e-mail address of the guardian."),
        ({"asking": "mailed", "email": "nobody"}, "e-mail"),
        ({"asking": "alone", "born": "2016"}, "does not answer alone"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_what_cannot_stand_is_refused_in_words(
    browser: Browser, scene: Scene, arranging: Arranging, changes: dict[str, str], words: str
) -> None:
    browser.sign_in_as(scene.door)

    answer = browser.post(scene.form, filled(**changes))

    assert answer.status_code == 422
    assert words in answer.text
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(WalkIn)) == 0


def test_another_link_takes_the_place_of_one_that_was_mailed(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.door)
    first = write_down(browser, scene, asking="mailed", email="ola@example.org")
    with arranging() as session:
        walk_in_id = session.scalars(select(WalkIn.id)).one()
        assert session.scalars(select(Letter.address)).one() == "ola@example.org"

    browser.post(f"/staff/meetings/{scene.meeting_id}/walk-ins/{walk_in_id}/link", {})

    with arranging() as session:
        assert session.scalars(select(Letter.address)).one() is None
    assert browser.get(first).status_code == 404
    assert browser.get("/walk-ins/nothing").status_code == 404


def test_who_answers_the_morning_after_reads_that_the_child_was_welcome_and_nothing_is_kept(
    app: Flask, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    staff, guardian = Browser(app), Browser(app)
    staff.sign_in_as(scene.door)
    address = write_down(staff, scene, first_name="Bonifatius")
    digest = re.findall(r'name="digest"[^>]*value="([^"]+)"', guardian.get(address).text)[0]
    clock.forward(hours=18)
    with arranging() as session:
        erase_walk_ins_without_leave(session, clock)
    answer = {"guardian_name": "Ola Eksempel", "permission": "y", "digest": digest}

    pages = [
        guardian.get(address),
        guardian.post(f"{address}/yes", answer),
        guardian.post(f"{address}/yes", {}),
        guardian.post(f"{address}/no"),
    ]

    assert [page.status_code for page in pages] == [410] * 4
    for page in pages:
        assert "The child was welcome here" in page.text
        assert "Nothing is kept" in page.text
        assert not re.search("Bonifatius|Ola Eksempel|Granlia|Spillkveld", page.text)
        assert page.headers["Cache-Control"] == "no-store"
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Participant)) == 0


def test_what_was_never_a_link_and_what_another_took_the_place_of_say_nothing(
    app: Flask, scene: Scene, clock: StoppedClock
) -> None:
    staff, guardian = Browser(app), Browser(app)
    staff.sign_in_as(scene.door)
    address = write_down(staff, scene)
    clock.forward(days=31)

    pages = [guardian.get(address), guardian.get("/walk-ins/nothing"), guardian.post("/walk-ins/nothing/no")]

    assert [page.status_code for page in pages] == [404] * 3
