"""Saying, after the sign-up, which pictures are all right and what a child needs."""

import re

import pytest
from sqlalchemy import select

from booking.activities.models import Activity, Occasion
from booking.consent.models import Consent, NeedsNote
from booking.consent.operations import publish_wording
from booking.consent.rules import Capacity, ChildAnswer, Established, Step, Way, WordingPurpose
from booking.libraries.models import Library
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.rules import LetterState
from booking.people.models import Participant
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from booking.staff.rules import Role
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import make_account, make_activity
from tests.family.entering import come_in, everything
from tests.family.sharing import (
    IN_HERE,
    INSIDE,
    MOTHER,
    ON_THE_WEB,
    WEB,
    Arranging,
    newest,
    send_again,
    sign_up,
    standing,
    steps,
    waiting,
    youth_with_leave,
)
from tests.signups.asking import open_occasion

NEEDS = WordingPurpose.NEEDS
NO_NUTS = {"needs": ["no_nuts"], "needs_line": "Sitter helst ved døra", "needs_agreed": "y"}


@pytest.fixture
def form(arranging: Arranging) -> str:
    """The address of a form that asks about pictures inside and on the web, and about needs."""
    with arranging() as session:
        activity = make_activity(session, photo_channels=[INSIDE, WEB], asks_needs=True)
        return f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"


@pytest.fixture
def page(browser: Browser, arranging: Arranging, form: str) -> str:
    """Ada has a place, and nothing was said besides."""
    return sign_up(browser, arranging, form)


def notes(arranging: Arranging) -> list[str]:
    """What is kept of needs, as it stands in the table."""
    with arranging() as session:
        return list(session.scalars(select(NeedsNote.sealed)))


def offered(browser: Browser, page: str) -> set[str]:
    """The kinds of pictures that the page asks about; none is ticked."""
    shown = browser.get(f"{page}/besides").text
    assert " checked" not in shown
    return set(re.findall(r'name="consents" value="([a-z_]+)"', shown))


