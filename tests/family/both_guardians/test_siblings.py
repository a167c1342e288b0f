"""Siblings: one question to the first guardian, one letter to the other, and one letter about the answer."""

import re

import pytest
from sqlalchemy import select

from booking.consent.models import Consent
from booking.consent.rules import Step
from booking.consent.shared_models import Accord, HalfYes
from booking.family.shared_telling import end_half_yeses, forget_without_cause
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.people.models import Family, Guardian, OtherGuardian, Participant
from booking.signups.models import Signup
from booking.signups.sending import still_holds
from tests.browser import Browser
from tests.conftest import StoppedClock
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
    others,
    say_yes,
    sign_siblings_up,
    sign_up,
)


@pytest.fixture
def page(browser: Browser, arranging: Arranging) -> str:
    """Ada, Bo and Cy have a place each, and their mother has said yes to pictures on the web."""
    return sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), "Ada", "Bo", "Cy")


@pytest.fixture
def asked(browser: Browser, arranging: Arranging, page: str) -> str:
    """The father of Ada and Bo was written to: the address of his page. Of Cy nothing was asked."""
    ask_father(browser, page, also=[offered(browser, page)["Bo"]])
    return fathers_page(arranging)


def offered(browser: Browser, page: str) -> dict[str, str]:
    """The siblings that the question offers as well, with the values of their boxes; none is ticked."""
    shown = browser.get(f"{page}/pictures").text
    boxes = re.findall(r'name="also" value="(\d+)"([^>]*)>\s*<label[^>]*>([^<]+)<', shown)
    assert not any("checked" in rest for _value, rest, _name in boxes)
    return {name: value for value, _rest, name in boxes}


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
        rows = session.execute(
            select(OtherGuardian.participant_id, Consent.participant_id)
            .join(Accord, Accord.other_guardian_id == OtherGuardian.id)
            .join(Consent, Consent.id == Accord.consent_id)
        ).all()
        assert len(rows) == 2
        assert all(of_whom == about for of_whom, about in rows)
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


def test_six_siblings_are_one_family_that_asks(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    names = ("Ada", "Bo", "Cy", "Dag", "Eva", "Fie")
    page = sign_siblings_up(browser, arranging, form_that_asks(arranging, WEB), *names)
    ask_father(browser, page, also=offered(browser, page).values())
    assert count_letters(arranging, to=FATHER) == 1
    clock.forward(minutes=20)

    # Asked once more: five brothers and sisters are not five strangers.
    ask_father(browser, page)

    with arranging() as session:
        assert set(session.scalars(select(HalfYes.letters))) == {1, 2}


def test_another_familys_child_with_the_same_father_is_not_on_the_page(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    ask_father(browser, page)
    hers = fathers_page(arranging)
    with arranging() as session:
        session.scalars(select(Family)).one().email = "forste@example.org"
    clock.forward(days=1, minutes=1)
    stepmothers = sign_up(browser, arranging, form_that_asks(arranging, WEB), WEB)
    with arranging() as session:
        child = session.scalars(select(Participant).order_by(Participant.id.desc())).first()
        assert child is not None
        child.first_name = "Gro"
    ask_father(browser, stepmothers)
    theirs = fathers_page(arranging)

    assert "Gro" not in browser.get(hers).text
    assert "Ada" not in browser.get(theirs).text
