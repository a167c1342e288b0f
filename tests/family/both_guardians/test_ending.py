"""What ends a yes or a question: either guardian, the shield, the place, erasing, and time."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from booking.audit.models import Actor
from booking.consent.carrying_operations import carry_along
from booking.consent.models import Consent
from booking.consent.rules import RestsOn, Step
from booking.consent.shared_models import Accord, HalfYes
from booking.family.shared_telling import end_half_yeses
from booking.outbox.models import Letter
from booking.people.models import Family, Participant
from booking.privacy.operations import erase_family
from booking.signups.models import Signup
from booking.signups.sending import still_holds
from booking.signups.taking import take_occasion
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account
from tests.family.entering import come_in
from tests.family.sharing import (
    FATHER,
    IN_HERE,
    IN_PRINT,
    MOTHER,
    ON_THE_WEB,
    WEB,
    Arranging,
    asked_on,
    fathers_page,
    form_that_asks,
    newest,
    newest_digest,
    others,
    say_yes,
    send_again,
    sign_up,
    standing,
    steps,
    waiting,
)
from tests.signups.asking import SEAL, open_occasion


@pytest.mark.parametrize("who", ["first", "second"])
def test_either_takes_back_alone_and_at_once(
    browser: Browser, arranging: Arranging, page: str, asked: str, who: str
) -> None:
    say_yes(browser, asked)
    fathers = fathers_page(arranging, "pictures_other_thanked")
    with arranging() as session:
        number = session.scalars(select(Consent.id).where(Consent.purpose == ON_THE_WEB)).one()
    button = f"{page}/consents/{number}/withdraw" if who == "first" else f"{fathers}/{number}/withdraw"
    assert f'action="{button}"' in browser.get(page if who == "first" else fathers).text

    for _twice in range(2):
        browser.post(button)

    assert standing(arranging) == {IN_HERE, IN_PRINT}
    assert steps(arranging).count(Step.WITHDRAWN) == 1


def test_when_nothing_rests_on_the_seconds_yes_any_more_they_are_erased(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    say_yes(browser, asked)
    with arranging() as session:
        numbers = session.scalars(select(Consent.id).where(Consent.purpose != IN_HERE)).all()
        end_half_yeses(session, clock)
    assert others(arranging) == [FATHER]
    for number in numbers:
        browser.post(f"{asked}/{number}/withdraw")

    with arranging() as session:
        end_half_yeses(session, clock)

    assert others(arranging) == []
    with arranging() as session:
        assert set(session.scalars(select(Accord.other_guardian_id))) == {None}
        assert session.scalars(select(Letter).where(Letter.address == FATHER)).all() == []


def test_the_first_takes_the_half_yes_back_and_the_second_is_asked_nothing(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    letter = newest(arranging, "pictures_other_asked").id

    assert browser.post(f"{page}/pictures/take-back").status_code == 303

    assert (waiting(arranging), asked_on(browser, asked)) == (set(), [])
    with arranging() as session:
        assert not still_holds(session, clock, letter=session.get_one(Letter, letter))


def test_with_the_shield_on_nothing_waits_and_nothing_stands(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        number = session.scalars(select(Participant.id)).one()
    shown, told = browser.get(asked), {"consents": asked_on(browser, asked), "declared": "y"}

    browser.post(f"/my/children/{number}/shielded")

    assert send_again(browser, shown, f"{asked}/yes", told) == 303
    assert (waiting(arranging), standing(arranging)) == (set(), set())


def test_whose_place_was_given_back_is_asked_about_no_more(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    browser.post(f"{page}/withdraw")

    assert asked_on(browser, asked) == []
    with arranging() as session:
        end_half_yeses(session, clock)
    assert (waiting(arranging), others(arranging)) == (set(), [])
    with arranging() as session:
        told = select(func.count(Letter.id)).where(Letter.template == "pictures_not_agreed")
        assert session.scalar(told) == 0


def test_erasing_the_family_erases_the_other_guardian_and_every_half_yes(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    with arranging() as session:
        family_id = session.scalars(select(Family.id)).one()
        erase_family(session, clock, family_id=family_id, actor=Actor.FAMILY)

    assert (waiting(arranging), others(arranging)) == (set(), [])
    assert browser.get(asked).status_code == 404
    with arranging() as session:
        assert session.scalars(select(Letter).where(Letter.address.is_not(None))).all() == []


def test_a_child_that_does_not_want_it_lets_nothing_wait(browser: Browser, arranging: Arranging) -> None:
    sign_up(browser, arranging, form_that_asks(arranging), WEB, answer="unsure")

    assert waiting(arranging) == set()
    assert steps(arranging) == []


def test_after_a_year_both_are_asked_again(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    say_yes(browser, asked)
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        consent = session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()
        assert consent.expires_at is not None
        ends_at, number = consent.expires_at, consent.id
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, MOTHER)
    digest = newest_digest(arranging)

    answer = browser.post(f"/my/consents/{number}/yes", {"words": digest})

    assert answer.status_code == 303
    assert steps(arranging).count(Step.RENEWED) == 0
    assert waiting(arranging) == {ON_THE_WEB}
    again = fathers_page(arranging)
    assert again != asked
    assert say_yes(browser, again) == 303
    assert steps(arranging)[-1] is Step.RENEWED
    with arranging() as session:
        renewed = session.scalars(select(Consent).order_by(Consent.id.desc())).first()
        assert renewed is not None
        assert session.get_one(Accord, renewed.id).rests_on is RestsOn.BOTH
        assert renewed.expires_at is not None
        assert renewed.expires_at > ends_at


def test_a_yes_from_before_is_said_again_only_when_it_is_known_who_decides(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    browser.submit(f"{page}/pictures", {"who": "alone"})
    with arranging() as session:
        for accord in session.scalars(select(Accord)):
            session.delete(accord)
        consent = session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()
        assert consent.expires_at is not None
        ends_at, number, signup = consent.expires_at, consent.id, session.scalars(select(Signup.id)).one()
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, MOTHER)

    answer = browser.post(f"/my/consents/{number}/yes", {"words": newest_digest(arranging)})

    assert answer.location == f"/my/signups/{signup}/pictures"
    assert steps(arranging).count(Step.RENEWED) == 0
    browser.submit(answer.location, {"who": "alone"})
    assert steps(arranging)[-1] is Step.RENEWED


def test_a_moved_place_takes_along_what_waits_and_what_both_have_said(
    arranging: Arranging, browser: Browser, clock: StoppedClock, asked: str
) -> None:
    first, _second = asked_on(browser, asked)
    say_yes(browser, asked, first)
    with arranging() as session:
        signup = session.scalars(select(Signup)).one()
        session.add(half_like(session.scalars(select(Consent).where(Consent.purpose == ON_THE_WEB)).one()))
        here = take_occasion(session, signup.occasion_id)
        there = open_occasion(session, activity=here.activity)
        carry_along(
            session,
            clock,
            participant_id=signup.participant_id,
            here=here,
            there=there,
            account_id=make_account(session, Role.LIBRARIAN, library=here.activity.library).id,
            seal=SEAL,
        )
        new = session.scalars(
            select(Consent).where(Consent.purpose == ON_THE_WEB, Consent.occasion_id == there.id)
        ).one()
        assert session.get_one(Accord, new.id).rests_on is RestsOn.BOTH
        assert session.scalars(select(HalfYes.occasion_id)).all() == [there.id]


def half_like(consent: Consent) -> HalfYes:
    return HalfYes(
        participant_id=consent.participant_id,
        occasion_id=consent.occasion_id,
        purpose=IN_PRINT,
        library_id=consent.library_id,
        wording_id=consent.wording_id,
        capacity=consent.capacity,
        established=consent.established,
        way=consent.way,
        child_answer=consent.child_answer,
        age_rule_id=consent.age_rule_id,
        said_at=consent.at,
        runs_out_at=consent.at + timedelta(days=14),
    )
