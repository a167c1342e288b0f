"""Siblings: one question to the first guardian, one letter to the other, and one letter about the answer."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from booking.consent.models import Consent
from booking.consent.rules import Step
from booking.consent.shared_models import HalfYes
from booking.family.shared_telling import end_half_yeses, forget_without_cause
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Family, Guardian, OtherGuardian, Participant
from booking.signups.models import Signup
from booking.signups.sending import still_holds
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import NOON
from tests.family.entering import come_in
from tests.family.sharing import (
    FATHER,
    MOTHER,
    WEB,
    Arranging,
    ask_father,
    asked_on,
    count_letters,
    fathers_page,
    form_that_asks,
    newest,
    newest_digest,
    others,
    say_yes,
    send_again,
    sign_siblings_up,
)

SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")


@pytest.fixture
def pages(browser: Browser, arranging: Arranging) -> dict[str, str]:
    """Ada, Bo and Cy have a place each, and their mother has said yes to pictures on the web."""
    return sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), "Ada", "Bo", "Cy")


@pytest.fixture
def page(browser: Browser, arranging: Arranging, pages: dict[str, str]) -> str:
    """Ada's sign-up on the family's own page, to which her mother has come in."""
    del pages
    come_in(browser, arranging, MOTHER)
    return own_page(arranging, "Ada")


@pytest.fixture
def asked(browser: Browser, arranging: Arranging, page: str) -> str:
    """The father of Ada and Bo was written to: the address of his page. Of Cy nothing was asked."""
    ask_father(browser, page, also=[offered(browser, page)["Bo"]])
    return fathers_page(arranging)


def own_page(arranging: Arranging, name: str) -> str:
    """The address of a child's sign-up on the family's own page."""
    with arranging() as session:
        theirs = select(Signup.id).join(Participant, Participant.id == Signup.participant_id)
        return f"/my/signups/{session.scalars(theirs.where(Participant.first_name == name)).one()}"


def offered(browser: Browser, page: str) -> dict[str, str]:
    """The siblings that the question offers as well, with the values of their boxes; none is ticked."""
    shown = browser.get(f"{page}/pictures").text
    boxes = re.findall(r'name="also" value="(\d+)"([^>]*)>\s*<label[^>]*>(\w+) \(([^<]+)\)<', shown)
    assert not any("checked" in rest for _value, rest, _name, _kinds in boxes)
    assert all(kinds == "Pictures on the library’s website" for _value, _rest, _name, kinds in boxes)
    return {name: value for value, _rest, name, _kinds in boxes}


def standing_for(arranging: Arranging) -> set[str]:
    """The children of whom pictures on the web may be taken."""
    with arranging() as session:
        newest_first = select(Participant.first_name, Consent.step).join(
            Participant, Participant.id == Consent.participant_id
        )
        found = {row[0]: row[1] for row in session.execute(newest_first.order_by(Consent.id))}
        return {name for name, step in found.items() if step is Step.GIVEN}


def waiting_for(arranging: Arranging) -> set[str]:
    """The children for whom half a yes waits."""
    with arranging() as session:
        waiting = select(Participant.first_name).join(HalfYes, HalfYes.participant_id == Participant.id)
        return set(session.scalars(waiting))


def told_mother(arranging: Arranging) -> list[tuple[str, list[str]]]:
    """What the first guardian was told became of it: each letter's template, and the children in it."""
    with arranging() as session:
        letters = select(Letter).where(
            Letter.address == MOTHER, Letter.template.in_(["pictures_agreed", "pictures_not_agreed"])
        )
        in_order = session.scalars(letters.order_by(Letter.id))
        return [(each.template, each.facts["children"]) for each in in_order]


