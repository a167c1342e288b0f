"""A yes that is about to end is asked about kindly, said again by one press, or ends and costs nothing."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.activities.models import Meeting
from booking.consent.ending_operations import expire_consents
from booking.consent.models import Consent, RenewalAsk
from booking.consent.operations import publish_wording
from booking.consent.rules import ChildAnswer, RestsOn, Step, Way, WordingPurpose
from booking.consent.shared_models import Accord
from booking.consent.standing_queries import consents_in
from booking.family.renewal_operations import ask_about_endings
from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.render import render_letter
from booking.outbox.sender import Sender
from booking.people.models import Family
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
    make_text,
)
from tests.family.agreeing import make_consent
from tests.family.entering import OLA, come_in, everything

Arranging = Callable[[], AbstractContextManager[Session]]
SENDER = Sender(address="velkommen@example.org", name="Velkommen inn", base_url="http://127.0.0.1:8000")
WEB, NEWS, NEEDS = WordingPurpose.PHOTO_WEB, WordingPurpose.NEWS, WordingPurpose.NEEDS
IN_TEN_DAYS = NOON + timedelta(days=10)


@dataclass(frozen=True)
class Numbers:
    """The numbers of what stands in the tables."""

    child: int
    occasion: int
    consent: int
    news: int


@pytest.fixture
def numbers(arranging: Arranging) -> Numbers:
    """Ada comes to something in two weeks; her yes to pictures and that to news end in ten days."""
    with arranging() as session:
        library = make_library(session, name="Solvik bibliotek")
        activity = make_activity(session, library=library)
        make_text(session, activity)
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=14))
        ada = make_participant(session, family=make_family(session, email=OLA, language=Language.EN))
        make_signup(session, occasion=occasion, participant=ada)
        about: dict[str, Any] = {"child": ada, "library_id": library.id, "expires_at": IN_TEN_DAYS}
        consent = make_consent(session, occasion=occasion, **about)
        # Her mother decides alone; what takes both has tests of its own.
        session.add(
            Accord(consent_id=consent.id, rests_on=RestsOn.ALONE, first_said_at=NOON, declared_at=NOON)
        )
        news = make_consent(session, occasion=None, purpose=NEWS, **about)
        make_consent(session, occasion=occasion, purpose=NEEDS, child=ada, library_id=library.id)
        return Numbers(ada.id, occasion.id, consent.id, news.id)


def ask(arranging: Arranging, clock: StoppedClock) -> int:
    with arranging() as session:
        return ask_about_endings(session, clock)


def asked(arranging: Arranging) -> list[Letter]:
    with arranging() as session:
        return list(session.scalars(select(Letter).where(Letter.template == "family_consents_end")))


def steps(arranging: Arranging, purpose: WordingPurpose = WEB) -> list[Step]:
    with arranging() as session:
        rows = select(Consent.step).where(Consent.purpose == purpose).order_by(Consent.id)
        return list(session.scalars(rows))


def press(browser: Browser, page: TestResponse, action: str, *, url: str | None = None) -> TestResponse:
    """Press the button of the form that goes there, with what is hidden in it; or send the same elsewhere."""
    [form] = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.text, re.DOTALL)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
    return browser.post(url or action, hidden)


@pytest.fixture
def page(arranging: Arranging, clock: StoppedClock, numbers: Numbers) -> str:
    """The address that the letter leads to."""
    assert ask(arranging, clock) == 1
    [letter] = asked(arranging)
    return f"/consents/{letter.facts['secret']}"


@pytest.mark.parametrize(("days", "letters"), [(-21, 0), (-20, 1), (0, 1), (9, 1), (10, 0)])
def test_a_family_is_asked_once_in_the_last_month(
    arranging: Arranging, clock: StoppedClock, numbers: Numbers, days: int, letters: int
) -> None:
    clock.forward(days=days)

    assert [ask(arranging, clock), ask(arranging, clock)] == [letters, 0]
    with arranging() as session:
        about = set(session.scalars(select(RenewalAsk.consent_id)))
    assert about == ({numbers.consent, numbers.news} if letters else set())


@pytest.mark.parametrize("how", ["withdrawn", "over", "unverified"])
def test_nobody_is_asked_who_comes_to_nothing_any_more_or_never_answered(
    arranging: Arranging, clock: StoppedClock, numbers: Numbers, how: str
) -> None:
    with arranging() as session:
        if how == "withdrawn":
            session.scalars(select(Signup)).one().state = SignupState.WITHDRAWN
        elif how == "over":
            meeting = session.scalars(select(Meeting)).one()
            meeting.starts_at, meeting.ends_at = NOON - timedelta(hours=2), NOON
        else:
            session.scalars(select(Family)).one().verified_at = None

    assert ask(arranging, clock) == 0


@pytest.mark.parametrize("language", list(Language))
def test_the_letter_can_be_read_and_says_that_silence_costs_nothing(
    app: Flask, arranging: Arranging, clock: StoppedClock, numbers: Numbers, language: Language
) -> None:
    ask(arranging, clock)
    [letter] = asked(arranging)
    letter.language = language

    with app.app_context():
        mail = render_letter(letter, sender=SENDER, now=NOON)

    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    place = {"nb": "plassen", "nn": "plassen", "en": "place"}[language]
    for words in parts:
        assert "Ada" in words
        assert "Games evening" in words
        assert "/consents/" in words
        assert place in words


def test_opening_the_link_changes_nothing(browser: Browser, arranging: Arranging, page: str) -> None:
    before = everything(arranging)

    answer = browser.get(page)

    assert answer.status_code == 200
    for words in ("Ada", "Pictures on the library’s website", "Games evening", "Ends on", "we remove those"):
        assert words in answer.text, words
    assert everything(arranging) == before


def test_one_press_lets_a_yes_stand_for_another_year_and_twice_is_once(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, numbers: Numbers
) -> None:
    clock.forward(days=1)
    shown = browser.get(page)
    for _press in range(2):
        answer = press(browser, shown, f"{page}/{numbers.consent}/yes")
        assert answer.status_code == 303

    assert steps(arranging) == [Step.GIVEN, Step.RENEWED]
    assert steps(arranging, NEWS) == [Step.GIVEN]
    with arranging() as session:
        newest = session.scalars(select(Consent).where(Consent.step == Step.RENEWED)).one()
        assert (newest.way, newest.child_answer) == (Way.LINK, ChildAnswer.YES)
        assert newest.expires_at is not None
        assert clock() + timedelta(days=360) < newest.expires_at <= clock() + timedelta(days=365)
        standing = consents_in(session, occasion_id=numbers.occasion, now=IN_TEN_DAYS + timedelta(days=1))
    assert WEB in standing[numbers.child]
    assert "It stands for another year" in browser.get(page).text


def test_silence_lets_it_end_and_the_place_stays(
    arranging: Arranging, clock: StoppedClock, page: str, numbers: Numbers
) -> None:
    clock.forward(days=11)
    with arranging() as session:
        standing = consents_in(session, occasion_id=numbers.occasion, now=clock())
        expire_consents(session, clock)

    assert WEB not in standing.get(numbers.child, ())
    assert steps(arranging) == [Step.GIVEN, Step.EXPIRED]
    with arranging() as session:
        assert session.scalars(select(Signup.state)).one() is SignupState.CONFIRMED
    assert ask(arranging, clock) == 0


def test_words_that_were_changed_meanwhile_are_read_first(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, numbers: Numbers
) -> None:
    shown = browser.get(page)
    with arranging() as session:
        publish_wording(session, clock, purpose=WEB, language=Language.EN, words="Other words.")

    answer = press(browser, shown, f"{page}/{numbers.consent}/yes")

    assert "We have changed this text" in browser.get(answer.location).text
    assert steps(arranging) == [Step.GIVEN]

    press(browser, browser.get(page), f"{page}/{numbers.consent}/yes")
    assert steps(arranging) == [Step.GIVEN, Step.REPLACED, Step.GIVEN]


def test_a_yes_that_has_ended_is_not_said_again_by_an_old_page(
    browser: Browser, arranging: Arranging, clock: StoppedClock, page: str, numbers: Numbers
) -> None:
    shown = browser.get(page)
    clock.forward(days=11)

    answer = press(browser, shown, f"{page}/{numbers.consent}/yes")

    after = browser.get(answer.location).text
    assert "has ended already" in after
    assert "Nothing waits for your answer" in after
    assert steps(arranging) == [Step.GIVEN]


def test_the_same_page_takes_it_back_at_once(
    browser: Browser, arranging: Arranging, page: str, numbers: Numbers
) -> None:
    press(browser, browser.get(page), f"{page}/{numbers.consent}/withdraw")

    assert steps(arranging) == [Step.GIVEN, Step.WITHDRAWN]


def test_another_familys_yes_is_not_there(
    browser: Browser, arranging: Arranging, page: str, numbers: Numbers
) -> None:
    with arranging() as session:
        bo = make_participant(session)
        other = make_consent(session, child=bo, occasion=None, purpose=NEWS, library_id=1)
        stranger = other.id
    shown = browser.get(page)

    for what in ("yes", "withdraw"):
        answer = press(browser, shown, f"{page}/{numbers.consent}/{what}", url=f"{page}/{stranger}/{what}")
        assert answer.status_code == 404


def test_on_its_own_page_the_family_says_it_again_too(
    browser: Browser, arranging: Arranging, numbers: Numbers
) -> None:
    come_in(browser, arranging)
    shown = browser.get("/my")
    assert "Shall your yes stand for another year?" in shown.text

    press(browser, shown, f"/my/consents/{numbers.consent}/yes")

    assert steps(arranging) == [Step.GIVEN, Step.RENEWED]
    with arranging() as session:
        assert (
            session.scalars(select(Consent.way).where(Consent.step == Step.RENEWED)).one() is Way.FAMILY_PAGE
        )
