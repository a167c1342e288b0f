"""Children of one family whom staff sign up with one form, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.asked import overhearing_session
from booking.activities.audience import OutsideAudience
from booking.activities.models import Activity, ActivityText, Occasion
from booking.audit.models import AuditEntry
from booking.audit.operations import write_down
from booking.consent.models import Permission
from booking.consent.rules import Capacity, Established
from booking.desk.act_operations import withdraw_at_desk
from booking.desk.entering import AlreadyThere, ReasonNeeded
from booking.errors import Refusal
from booking.outbox.models import Letter
from booking.people.models import Family, Participant
from booking.signups.households import ChildrenRefused, IfNotAll, PlacesForSomeOnly, SameChildTwice
from booking.signups.models import Signup, SignupMove
from booking.signups.rules import OccasionFull, SignupState
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import unit_of_work
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.desk.acting import Desk
from tests.factories import NOON, make_account, make_library, make_signup
from tests.signups.asking import HOLDS, count_of, letters
from tests.signups.house import House

Arranging = Callable[[], AbstractContextManager[Session]]

ADA, BO, CY = ({"first_name": name} for name in ("Ada", "Bo", "Cy"))
CONFIRMED, QUEUED = SignupState.CONFIRMED, SignupState.QUEUED


def refused(act: Callable[[], object]) -> list[tuple[int, type[Refusal]]]:
    """What is said of each child."""
    with pytest.raises(ChildrenRefused) as told:
        act()
    return [(number, type(reason)) for number, reason in told.value.refusals]


def test_siblings_have_their_places_with_one_leave_each_and_one_letter(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)

    signups = desk.add_all([ADA, BO, CY], capacity=Capacity.OTHER_GUARDIAN, established=Established.ON_PAPER)

    leaves = session.scalars(select(Permission).order_by(Permission.id)).all()
    assert [signup.state for signup in signups] == [CONFIRMED] * 3
    assert [leave.participant_id for leave in leaves] == [signup.participant_id for signup in signups]
    assert {(leave.capacity, leave.established, leave.account_id) for leave in leaves} == {
        (Capacity.OTHER_GUARDIAN, Established.ON_PAPER, desk.librarian.id)
    }
    [letter] = session.scalars(select(Letter))
    assert (letter.template, letter.facts["children"]) == ("signup_confirmed", ["Ada", "Bo", "Cy"])
    assert count_of(session, Family) == 1


def test_one_entry_of_the_record_tells_of_all_of_them(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock)

    signups = desk.add_all([ADA, {**BO, "born": "2009"}], exceptions={1: "helps the little ones"})

    write_down(session)
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.account_id) == ("signup_added", desk.librarian.id)
    assert entry.facts == {
        "occasion_id": desk.occasion.id,
        "signup_ids": [signup.id for signup in signups],
        "exceptions": 1,
    }


def test_an_exception_is_made_for_one_child_with_a_reason_of_its_own(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    children = [ADA, {**BO, "born": "2009"}, {**CY, "born": "2008"}]

    assert refused(lambda: desk.add_all(children)) == [(1, OutsideAudience), (2, OutsideAudience)]
    assert refused(lambda: desk.add_all(children, exceptions={1: "", 2: "a friend"})) == [(1, ReasonNeeded)]
    desk.add_all(children, exceptions={1: "helps the little ones", 2: "a friend"})

    notes = session.scalars(select(SignupMove.note).order_by(SignupMove.signup_id)).all()
    assert notes == [None, "helps the little ones", "a friend"]


def test_when_sign_up_is_over_it_is_said_of_each_child_without_an_exception(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock, closes_at=NOON.replace(day=1))

    told = refused(lambda: desk.add_all([ADA, BO], exceptions={1: "was promised it"}))
    desk.add_all([ADA, BO], exceptions={0: "was promised it", 1: "was promised it"})

    assert [number for number, _reason in told] == [0]
    assert count_of(session, Signup) == 2


def test_a_child_that_is_there_already_is_named_and_nobody_is_added(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock)
    desk.add(first_name="Bo")

    assert refused(lambda: desk.add_all([ADA, BO])) == [(1, AlreadyThere)]
    assert refused(lambda: desk.add_all([ADA, ADA])) == [(1, SameChildTwice)]

    assert count_of(session, Signup) == 1


def test_places_for_some_only_is_said_before_anything_is_done(session: Session, clock: StoppedClock) -> None:
    desk = Desk(session, clock, capacity=2)

    with pytest.raises(PlacesForSomeOnly) as told:
        desk.add_all([ADA, BO, CY])

    assert told.value.facts == {"free": 2, "asked": 3}
    assert (count_of(session, Signup), count_of(session, Letter)) == (0, 0)


@pytest.mark.parametrize(
    ("has_queue", "chosen", "states"),
    [
        (True, IfNotAll.WAIT_TOGETHER, [QUEUED] * 3),
        (True, IfNotAll.THOSE_THAT_FIT, [CONFIRMED, CONFIRMED, QUEUED]),
        (False, IfNotAll.THOSE_THAT_FIT, [CONFIRMED, CONFIRMED]),
    ],
)
def test_staff_choose_what_becomes_of_siblings_when_not_all_fit(
    session: Session, clock: StoppedClock, has_queue: bool, chosen: IfNotAll, states: list[SignupState]
) -> None:
    desk = Desk(session, clock, capacity=2, has_queue=has_queue)

    signups = desk.add_all([ADA, BO, CY], if_not_all=chosen)

    assert [signup.state for signup in signups] == states
    assert letters(session) == ["signup_queued" if QUEUED is states[0] else "signup_confirmed"]


def test_siblings_find_no_place_where_it_is_full_and_nobody_may_wait(
    session: Session, clock: StoppedClock
) -> None:
    desk = Desk(session, clock, capacity=1, has_queue=False)
    make_signup(session, occasion=desk.occasion)

    with pytest.raises(OccasionFull):
        desk.add_all([ADA, BO])


@pytest.mark.parametrize(("capacity", "hours"), [(1, 2), (9, 24)])
def test_once_somebody_waits_places_are_held_for_the_shorter_time(
    session: Session, clock: StoppedClock, capacity: int, hours: int
) -> None:
    desk = Desk(session, clock, capacity=capacity)
    until = clock() + timedelta(hours=24)
    held = make_signup(session, occasion=desk.occasion, state=SignupState.AWAITING_EMAIL, held_until=until)

    desk.add_all([ADA, BO])

    session.refresh(held)
    assert held.held_until == clock() + timedelta(hours=hours)


def test_the_same_form_twice_is_one_sign_up_for_each(session: Session, clock: StoppedClock) -> None:
    desk, key = Desk(session, clock), new_uid()
    first = desk.add_all([ADA, BO], ask_key=key)

    again = desk.add_all([ADA, BO], ask_key=key)

    assert [signup.id for signup in again] == [signup.id for signup in first]
    assert (count_of(session, Signup), count_of(session, Letter)) == (2, 1)


def test_a_form_that_lay_open_until_its_sign_ups_were_over_asks_anew(
    session: Session, clock: StoppedClock
) -> None:
    desk, key = Desk(session, clock), new_uid()
    for signup in desk.add_all([ADA, BO], ask_key=key):
        withdraw_at_desk(session, clock, desk=desk.at(signup), holds=HOLDS)

    again = desk.add_all([ADA, BO], ask_key=key)

    assert [signup.state for signup in again] == [CONFIRMED] * 2
    assert (count_of(session, Signup), count_of(session, Participant)) == (4, 2)


def test_six_children_take_no_more_questions_than_two(session: Session, clock: StoppedClock) -> None:
    asked = []
    # SQLite, which is no other machine, is handed new rows one by one.
    is_by_row = session.get_bind().dialect.name == "sqlite"
    for number, names in enumerate(["AB", "CDEFGH"]):
        desk = Desk(session, clock)
        session.flush()
        session.expire_all()
        with overhearing_session(session) as heard:
            desk.add_all([{"first_name": name} for name in names], email=f"{number}@example.org")
            write_down(session)
        asked.append([each for each in heard if not (is_by_row and each.startswith("INSERT"))])

    few, many = asked
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 18


@pytest.mark.race
def test_one_form_pressed_eight_times_at_once_is_one_sign_up_for_each(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        desk = Desk(session, StoppedClock(), capacity=4)
    key, barrier = new_uid(), Barrier(8)

    def press(_number: int) -> list[int]:
        barrier.wait()
        with app.app_context(), unit_of_work() as (session, clock):
            desk_here = Desk.__new__(Desk)
            vars(desk_here).update({**vars(desk), "session": session, "clock": clock})
            return [signup.id for signup in desk_here.add_all([ADA, BO], ask_key=key)]

    with ThreadPoolExecutor(8) as fingers:
        told = list(fingers.map(press, range(8)))

    assert all(each == told[0] for each in told)
    with arranging() as session:
        assert (count_of(session, Signup), count_of(session, Letter)) == (2, 1)


class AtTheForm:
    """A librarian who has opened the form, with what is typed for two children."""

    def __init__(self, browser: Browser, arranging: Arranging, **changes: Any) -> None:
        self.browser = browser
        with arranging() as session:
            house = House(session)
            session.execute(
                update(Occasion).where(Occasion.id == house.occasion.id).values({"capacity": 20, **changes})
            )
        browser.sign_in_as(house.librarian)
        self.list = house.address("/staff/occasions/{occasion}/sign-ups")
        self.address, self.occasion = f"{self.list}/new", house.occasion
        self.typed = {
            "contact_name": "Kari Eksempel",
            "email": "kari@example.org",
            "established": "by_phone",
            "permission": "y",
            **self.child(0, "Bo"),
            **self.child(1, "Cy"),
        }

    @staticmethod
    def child(number: int, name: str, born: str = "2016") -> dict[str, str]:
        """What is typed for one child."""
        told = {"first_name": name, "born": born, "municipality": "0000"}
        return {f"children-{number}-{field}": value for field, value in told.items()}

    def send(self, **changes: str) -> Any:
        """Send the form with what is typed, and some of it otherwise."""
        otherwise = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.browser.submit(self.address, {**self.typed, **otherwise})


def names(arranging: Arranging) -> list[str]:
    """The children that came by the form, in their order."""
    with arranging() as session:
        found = select(Participant.first_name).join(Family).where(Family.email == "kari@example.org")
        return list(session.scalars(found.order_by(Participant.id)))


def test_one_more_child_is_a_button_that_sends_nothing_and_loses_nothing(
    browser: Browser, arranging: Arranging
) -> None:
    at = AtTheForm(browser, arranging)

    page = at.send(more="1")

    assert page.status_code == 200
    assert [f"children-{number}-first_name" in page.text for number in range(4)] == [True, True, True, False]
    for typed in ("Bo", "Cy", "Kari Eksempel", "kari@example.org"):
        assert f'value="{typed}"' in page.text
    assert names(arranging) == []


def test_a_form_takes_six_children_and_offers_no_button_for_a_seventh(
    browser: Browser, arranging: Arranging
) -> None:
    at = AtTheForm(browser, arranging)
    six = {name: value for number in range(6) for name, value in at.child(number, f"Barn {number}").items()}

    page = browser.submit(at.address, {**at.typed, **six, "more": "1"})
    sent = browser.submit(at.address, {**at.typed, **six})

    assert "Add one more child" not in page.text
    assert "children-6-" not in page.text
    assert sent.status_code == 303
    assert len(names(arranging)) == 6


def test_the_page_leads_back_to_the_list_with_all_of_them(browser: Browser, arranging: Arranging) -> None:
    at = AtTheForm(browser, arranging)

    # What was opened for a third child and left empty is nobody.
    answer = at.send(children__2__first_name="", children__2__municipality="0000")

    page = browser.get(answer.location).text
    assert answer.location == at.list
    assert "Signed up." in page
    assert names(arranging) == ["Bo", "Cy"]
    with arranging() as session:
        assert letters(session) == ["signup_confirmed"]


def test_each_reason_stands_beside_its_child_and_everything_typed_is_there(
    browser: Browser, arranging: Arranging
) -> None:
    at = AtTheForm(browser, arranging)

    page = at.send(children__1__born="2009", children__0__is_exception="y")

    assert page.status_code == 422
    lines = [link for link in read_page(page.text).links if link.startswith("#children-")]
    assert lines == ["#children-0-reason", "#children-1-born"]
    assert page.text.count('<details class="more" open>') == 2
    assert 'value="2009"' in page.text
    assert names(arranging) == []


def test_the_page_asks_what_to_do_when_not_all_fit_and_then_does_it(
    browser: Browser, arranging: Arranging
) -> None:
    at = AtTheForm(browser, arranging, capacity=2, has_queue=True)

    page = at.send()
    chosen = at.send(if_not_all="those_that_fit")

    assert page.status_code == 422
    assert "There are places for 1 of 2 children." in page.text
    assert 'value="Cy"' in page.text
    assert "One child waits, as no place is free." in browser.get(chosen.location).text
    with arranging() as session:
        states = select(Signup.state).join(Participant).join(Family).where(Family.email == "kari@example.org")
        assert session.scalars(states.order_by(Signup.id)).all() == [CONFIRMED, QUEUED]


def test_who_is_left_out_is_told_of_where_nobody_may_wait(browser: Browser, arranging: Arranging) -> None:
    at = AtTheForm(browser, arranging, capacity=2, has_queue=False)

    answer = at.send(if_not_all="those_that_fit")

    assert "One child was left out" in browser.get(answer.location).text
    assert names(arranging) == ["Bo"]


def test_a_last_name_and_a_question_are_asked_of_each_child_where_the_activity_asks(
    browser: Browser, arranging: Arranging
) -> None:
    at = AtTheForm(browser, arranging)
    plain = browser.get(at.address).text
    with arranging() as session:
        activity = session.get_one(Activity, at.occasion.activity_id)
        activity.asks_last_name = True
        session.execute(
            update(ActivityText)
            .where(ActivityText.activity_id == activity.id)
            .values(question="Which size of shirt?")
        )

    page = browser.get(at.address).text
    at.send(children__0__last_name="Eksempel", children__0__reply="small", children__1__reply="large")

    assert ("last_name" in plain, "last_name" in page) == (False, True)
    assert "Which size of shirt?" in page
    with arranging() as session:
        told = select(Participant.last_name, Signup.reply).join(
            Participant, Participant.id == Signup.participant_id
        )
        mine = told.join(Family).where(Family.email == "kari@example.org").order_by(Signup.id)
        assert [tuple(row) for row in session.execute(mine)] == [("Eksempel", "small"), (None, "large")]


def test_staff_of_another_library_can_add_nobody(browser: Browser, arranging: Arranging) -> None:
    at = AtTheForm(browser, arranging)
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=make_library(session)))

    assert browser.post(at.address, at.typed).status_code == 404
    assert names(arranging) == []
