"""What the page of an activity says before the form: what is asked, and who can sign up themselves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from booking.activities.models import Activity, ActivityText
from booking.activities.rules import Mode, Visibility
from booking.consent.models import AgeRule
from booking.libraries.rules import Language
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON
from tests.whats_on.house import Arranging, check_html, put_up, words_of

NAME = "You will be asked for first name, age, municipality and how to reach you."
BOTH_NAMES = "You will be asked for first and last name, age, municipality and how to reach you."
NEEDS = "If you want to, you can tell what the child needs, such as food or access."
PICTURES = "You say yes or no to pictures; a no never costs the place."
QUESTION = "We also ask: Har du laget mat før?"
WITH_LEAVE = "From the age of 13 you can sign up yourself, and we ask a guardian for leave."
ALONE = "From the age of 15 you answer for yourself."
SENTENCES = (NAME, BOTH_NAMES, NEEDS, PICTURES, QUESTION, WITH_LEAVE, ALONE)


def texts() -> list[ActivityText]:
    return [
        ActivityText(
            language=Language.NB, title="Mat", summary="Mat.", body="", question="Har du laget mat før?"
        )
    ]


def said(browser: Browser, slug: str) -> list[str]:
    page = browser.get(f"/activities/{slug}").text
    check_html(page)
    words = words_of(page)
    return [sentence for sentence in SENTENCES if sentence in words]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({}, [NAME]),
        ({"asks_last_name": True}, [BOTH_NAMES]),
        ({"asks_needs": True}, [NAME, NEEDS]),
        ({"photo_channels": ["photo_web"]}, [NAME, PICTURES]),
        ({"asks_needs": True, "photo_channels": ["photo_press", "photo_web"]}, [NAME, NEEDS, PICTURES]),
    ],
)
def test_the_page_says_beforehand_what_will_be_asked(
    arranging: Arranging, browser: Browser, changes: dict[str, Any], sentences: list[str]
) -> None:
    slug = put_up(arranging, **changes)

    assert said(browser, slug) == sentences


def test_a_question_is_shown_in_the_language_that_it_is_asked_in(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging, texts=texts())

    page = browser.get(f"/activities/{slug}").text

    assert said(browser, slug) == [NAME, QUESTION]
    assert 'We also ask: <span lang="nb">Har du laget mat før?</span>' in page


@pytest.mark.parametrize(
    "changes",
    [
        {"occasion": {"mode": Mode.DROP_IN, "capacity": None}},
        {"occasion": {"closes_at": NOON - timedelta(days=1)}},
        {"occasion": {"called_off_at": NOON}},
        {"days": -7},
    ],
)
def test_where_nobody_can_sign_up_nothing_is_said_of_it(
    arranging: Arranging, browser: Browser, changes: dict[str, Any]
) -> None:
    slug = put_up(arranging, grade_from=None, grade_to=None, asks_needs=True, texts=texts(), **changes)

    assert said(browser, slug) == []


def test_it_is_said_before_sign_up_opens(arranging: Arranging, browser: Browser) -> None:
    slug = put_up(arranging, occasion={"opens_at": NOON + timedelta(days=1)})

    assert said(browser, slug) == [NAME]


@pytest.mark.parametrize(
    ("audience", "sentences"),
    [
        ({"grade_from": 5, "grade_to": 7}, [NAME]),
        ({"grade_from": 5, "grade_to": 8}, [NAME, WITH_LEAVE]),
        ({"grade_from": 8, "grade_to": 9}, [NAME, WITH_LEAVE]),
        ({"grade_from": 8, "grade_to": 10}, [NAME, WITH_LEAVE, ALONE]),
        ({"grade_from": None, "grade_to": None}, [NAME, WITH_LEAVE, ALONE]),
        ({"grade_from": None, "grade_to": None, "age_from": 17}, [NAME, WITH_LEAVE, ALONE]),
        ({"grade_from": None, "grade_to": None, "age_from": 18}, [NAME]),
        ({"grade_from": None, "grade_to": None, "age_to": 12}, [NAME]),
    ],
)
def test_youths_read_from_what_age_they_can_sign_up_themselves(
    arranging: Arranging, browser: Browser, audience: dict[str, Any], sentences: list[str]
) -> None:
    slug = put_up(arranging, **audience)

    assert said(browser, slug) == sentences


@pytest.mark.parametrize(("until", "age"), [(14, 15), (16, 16), (18, 18)])
def test_an_activity_can_be_stricter_than_the_house_and_never_laxer(
    arranging: Arranging, browser: Browser, until: int, age: int
) -> None:
    slug = put_up(arranging, grade_from=None, grade_to=None, guardian_until=until)

    words = words_of(browser.get(f"/activities/{slug}").text)

    assert f"From the age of {age} you answer for yourself." in words


def test_a_new_rule_of_ages_shows_when_it_begins(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    slug = put_up(arranging, grade_from=8, grade_to=None)
    before = said(browser, slug)
    with arranging() as session:
        session.add(
            AgeRule(
                begins_at=NOON + timedelta(minutes=1),
                youth_from=14,
                alone_from=14,
                photo_own_yes_from=15,
                adult_from=18,
                made_at=NOON,
            )
        )

    kept = said(browser, slug)
    clock.forward(minutes=1)
    words = words_of(browser.get(f"/activities/{slug}").text)

    assert before == kept == [NAME, WITH_LEAVE, ALONE]
    assert "From the age of 14 you can sign up yourself." in words
    assert "guardian" not in words


@pytest.mark.parametrize("purpose", [Purpose.INVITED, Purpose.PREVIEW])
def test_whoever_got_a_link_reads_it_too(
    arranging: Arranging, browser: Browser, clock: StoppedClock, purpose: Purpose
) -> None:
    put_up(arranging, visibility=Visibility.BY_LINK, asks_needs=True)
    with arranging() as session:
        activity_id = session.scalars(select(Activity.id)).one()
        link = issue_link(session, clock, purpose=purpose, subject_id=activity_id, lasts=timedelta(days=1))

    page = browser.get(f"/{purpose.value}/{link}")

    assert NEEDS in words_of(page.text)