def test_what_a_child_needs_is_said_after_the_sign_up_sealed_and_told_by_letter(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    assert f"{page}/besides" in browser.get(page).text

    answer = browser.submit(f"{page}/besides", {**NO_NUTS, "consents": [INSIDE], "child_answer": "yes"})

    assert (answer.status_code, answer.location) == (303, page)
    assert standing(arranging) == {IN_HERE, NEEDS}
    (sealed,) = notes(arranging)
    assert "no_nuts" not in sealed
    assert "døra" not in sealed
    with arranging() as session:
        for consent in session.scalars(select(Consent)):
            assert (consent.way, consent.capacity) == (Way.LINK, Capacity.PARENT)
            assert consent.established is Established.SELF_DECLARED
            assert consent.child_answer is ChildAnswer.YES
    letter = newest(arranging, "besides_said")
    assert letter.address == MOTHER
    assert letter.facts["purposes"] == ["photo_internal", "needs"]
    assert "døra" not in str(letter.facts)
    told = browser.get(f"/signups/{letter.facts['secret']}").text
    assert told.count("Take the yes back") == 2


def test_a_yes_that_stands_is_not_asked_again_and_needs_may_change(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    assert offered(browser, page) == {INSIDE, WEB}
    browser.submit(f"{page}/besides", {**NO_NUTS, "consents": [INSIDE], "child_answer": "yes"})
    (before,) = notes(arranging)

    assert offered(browser, page) == {WEB}
    assert "What you write here takes its place." in browser.get(f"{page}/besides").text
    changed = {"needs": ["no_gluten"], "needs_agreed": "y"}
    assert browser.submit(f"{page}/besides", changed).status_code == 303

    (after,) = notes(arranging)
    assert after != before
    assert standing(arranging) == {IN_HERE, NEEDS}
    assert steps(arranging) == [Step.GIVEN, Step.GIVEN]


def test_sent_twice_it_is_said_once(browser: Browser, arranging: Arranging, page: str) -> None:
    shown = browser.get(f"{page}/besides")
    told = {"consents": [INSIDE], "child_answer": "yes"}

    assert send_again(browser, shown, f"{page}/besides", told) == 303
    assert send_again(browser, shown, f"{page}/besides", {**told, **NO_NUTS}) == 303
    assert send_again(browser, shown, f"{page}/besides", {**told, **NO_NUTS}) == 303

    assert steps(arranging) == [Step.GIVEN, Step.GIVEN]
    assert len(notes(arranging)) == 1


def test_what_somebody_else_wrote_meanwhile_is_not_replaced_without_a_word(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    shown = browser.get(f"{page}/besides")
    browser.submit(f"{page}/besides", NO_NUTS)
    (before,) = notes(arranging)
    other = {"needs": ["no_gluten"], "needs_agreed": "y"}
    hidden = {**read_page(shown.text).hidden, "csrf_token": ""}

    refused = browser.post(f"{page}/besides", {**hidden, **other})

    assert refused.status_code == 422
    assert "Somebody has told us meanwhile" in refused.text
    assert re.search(r'value="no_gluten" checked', refused.text)
    assert notes(arranging) == [before]
    again = {**read_page(refused.text).hidden, **other}
    assert browser.post(f"{page}/besides", again).status_code == 303
    assert notes(arranging) != [before]


def test_pictures_that_everybody_can_see_wait_for_who_decides_as_always(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    browser.submit(f"{page}/besides", {"consents": [WEB], "child_answer": "yes"})

    assert waiting(arranging) == {ON_THE_WEB}
    assert standing(arranging) == set()
    assert "One question is left" in browser.get(page).text
    assert offered(browser, page) == {INSIDE}


@pytest.mark.parametrize(
    ("told", "beside"),
    [
        ({}, "Tick, choose or write something first."),
        ({"child_answer": "yes"}, "Tick, choose or write something first."),
        ({"needs_agreed": "y"}, "Tick, choose or write something first."),
        ({"needs": ["no_nuts"]}, "Tick the box that lets us keep this, or leave it out."),
        ({"needs_line": "http://example.org", "needs_agreed": "y"}, "Use plain words only"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    browser: Browser, arranging: Arranging, page: str, told: dict[str, list[str]], beside: str
) -> None:
    answer = browser.submit(f"{page}/besides", told)

    assert answer.status_code == 422
    assert beside in answer.text
    for value in told.get("needs", []):
        assert re.search(rf'value="{value}" checked', answer.text)
    assert (notes(arranging), steps(arranging)) == ([], [])


def test_a_childs_own_no_takes_back_what_stood_and_no_letter_says_yes(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    browser.submit(f"{page}/besides", {"consents": [INSIDE], "child_answer": "yes"})
    with arranging() as session:
        letters = len(session.scalars(select(Letter)).all())

    answer = browser.submit(f"{page}/besides", {"consents": [WEB], "child_answer": "no"})

    assert "without the child’s own yes" in browser.get(answer.location).text
    assert (standing(arranging), waiting(arranging)) == (set(), set())
    with arranging() as session:
        assert len(session.scalars(select(Letter)).all()) == letters


def test_what_the_activity_does_not_ask_cannot_be_said(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    hidden = read_page(browser.get(f"{page}/besides").text).hidden

    answer = browser.post(f"{page}/besides", {**hidden, "consents": ["photo_press"], "child_answer": "yes"})

    assert answer.status_code == 422
    assert (standing(arranging), waiting(arranging)) == (set(), set())


def test_words_that_were_changed_meanwhile_are_read_first(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    shown = browser.get(f"{page}/besides")
    with arranging() as session:
        publish_wording(session, clock, purpose=IN_HERE, language=Language.EN, words="Other words.")

    assert send_again(browser, shown, f"{page}/besides", {"consents": [INSIDE], "child_answer": "yes"}) == 422
    assert standing(arranging) == set()


def test_of_a_shielded_child_no_pictures_are_asked_about(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    shown = browser.get(f"{page}/besides")
    with arranging() as session:
        session.scalars(select(Participant)).one().is_shielded = True

    assert offered(browser, page) == set()
    assert 'value="no_nuts"' in browser.get(f"{page}/besides").text
    told = {"consents": [INSIDE], "child_answer": "yes"}
    assert send_again(browser, shown, f"{page}/besides", told) == 422
    assert standing(arranging) == set()


@pytest.mark.parametrize("state", [SignupState.WITHDRAWN, SignupState.EXPIRED, SignupState.QUEUED])
def test_without_a_place_nothing_is_asked(
    browser: Browser, arranging: Arranging, page: str, state: SignupState
) -> None:
    shown = browser.get(f"{page}/besides")
    with arranging() as session:
        session.scalars(select(Signup)).one().state = state

    assert f"{page}/besides" not in browser.get(page).text
    assert "There is nothing to ask here" in browser.get(f"{page}/besides").text
    assert send_again(browser, shown, f"{page}/besides", NO_NUTS) == 404
    assert notes(arranging) == []


def test_when_all_is_over_nothing_is_asked(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    shown = browser.get(f"{page}/besides")
    clock.forward(days=20)

    assert f"{page}/besides" not in browser.get(page).text
    assert send_again(browser, shown, f"{page}/besides", NO_NUTS) == 404


def test_opening_the_page_changes_nothing(browser: Browser, arranging: Arranging, page: str) -> None:
    before = everything(arranging)

    for _time in range(2):
        assert browser.get(f"{page}/besides").status_code == 200

    assert everything(arranging) == before


def test_a_family_says_it_on_its_own_page_too(browser: Browser, arranging: Arranging, page: str) -> None:
    del page
    come_in(browser, arranging, MOTHER)
    (link,) = re.findall(r'href="(/my/signups/\d+/besides)"', browser.get("/my").text)

    answer = browser.submit(link, {"consents": [INSIDE], "child_answer": "yes"})

    assert answer.status_code == 303
    assert standing(arranging) == {IN_HERE}
    with arranging() as session:
        assert session.scalars(select(Consent.way)).one() is Way.FAMILY_PAGE
    other = f"/my/signups/{int(link.split('/')[3]) + 1}/besides"
    assert browser.get(other).status_code == 404


def test_the_link_on_ones_own_page_goes_when_nothing_is_left(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        activity = make_activity(session, photo_channels=[INSIDE])
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"
    page = sign_up(browser, arranging, form)
    come_in(browser, arranging, MOTHER)
    assert "/besides" in browser.get("/my").text

    browser.submit(f"{page}/besides", {"consents": [INSIDE], "child_answer": "yes"})

    assert "/besides" not in browser.get("/my").text
    assert "/besides" not in browser.get(page).text


def test_of_a_youth_the_guardian_says_it_and_the_youth_does_not(
    browser: Browser, arranging: Arranging
) -> None:
    youths, guardians = youth_with_leave(browser, arranging)
    with arranging() as session:
        occasion = session.get_one(Occasion, session.scalars(select(Signup.occasion_id)).one())
        session.get_one(Activity, occasion.activity_id).asks_needs = True
    assert "There is nothing to ask here" in browser.get(f"{youths}/besides").text
    assert browser.post(f"{youths}/besides", NO_NUTS).status_code == 404
    assert "/besides" not in browser.get(youths).text
    assert browser.post(f"{youths.replace('signups', 'confirm')}/besides", NO_NUTS).status_code == 404
    assert f"{guardians}/besides" in browser.get(guardians).text

    assert browser.submit(f"{guardians}/besides", NO_NUTS).status_code == 303

    assert len(notes(arranging)) == 1
    assert newest(arranging, "besides_said").address == MOTHER


def test_whoever_was_signed_up_by_phone_is_asked_by_the_letter_and_answers_by_its_link(
    browser: Browser, arranging: Arranging, form: str
) -> None:
    with arranging() as session:
        library = session.scalars(select(Library)).first()
        assert library is not None
        librarian = make_account(session, Role.LIBRARIAN, library=library)
    browser.sign_in_as(librarian)
    entry = f"/staff{form}s/new"
    assert "are not asked here" in browser.get(entry).text
    typed = {
        "children-0-first_name": "Bo",
        "children-0-born": "2016",
        "children-0-municipality": "0000",
        "contact_name": "Kari Eksempel",
        "email": "kari@example.org",
        "established": "by_phone",
        "permission": "y",
    }
    assert browser.submit(entry, typed).status_code == 303
    letter = newest(arranging, "signup_confirmed")
    assert letter.facts["asks_besides"] is True

    page = f"/signups/{letter.facts['places'][0]['secret']}"
    assert browser.submit(f"{page}/besides", NO_NUTS).status_code == 303

    assert standing(arranging) == {NEEDS}
    assert len(notes(arranging)) == 1


def test_a_yes_cannot_be_hidden_behind_the_next_letter(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str
) -> None:
    browser.submit(f"{page}/besides", {"consents": [INSIDE, WEB], "child_answer": "yes"})
    clock.forward(seconds=5)
    browser.submit(f"{page}/besides", NO_NUTS)

    with arranging() as session:
        letters = session.scalars(select(Letter).where(Letter.template == "besides_said").order_by(Letter.id))
        told = [(each.state, each.facts["purposes"], each.facts["asks_of_pictures"]) for each in letters]
    assert told == [
        (LetterState.WAITING, ["photo_internal", "photo_web"], True),
        (LetterState.WAITING, ["needs"], False),
    ]


def test_a_youth_who_signed_up_alone_does_not_speak_as_its_own_parent(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        activity = make_activity(
            session, grade_from=None, grade_to=None, photo_channels=[INSIDE], asks_needs=True
        )
        form = f"/occasions/{open_occasion(session, activity=activity).id}/sign-up"
    youth = {
        "first_name": "Siri",
        "born": "2009",
        "municipality": "3401",
        "email": "siri@example.org",
        "permission": "y",
    }
    browser.submit(f"{form}/myself", youth)
    with arranging() as session:
        signup = session.scalars(select(Signup)).one()
        act = f"/staff/occasions/{signup.occasion_id}/sign-ups/{signup.id}/confirm"
        librarian = make_account(session, Role.LIBRARIAN, library=session.scalars(select(Library)).first())
    browser.sign_in_as(librarian)
    assert browser.submit(act, {"established": "by_phone", "reason": "rang"}).status_code == 303

    letter = newest(arranging, "signup_confirmed")
    page = f"/signups/{letter.facts['places'][0]['secret']}"
    assert letter.facts["asks_besides"] is False
    assert "/besides" not in browser.get(page).text
    assert browser.post(f"{page}/besides", NO_NUTS).status_code == 404
    assert notes(arranging) == []


@pytest.mark.usefixtures("open_to_all")
def test_nobody_has_us_write_again_and_again(browser: Browser, page: str) -> None:
    shown = browser.get(f"{page}/besides")

    answers = [send_again(browser, shown, f"{page}/besides", NO_NUTS) for _time in range(21)]

    assert answers == [303] * 20 + [429]


def test_a_letter_after_the_form_does_not_ask_what_the_form_asked(
    browser: Browser, arranging: Arranging, page: str
) -> None:
    del browser, page
    assert newest(arranging, "signup_confirmed").facts["asks_besides"] is False
