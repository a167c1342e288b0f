"""The page of pictures that are to be taken down, for the library's own staff alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.consent.ending_operations import withdraw_consent
from booking.consent.models import PictureTask
from booking.consent.rules import ChildAnswer, TakenDownFor, Way
from booking.consent.use_models import PictureUse
from booking.people.models import Participant
from booking.people.operations import forget_family
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.consent.saying import SOCIAL, WEB, occasion_in_a_week, say_yes
from tests.factories import make_account, make_family, make_library, make_participant, make_signup
from tests.family.entering import OLA, come_in

Arranging = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class Scene:
    """Who works where, and what is to be taken down."""

    own: Account
    stranger: Account
    task: int


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    """Ada's family took a yes to pictures on the website back, a day after the meeting."""
    with arranging() as session:
        occasion = occasion_in_a_week(session)
        library = occasion.activity.library
        own = make_account(session, Role.LIBRARIAN, library=library)
        stranger = make_account(session, Role.LIBRARIAN, library=make_library(session))
        ada = make_participant(session, family=make_family(session, email=OLA), last_name="Solvik")
        make_signup(session, occasion=occasion, participant=ada)
        say_yes(session, clock, ada, occasion, WEB, SOCIAL, child_answer=ChildAnswer.YES)
        clock.forward(days=8)
        withdraw_consent(
            session, clock, participant_id=ada.id, purpose=WEB, occasion_id=occasion.id, way=Way.LINK
        )
        return Scene(own=own, stranger=stranger, task=session.scalars(select(PictureTask.id)).one())


def looks(arranging: Arranging, action: str = "picture_tasks_seen") -> list[int | None]:
    with arranging() as session:
        found = select(AuditEntry.account_id).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return list(session.scalars(found))


def test_the_first_page_of_staff_tells_that_pictures_are_to_be_taken_down(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.own)
    own = browser.get("/staff/").text
    browser.sign_in_as(scene.stranger)

    assert "Pictures are to be taken down: one task" in own
    assert "Pictures are to be taken down" not in browser.get("/staff/").text


def test_staff_see_whose_pictures_and_say_that_it_is_done_and_the_look_is_on_record(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.own)
    before = browser.get("/staff/pictures").text
    answer = browser.post(f"/staff/pictures/{scene.task}/done")
    after = browser.get(answer.location).text

    for words in ("Ada Solvik", "Pictures on the library’s website", "Remove the pictures", "was taken back"):
        assert words in before, words
    assert "Ada" not in after
    assert scene.own.name in after
    assert "Nothing is to be taken down" in after
    assert looks(arranging) == [scene.own.id]
    assert looks(arranging, "pictures_taken_down") == [scene.own.id]


def test_another_library_sees_nothing_and_can_do_nothing(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.stranger)

    assert "Ada" not in browser.get("/staff/pictures").text
    assert browser.post(f"/staff/pictures/{scene.task}/done").status_code == 404
    assert looks(arranging) == []


def test_of_who_was_erased_no_name_is_shown_and_the_task_stays(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        forget_family(session, family_id=session.scalars(select(Participant.family_id)).one())
    browser.sign_in_as(scene.own)

    page = browser.get("/staff/pictures").text

    assert "Ada" not in page
    assert "Somebody who is not on our lists any more" in page
    with arranging() as session:
        assert session.scalars(select(PictureTask.reason)).one() is TakenDownFor.WITHDRAWN


def test_the_family_sees_what_becomes_of_the_pictures(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    come_in(browser, arranging)
    told = browser.get("/my").text
    browser.sign_in_as(scene.own)
    browser.post(f"/staff/pictures/{scene.task}/done")

    assert "The library has been told to look for pictures and take them down" in told
    assert "took them down on Wednesday 2 December 2026" in browser.get("/my").text


def address_of_uses(arranging: Arranging) -> str:
    with arranging() as session:
        return f"/staff/occasions/{session.scalars(select(PictureTask.occasion_id)).one()}/pictures"


TYPED = {"purpose": "photo_web", "place": "https://bibliotek.example.org/hosten", "used_on": "2026-11-30"}


def test_where_pictures_are_used_is_shown_with_what_is_to_be_taken_down(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    page = address_of_uses(arranging)
    browser.sign_in_as(scene.own)

    added = browser.submit(page, TYPED)
    browser.submit(page, {**TYPED, "purpose": "photo_print", "place": "the autumn leaflet"})

    tasks = browser.get("/staff/pictures").text
    assert added.location == page
    assert '<a href="https://bibliotek.example.org/hosten"' in tasks
    assert "the autumn leaflet" not in tasks
    assert "the autumn leaflet" in browser.get(page).text


def test_a_line_that_is_taken_off_is_shown_no_more(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    page = address_of_uses(arranging)
    browser.sign_in_as(scene.own)
    browser.submit(page, TYPED)
    with arranging() as session:
        number = session.scalars(select(PictureUse.id)).one()

    answer = browser.post(f"/staff/pictures/uses/{number}/drop")

    assert "Nothing is noted yet" in browser.get(answer.location).text
    assert "Used here" not in browser.get("/staff/pictures").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"purpose": "needs"}, "Choose what the picture was used for."),
        ({"place": " "}, "Write where the picture is."),
        ({"place": "x" * 201}, "That is too long. Use at most 200 characters."),
        ({"used_on": ""}, "Choose since which day it is there."),
        ({"used_on": "soon"}, "Write the date as day, month and year"),
        ({"used_on": "2026-12-24"}, "Choose today or a day gone by."),
    ],
)
def test_what_cannot_be_noted_is_said_beside_its_field_and_what_was_typed_is_kept(
    browser: Browser, scene: Scene, arranging: Arranging, changes: dict[str, str], said: str
) -> None:
    page = address_of_uses(arranging)
    browser.sign_in_as(scene.own)

    answer = browser.submit(page, {**TYPED, **changes})

    assert answer.status_code == 422
    assert answer.text.count(said) == 2
    assert changes.get("place", TYPED["place"]) in answer.text
    with arranging() as session:
        assert session.scalars(select(PictureUse)).all() == []


def test_an_address_that_is_no_web_page_leads_nowhere(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    page = address_of_uses(arranging)
    browser.sign_in_as(scene.own)

    browser.submit(page, {**TYPED, "place": "javascript:alert(1)"})

    assert 'href="javascript' not in browser.get(page).text


def test_another_library_learns_nothing_of_where_pictures_are_used(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    page = address_of_uses(arranging)
    browser.sign_in_as(scene.stranger)

    assert browser.get(page).status_code == 404
    assert browser.post(page, TYPED).status_code == 404
