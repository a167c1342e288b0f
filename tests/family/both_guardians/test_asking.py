"""Asking the other guardian: who decides, and when somebody may be written to at all."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from booking.audit.models import AuditEntry
from booking.consent.rules import RestsOn
from booking.consent.shared_models import Accord
from booking.family.shared_telling import end_half_yeses
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Family, OtherGuardian
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.signups.sending import still_holds
from booking.signups.time_operations import end_holds
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON
from tests.family.entering import come_in, everything
from tests.family.sharing import (
    FATHER,
    IN_HERE,
    IN_PRINT,
    INSIDE,
    MOTHER,
    ON_THE_WEB,
    WEB,
    Arranging,
    ask_father,
    asked_on,
    count_letters,
    fathers_page,
    form_that_asks,
    newest,
    others,
    sign_up,
    standing,
    waiting,
)
from tests.signups.asking import HOLDS

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")


def test_one_yes_is_enough_for_pictures_inside_and_half_a_yes_for_open_ones(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    shown = browser.get(page).text

    assert standing(arranging) == {IN_HERE}
    assert waiting(arranging) == {ON_THE_WEB, IN_PRINT}
    assert "One question is left" in shown
    assert newest(arranging, "signup_confirmed").facts["asks_of_pictures"] is True


def test_nothing_is_asked_where_pictures_stay_inside(browser: Browser, arranging: Arranging) -> None:
    form = form_that_asks(arranging, INSIDE)
    assert "parental responsibility" not in browser.get(form).text

    page = sign_up(browser, arranging, form, INSIDE)

    assert "One question is left" not in browser.get(page).text
    assert waiting(arranging) == set()
    assert newest(arranging, "signup_confirmed").facts["asks_of_pictures"] is False


def test_whoever_shares_it_must_tell_the_address_and_nothing_says_that_it_is_optional(
    browser: Browser, page: str
) -> None:
    opened = browser.get(f"{page}/pictures").text

    answer = browser.submit(f"{page}/pictures", {"who": "shared", "other_email": ""})

    assert "If you share it: the other guardian’s e-mail address" in opened
    assert "(optional)" not in opened
    assert answer.status_code == 422
    assert 'id="other_email-error"' in answer.text
    (chosen,) = [tag for tag in re.findall(r"<input[^>]*>", answer.text) if 'value="shared"' in tag]
    assert " checked" in chosen


def test_who_decides_alone_says_so_and_it_stands_and_is_on_record(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    assert browser.submit(f"{page}/pictures", {"who": "alone"}).status_code == 303

    assert standing(arranging) == {IN_HERE, ON_THE_WEB, IN_PRINT}
    with arranging() as session:
        accords = session.scalars(select(Accord)).all()
        assert {accord.rests_on for accord in accords} == {RestsOn.ALONE}
        assert len(accords) == 2
        assert session.scalars(select(AuditEntry.action)).all().count("pictures_agreed") == 1
    assert others(arranging) == []


def test_before_the_first_address_is_confirmed_nobody_can_have_us_write_to_a_stranger(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    form = form_that_asks(arranging)
    browser.submit(
        form,
        {
            "contact_name": "En fremmed",
            "email": MOTHER,
            "permission": "y",
            "children-0-first_name": "Ada",
            "children-0-born": "2016",
            "children-0-municipality": "3401",
            "children-0-consents": [WEB],
            "children-0-child_answer": "yes",
        },
    )
    secret = newest(arranging, "signup_awaiting_email").facts["secret"]

    for kind in ("signups", "confirm"):
        told = {"who": "shared", "other_email": FATHER}
        assert browser.post(f"/{kind}/{secret}/pictures", told).status_code == 404
    assert browser.get("/my/signups/1/pictures").status_code in {303, 404}

    assert count_letters(arranging, to=FATHER) == 0
    clock.forward(days=2)
    with arranging() as session:
        end_holds(session, clock, holds=HOLDS)
    assert waiting(arranging) == set()


def test_a_place_that_waits_for_its_confirmation_lets_nobody_be_asked_even_with_its_own_link(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    with arranging() as session:
        session.scalars(select(Signup)).one().state = SignupState.AWAITING_EMAIL
        session.scalars(select(Family)).one().verified_at = None

    answer = browser.post(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 303
    assert "Nothing waits for an answer here" in browser.get(answer.location).text
    assert count_letters(arranging, to=FATHER) == 0


def test_a_wrong_address_is_put_right_and_the_letter_to_it_opens_nothing_any_more(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    ask_father(browser, page, "feil@example.org")
    wrong = fathers_page(arranging)
    first = newest(arranging, "pictures_other_asked")

    ask_father(browser, page)

    assert asked_on(browser, wrong) == []
    with arranging() as session:
        letter = session.get_one(Letter, first.id)
        assert not still_holds(session, clock, letter=letter)
        end_half_yeses(session, clock)
    assert browser.get(wrong).status_code == 404
    assert others(arranging) == [FATHER]
    assert len(asked_on(browser, fathers_page(arranging))) == 2


def test_nobody_is_written_to_again_and_again(browser: Browser, arranging: Arranging, page: str) -> None:
    for number in range(3):
        ask_father(browser, page, f"far-{number}@example.org")

    answer = browser.post(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 422
    assert count_letters(arranging, to=FATHER) == 0


def test_an_address_that_many_name_is_left_in_peace(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    with arranging() as session:
        for number in range(5):
            family = Family(
                email=f"f{number}@example.org", contact_name="F", language=Language.NB, known_since=clock()
            )
            session.add(family)
            session.flush()
            session.add(
                OtherGuardian(family_id=family.id, email=FATHER, language=Language.NB, known_since=clock())
            )

    answer = browser.submit(f"{page}/pictures", {"who": "shared", "other_email": FATHER})

    assert answer.status_code == 422
    assert "several times" in answer.text
    assert FATHER in answer.text
    assert count_letters(arranging, to=FATHER) == 0


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "Choose who decides"),
        ({"who": "both"}, "Choose who decides"),
        ({"who": "shared"}, "e-mail address"),
        ({"who": "shared", "other_email": "far"}, "e-mail address"),
        ({"who": "shared", "other_email": MOTHER.upper()}, "your own address"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(
    browser: Browser, arranging: Arranging, page: str, told: dict[str, str], words: str
) -> None:
    before = everything(arranging)

    answer = browser.submit(f"{page}/pictures", told)

    assert answer.status_code == 422
    assert words in answer.text
    assert everything(arranging) == before


def test_a_family_answers_on_its_own_page_too(browser: Browser, arranging: Arranging, page: str) -> None:
    come_in(browser, arranging, MOTHER)
    with arranging() as session:
        number = session.scalars(select(Signup.id)).one()
    assert f"/my/signups/{number}/pictures" in browser.get("/my").text

    ask_father(browser, f"/my/signups/{number}")

    assert others(arranging) == [FATHER]
    assert "Waits for the other guardian" in browser.get("/my").text


@pytest.mark.parametrize("language", list(Language))
def test_the_letter_to_the_other_guardian_is_short_and_tells_nothing_of_a_child(
    app: Flask, arranging: Arranging, asked: str, language: Language
) -> None:
    letter = newest(arranging, "pictures_other_asked")
    letter.language = language

    with app.app_context():
        mail = render_letter(letter, sender=SENDER, now=NOON)

    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    assert len(parts) == 2
    for words in (*parts, str(mail["Subject"])):
        for hidden in ("Ada", "Mor Eksempel", MOTHER, "Games evening"):
            assert hidden not in words
    assert all(asked in words for words in parts)