def test_the_answer_holds_for_those_who_are_ticked_and_for_nobody_else(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    siblings = offered(browser, page)
    assert list(siblings) == ["Bo", "Cy"]

    assert browser.submit(f"{page}/pictures", {"who": "alone", "also": [siblings["Cy"]]}).status_code == 303

    assert standing_for(arranging) == {"Ada", "Cy"}
    assert waiting_for(arranging) == {"Bo"}
    assert others(arranging) == []


def test_an_answer_that_is_not_understood_keeps_the_ticks(browser: Browser, page: str) -> None:
    bo = offered(browser, page)["Bo"]

    answer = browser.submit(f"{page}/pictures", {"who": "shared", "other_email": "far@", "also": [bo]})

    assert answer.status_code == 422
    assert re.search(rf'name="also" value="{bo}" checked', answer.text)


def test_siblings_are_asked_about_with_one_letter_and_agreed_to_with_one(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    shown = browser.get(asked).text
    assert "May pictures of Ada and Bo be shown to everybody?" in shown
    assert "Cy" not in shown
    assert count_letters(arranging, to=FATHER) == 1

    assert say_yes(browser, asked) == 303

    assert standing_for(arranging) == {"Ada", "Bo"}
    assert waiting_for(arranging) == {"Cy"}
    assert told_mother(arranging) == [("pictures_agreed", ["Ada", "Bo"])]
    # The question has not left yet: the thanks take its place.
    assert count_letters(arranging, to=FATHER) == 1
    with arranging() as session:
        assert len(session.scalars(select(OtherGuardian)).all()) == 1
    places = newest(arranging, "pictures_agreed").facts["places"]
    for place in places:
        assert f"{place['child']}" in browser.get(f"/signups/{place['secret']}").text


def test_what_the_other_guardian_says_of_each_child_is_told_of_each(
    browser: Browser, arranging: Arranging, asked: str
) -> None:
    adas, _bos = asked_on(browser, asked)

    assert say_yes(browser, asked, adas) == 303

    assert standing_for(arranging) == {"Ada"}
    assert told_mother(arranging) == [("pictures_agreed", ["Ada"]), ("pictures_not_agreed", ["Bo"])]


@pytest.mark.parametrize("how", ["no", "unknown"])
def test_a_no_is_one_for_all_of_them_and_nothing_is_left_of_the_address(
    browser: Browser, arranging: Arranging, asked: str, how: str
) -> None:
    assert browser.submit(asked, {}, to=f"{asked}/{how}").status_code == 303

    assert told_mother(arranging) == [("pictures_not_agreed", ["Ada", "Bo"])]
    assert (standing_for(arranging), others(arranging)) == (set(), [])
    assert waiting_for(arranging) == {"Cy"}
    assert browser.get(asked).status_code == 404


def test_silence_is_told_with_one_letter(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    del browser
    clock.forward(days=14, seconds=1)

    with arranging() as session:
        end_half_yeses(session, clock)
        end_half_yeses(session, clock)

    assert told_mother(arranging)[0] == ("pictures_not_agreed", ["Ada", "Bo", "Cy"])
    assert len(told_mother(arranging)) == 1
    assert others(arranging) == []


def test_the_link_leads_to_what_is_left_when_the_first_child_is_out_of_it(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, asked: str
) -> None:
    browser.submit(f"{page}/pictures", {}, to=f"{page}/pictures/take-back")
    with arranging() as session:
        forget_without_cause(session, clock)
        letter = session.scalars(select(Letter).where(Letter.template == "pictures_other_asked")).one()
        assert still_holds(session, clock, letter=letter)

    shown = browser.get(asked).text
    assert "May pictures of Bo be shown to everybody?" in shown
    assert "Ada" not in shown

    assert say_yes(browser, asked) == 303
    assert standing_for(arranging) == {"Bo"}
    thanked = fathers_page(arranging, "pictures_other_thanked")
    clock.forward(minutes=1)
    with arranging() as session:
        forget_without_cause(session, clock)
        consent = session.scalars(select(Consent.id).where(Consent.step == Step.GIVEN)).one()
    assert browser.submit(thanked, {}, to=f"{thanked}/{consent}/withdraw").status_code == 303
    assert standing_for(arranging) == set()
    with arranging() as session:
        forget_without_cause(session, clock)
    assert others(arranging) == []


def test_the_letter_stays_where_nobody_is_asked_about_any_more(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    del browser, asked
    with arranging() as session:
        for half in session.scalars(select(HalfYes)):
            half.other_guardian_id = None
        session.flush()
        letter = session.scalars(select(Letter).where(Letter.template == "pictures_other_asked")).one()
        assert not still_holds(session, clock, letter=letter)


def test_whoever_is_no_sibling_or_has_a_guardian_of_their_own_is_left_alone(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    siblings = offered(browser, page)
    with arranging() as session:
        bo = session.get_one(Signup, int(siblings["Bo"]))
        guardian = Guardian(
            participant_id=bo.participant_id, email="onkel@example.org", known_since=bo.asked_at
        )
        session.add(guardian)
        stranger = Family(
            email="andre@example.org", contact_name="Andre", language=Language.NB, known_since=bo.asked_at
        )
        session.add(stranger)
        session.flush()
        bo.guardian_id = guardian.id
        cy = session.get_one(Signup, int(siblings["Cy"]))
        session.get_one(Participant, cy.participant_id).family_id = stranger.id
    assert offered(browser, page) == {}

    told = {"who": "alone", "also": list(siblings.values())}
    assert browser.post(f"{page}/pictures", told).status_code == 303

    assert standing_for(arranging) == {"Ada"}
    assert waiting_for(arranging) == {"Bo", "Cy"}


def test_six_siblings_are_one_question(browser: Browser, arranging: Arranging, clock: StoppedClock) -> None:
    names = ("Ada", "Bo", "Cy", "Dag", "Eva", "Fie")
    sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), *names)
    come_in(browser, arranging, MOTHER)
    page = own_page(arranging, "Ada")
    ask_father(browser, page, also=offered(browser, page).values())
    assert count_letters(arranging, to=FATHER) == 1
    clock.forward(minutes=10)

    # Asked once more: five brothers and sisters are not five strangers.
    ask_father(browser, page)

    with arranging() as session:
        assert set(session.scalars(select(HalfYes.letters))) == {1, 2}


@pytest.mark.usefixtures("open_to_all")
def test_one_by_one_an_address_is_written_to_ten_times_a_day_at_most(
    browser: Browser, arranging: Arranging
) -> None:
    names = ("Ada", "Bo", "Cy", "Dag")
    pages = sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), *names)
    for name in [*names[:3]] * 3 + [*names[3:]]:
        ask_father(browser, pages[name])

    eleventh = browser.submit(f"{pages['Dag']}/pictures", {"who": "shared", "other_email": FATHER.upper()})

    assert eleventh.status_code == 422
    assert "We have written there several times" in eleventh.text
    assert browser.submit(f"{pages['Dag']}/pictures", {"who": "alone"}).status_code == 303


def test_a_link_leads_to_one_child_and_tells_of_no_sibling(
    browser: Browser, arranging: Arranging, pages: dict[str, str]
) -> None:
    # Whoever has just typed the code is thanked for all of them, and only then.
    assert "Ada, Bo and Cy have a place each." in browser.get(pages["Ada"]).text
    shown = browser.get(f"{pages['Ada']}/pictures").text
    assert not re.search(r"\bBo\b", shown)
    assert 'name="also"' not in shown
    assert 'href="/my"' in shown
    with arranging() as session:
        everybody = [str(number) for number in session.scalars(select(Signup.id))]

    told = {"who": "alone", "also": everybody}
    assert browser.post(f"{pages['Ada']}/pictures", told).status_code == 303

    assert standing_for(arranging) == {"Ada"}
    assert waiting_for(arranging) == {"Bo", "Cy"}


@pytest.mark.parametrize("how", ["yes", "no"])
def test_who_was_asked_about_after_the_page_was_opened_goes_on_waiting(
    browser: Browser, arranging: Arranging, pages: dict[str, str], how: str
) -> None:
    ask_father(browser, pages["Ada"])
    fathers = fathers_page(arranging)
    shown = browser.get(fathers)
    assert not re.search(r"\bBo\b", shown.text)
    told = {"consents": asked_on(browser, fathers), "declared": "y"}
    ask_father(browser, pages["Bo"])

    assert send_again(browser, shown, f"{fathers}/{how}", told) == 303

    assert waiting_for(arranging) == {"Bo", "Cy"}
    assert [children for _template, children in told_mother(arranging)] == [["Ada"]]
    assert re.search(r"\bBo\b", browser.get(fathers).text)


@pytest.mark.parametrize("how", ["taken back", "shielded"])
def test_a_child_that_is_not_asked_about_any_more_is_named_to_nobody(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str, how: str
) -> None:
    with arranging() as session:
        bo = session.scalars(select(Participant.id).where(Participant.first_name == "Bo")).one()
    bos = own_page(arranging, "Bo")
    if how == "shielded":
        browser.post(f"/my/children/{bo}/shielded")
    else:
        browser.submit(f"{bos}/pictures", {}, to=f"{bos}/pictures/take-back")
    assert not re.search(r"\bBo\b", browser.get(asked).text)
    assert say_yes(browser, asked) == 303
    clock.forward(days=2)
    with arranging() as session:
        end_half_yeses(session, clock)
        consent = session.scalars(select(Consent.id).where(Consent.step == Step.GIVEN)).one()
    thanked = fathers_page(arranging, "pictures_other_thanked")

    after = browser.submit(thanked, {}, to=f"{thanked}/{consent}/withdraw")

    shown = browser.get(after.location).text
    assert "Pictures that everybody can see" in shown
    assert not re.search(r"\b(Ada|Bo)\b", shown)


def test_a_letter_goes_as_long_as_one_of_them_waits_and_no_longer(
    browser: Browser, arranging: Arranging, clock: StoppedClock, pages: dict[str, str], asked: str
) -> None:
    del asked
    clock.forward(minutes=1)
    ask_father(browser, pages["Ada"])
    browser.submit(f"{pages['Ada']}/pictures", {}, to=f"{pages['Ada']}/pictures/take-back")
    assert holding_letters(arranging, clock) == 1

    browser.submit(f"{pages['Bo']}/pictures", {}, to=f"{pages['Bo']}/pictures/take-back")

    assert holding_letters(arranging, clock) == 0


def holding_letters(arranging: Arranging, clock: StoppedClock) -> int:
    """How many of the letters to the father would leave now."""
    with arranging() as session:
        letters = session.scalars(select(Letter).where(Letter.address == FATHER)).all()
        holding = [still_holds(session, clock, letter=letter) for letter in letters]
        session.rollback()
        return sum(holding)


def test_the_row_of_a_wrong_address_goes_though_a_sibling_is_asked_about_elsewhere(
    browser: Browser, arranging: Arranging, clock: StoppedClock, pages: dict[str, str], asked: str
) -> None:
    del asked
    ask_father(browser, pages["Bo"], "bosfar@example.org")
    browser.submit(f"{pages['Ada']}/pictures", {}, to=f"{pages['Ada']}/pictures/take-back")

    with arranging() as session:
        end_half_yeses(session, clock)

    assert others(arranging) == ["bosfar@example.org"]


def test_after_a_year_siblings_are_asked_about_with_one_letter_again(
    browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    assert say_yes(browser, asked) == 303
    with arranging() as session:
        given = session.scalars(select(Consent).where(Consent.step == Step.GIVEN)).all()
        numbers, ends_at = [each.id for each in given], given[0].expires_at
    assert ends_at is not None
    clock.set(ends_at - timedelta(days=20))
    come_in(browser, arranging, MOTHER)

    for number in numbers:
        answer = browser.post(f"/my/consents/{number}/yes", {"words": newest_digest(arranging)})
        assert answer.status_code == 303

    with arranging() as session:
        letters = session.scalars(select(Letter).where(Letter.address == FATHER)).all()
        assert [each.template for each in letters].count("pictures_other_asked") == 1
    assert say_yes(browser, fathers_page(arranging)) == 303
    with arranging() as session:
        assert session.scalars(select(Consent.step)).all().count(Step.RENEWED) == 2


@pytest.mark.parametrize("number", ["9" * 5000, "²", "-1", ""])
def test_a_number_that_is_none_is_left_out(
    browser: Browser, arranging: Arranging, page: str, number: str
) -> None:
    assert browser.post(f"{page}/pictures", {"who": "alone", "also": [number]}).status_code == 303
    assert standing_for(arranging) == {"Ada"}


def test_a_number_that_is_none_is_no_yes_either(browser: Browser, arranging: Arranging, asked: str) -> None:
    hidden = read_page(browser.get(asked).text).hidden
    told = {**hidden, "declared": "y", "consents": ["9" * 5000]}
    assert browser.post(f"{asked}/yes", told).status_code == 303
    assert standing_for(arranging) == set()


def test_another_familys_child_with_the_same_father_is_not_on_the_page(
    browser: Browser, arranging: Arranging, clock: StoppedClock, pages: dict[str, str]
) -> None:
    ask_father(browser, pages["Ada"])
    hers = fathers_page(arranging)
    with arranging() as session:
        session.scalars(select(Family)).one().email = "forste@example.org"
    clock.forward(days=1, minutes=1)
    theirs = sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), "Gro")
    ask_father(browser, theirs["Gro"])

    assert "Gro" not in browser.get(hers).text
    assert "Ada" not in browser.get(fathers_page(arranging)).text


def test_letters_that_were_written_before_siblings_were_told_of_together_still_hold(
    app: Flask, browser: Browser, arranging: Arranging, clock: StoppedClock, asked: str
) -> None:
    with arranging() as session:
        letter = session.scalars(select(Letter).where(Letter.template == "pictures_other_asked")).one()
        letter.facts = {name: value for name, value in letter.facts.items() if name != "halves"}
    assert holding_letters(arranging, clock) == 1

    assert say_yes(browser, asked) == 303
    letter = newest(arranging, "pictures_agreed")
    secret = letter.facts["places"][0]["secret"]
    kept = {name: value for name, value in letter.facts.items() if name not in {"places", "children"}}
    letter.facts = {**kept, "secret": secret}
    with app.app_context():
        mail = render_letter(letter, sender=SENDER, now=NOON)
    for text in (part.get_content() for part in mail.iter_parts()):
        assert f"/signups/{secret}" in text
        assert "pictures of the child" in text
