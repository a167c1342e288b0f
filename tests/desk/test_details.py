"""What stands behind a sign-up for staff, and that each look is on record, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.audit.looks import MANY_LOOKS
from booking.audit.models import AuditEntry
from booking.consent.marks import Mark, marks_of
from booking.consent.models import Consent
from booking.consent.needs import Need, Needs
from booking.consent.needs_operations import keep_needs
from booking.consent.rules import Step, WordingPurpose
from booking.consent.seal import seal_of
from booking.desk.details_queries import search_children
from booking.pages import settings_in_use
from booking.people.models import Participant
from booking.signups.models import Signup
from tests.browser import Browser
from tests.consent.saying import say_yes
from tests.factories import NOON, make_meeting, make_participant, make_signup
from tests.family.entering import statements
from tests.signups.house import House

Arranging = Callable[[], AbstractContextManager[Session]]
DETAILS = "/staff/occasions/{occasion}/sign-ups/{signup}"
LIST = "/staff/occasions/{occasion}/sign-ups"
WEB, NEEDS = WordingPurpose.PHOTO_WEB, WordingPurpose.NEEDS


@pytest.fixture
def house(arranging: Arranging) -> House:
    with arranging() as session:
        return House(session)


def actions(arranging: Arranging) -> list[str]:
    with arranging() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.mark.parametrize(
    ("standing", "is_shielded", "marks"),
    [
        ((), False, (Mark.NO_PHOTO,)),
        ((WEB,), False, ()),
        ((WEB, NEEDS), False, (Mark.NEEDS,)),
        ((WEB,), True, (Mark.NO_PHOTO, Mark.SHIELDED)),
        ((NEEDS,), False, (Mark.NO_PHOTO, Mark.NEEDS)),
    ],
)
def test_a_child_is_photographed_only_after_a_yes(
    standing: tuple[WordingPurpose, ...], is_shielded: bool, marks: tuple[Mark, ...]
) -> None:
    assert marks_of(standing, is_shielded=is_shielded) == marks


def test_a_withdrawal_changes_the_mark_within_one_page_load(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    with arranging() as session:
        child = session.get_one(Participant, house.signup.participant_id)
        occasion = session.merge(house.occasion)
        session.refresh(occasion, ["activity"])
        say_yes(session, _noon, child, occasion, WEB)
    browser.sign_in_as(house.librarian)
    assert "No pictures" not in browser.get(house.address(LIST)).text
    with arranging() as session:
        consent = session.scalars(select(Consent.id)).one()

    for _ in range(2):
        browser.post(f"{house.address(DETAILS)}/consents/{consent}/withdraw")

    assert "No pictures" in browser.get(house.address(LIST)).text
    with arranging() as session:
        last = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert last is not None
        assert (last.step, last.account_id) == (Step.WITHDRAWN, house.librarian.id)


def test_a_shield_on_request_stands_at_once_and_on_record(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)

    browser.post(f"{house.address(DETAILS)}/shielded")

    assert "Shielded" in browser.get(house.address(LIST)).text
    assert "shield_changed" in actions(arranging)


def test_what_a_child_needs_opens_on_the_day_and_each_look_is_on_record(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    with arranging() as session:
        child = session.get_one(Participant, house.signup.participant_id)
        occasion = session.merge(house.occasion)
        session.refresh(occasion, ["activity"])
        say_yes(session, _noon, child, occasion, NEEDS)
        with browser.app.app_context():
            seal = seal_of(settings_in_use())
        needs = {child.id: Needs(choices=(Need.NO_NUTS,), line="sits in front")}
        keep_needs(session, _noon, occasion_id=occasion.id, needs=needs, seal=seal)
    browser.sign_in_as(house.librarian)

    before = browser.post(f"{house.address(DETAILS)}/needs")
    with arranging() as session:
        make_meeting(session, occasion=house.occasion, starts_at=_noon())
    on_the_day = browser.post(f"{house.address(DETAILS)}/needs")

    assert before.status_code == 303
    assert "sits in front" in on_the_day.text
    assert actions(arranging).count("needs_seen") == 1


def test_a_child_is_found_from_four_letters_on_and_the_search_is_on_record(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    with arranging() as session:
        for name, is_shielded in (("Åsmund", False), ("Åsmilde", True)):
            child = make_participant(session, first_name=name, is_shielded=is_shielded)
            make_signup(session, occasion=house.occasion, participant=child)
    browser.sign_in_as(house.librarian)

    assert "Åsmund" not in browser.get("/staff/children?name=åsm").text
    page = browser.get("/staff/children?name=åsmu").text
    shielded = browser.get("/staff/children?name=åsmilde").text
    browser.sign_in_as(house.stranger)
    elsewhere = browser.get("/staff/children?name=åsmund").text

    assert "Åsmund</" in page
    assert "Nobody of that name" in shielded
    assert "Nobody of that name" in elsewhere
    with arranging() as session:
        searched = select(AuditEntry).where(AuditEntry.action == "children_searched")
        entries = session.scalars(searched.order_by(AuditEntry.id)).all()
        assert [entry.facts for entry in entries] == [{"found": 0}, {"found": 1}, {"found": 0}, {"found": 0}]


def test_at_most_twenty_children_are_found(session: Session) -> None:
    house = House(session)
    for _ in range(25):
        child = make_participant(session, first_name="Adamina")
        make_signup(session, occasion=house.occasion, participant=child)

    found = search_children(session, text="adam", library_ids={house.library.id})

    assert len(found) == 20


def test_very_many_looks_in_an_hour_are_flagged(browser: Browser, house: House, arranging: Arranging) -> None:
    with arranging() as session:
        others = [make_signup(session, occasion=house.occasion).id for _ in range(MANY_LOOKS - 1)]
    browser.sign_in_as(house.librarian)

    for number in others:
        browser.get(house.address(LIST) + f"/{number}")
    assert "many_details_seen" not in actions(arranging)
    for _ in range(3):
        browser.get(house.address(DETAILS))

    assert actions(arranging).count("many_details_seen") == 1


def test_a_list_of_sixty_costs_no_more_questions_than_one_of_six(
    browser: Browser, house: House, arranging: Arranging
) -> None:
    browser.sign_in_as(house.librarian)
    counted = []
    for more in (5, 54):
        with arranging() as session:
            for _ in range(more):
                make_signup(session, occasion=house.occasion)
        counted.append(_questions(browser, house.address(LIST)))

    assert counted[0] == counted[1]
    with arranging() as session:
        assert len(session.scalars(select(Signup.id)).all()) == 60


def _questions(browser: Browser, address: str) -> int:
    with statements(browser.app) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def _noon() -> datetime:
    return NOON
