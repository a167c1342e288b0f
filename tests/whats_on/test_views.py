"""The pages about what is on, as a family sees them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from booking.activities.rules import MeetingState, Mode, Status, Visibility
from booking.signups.rules import SignupState
from booking.work import database
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_signup,
    make_text,
)

Arranging = Callable[[], AbstractContextManager[Session]]

HIDDEN = [
    {"status": Status.DRAFT},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.INTERNAL},
    {"visibility": Visibility.BY_LINK},
]


def put_up(
    arranging: Arranging, *, occasion: dict[str, Any] | None = None, days: int = 7, **changes: Any
) -> str:
    with arranging() as session:
        activity = make_activity(session, **changes)
        run = make_occasion(session, activity=activity, **(occasion or {}))
        make_meeting(session, occasion=run, starts_at=NOON + timedelta(days=days, hours=5))
        return activity.slug


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_first_page_shows_this_week_and_the_next(arranging: Arranging, browser: Browser) -> None:
    tomorrow, next_week, later = (put_up(arranging, days=days) for days in (1, 7, 21))

    page = browser.get("/").text

    assert f"/activities/{tomorrow}" in page
    assert f"/activities/{next_week}" in page
    assert f"/activities/{later}" not in page
    assert "This week" in page
    assert "Next week" in page


def test_an_empty_house_is_still_welcoming(browser: Browser) -> None:
    assert "Nothing is planned for this week and the next" in browser.get("/").text
    assert "Nothing is planned here just now" in browser.get("/activities").text


def test_the_list_can_be_that_of_one_library(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        here = make_library(session, slug="granlia", name="Granlia bibliotek")
        ours = make_activity(session, library=here)
        make_meeting(session, occasion=make_occasion(session, activity=ours))
        slug = ours.slug
    theirs = put_up(arranging)

    page = browser.get("/activities?library=granlia").text

    assert f"/activities/{slug}" in page
    assert f"/activities/{theirs}" not in page


def test_a_library_that_there_is_not_is_said_so_and_shows_nothing(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging)

    answer = browser.get("/activities?library=nowhere")

    assert answer.status_code == 404
    assert "We know no such library" in answer.text
    assert f"/activities/{slug}" not in answer.text
    assert browser.get("/libraries/nowhere").status_code == 404


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_for_all_is_on_no_page(
    arranging: Arranging, browser: Browser, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library, slug="hemmelig", **hidden)
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    for address in ("/", "/activities", "/activities?library=granlia", "/libraries/granlia"):
        assert "hemmelig" not in browser.get(address).text
    assert browser.get("/activities/hemmelig").status_code == 404


def test_an_activity_says_when_where_for_whom_and_what_it_costs(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging)

    words = words_of(browser.get(f"/activities/{slug}").text)

    for expected in (
        "Tuesday 1 December at 17:00–19:00",
        "Barneavdelingen, Granlia bibliotek",
        "grades 5–7 (ages 10–12)",
        "Free",
        "Heis og HC-toalett",
        "22 22 22 22",
        "Places available",
        "Sign up",
    ):
        assert expected in words


@pytest.mark.parametrize(
    ("occasion", "said", "has_button"),
    [
        ({"mode": Mode.DROP_IN, "capacity": None}, "You need not sign up", False),
        ({"opens_at": NOON + timedelta(days=1)}, "Sign-up opens Wednesday 25 November at 12:00", False),
        ({"closes_at": NOON}, "Sign-up is closed", False),
        ({"called_off_at": NOON}, "Called off", False),
        ({}, "Places available", True),
        ({"capacity": 1}, "Few places left", True),
    ],
)
def test_one_button_or_the_reason_why_there_is_none(
    arranging: Arranging, browser: Browser, occasion: dict[str, Any], said: str, has_button: bool
) -> None:
    slug = put_up(arranging, occasion=occasion)

    page = browser.get(f"/activities/{slug}").text

    assert said in words_of(page)
    assert ("/sign-up" in page) is has_button


@pytest.mark.parametrize(("has_queue", "said"), [(True, "Waiting list"), (False, "Full")])
def test_a_full_occasion_is_full_in_words_and_never_in_counts(
    arranging: Arranging, browser: Browser, has_queue: bool, said: str
) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="spill")
        occasion = make_occasion(session, activity=activity, capacity=3, has_queue=has_queue)
        make_meeting(session, occasion=occasion)
        for _each in range(3):
            make_signup(session, occasion=occasion)
        make_signup(session, occasion=occasion, state=SignupState.WITHDRAWN)

    page = browser.get("/activities/spill")

    assert said in words_of(page.text)
    assert said in words_of(browser.get("/activities").text)
    assert ("/sign-up" in page.text) is has_queue
    assert not re.search(r"\b3 (of|places|signed)", words_of(page.text))


def test_dates_that_are_called_off_or_moved_are_marked_in_words(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, slug="spill"))
        make_meeting(session, occasion=occasion, state=MeetingState.CALLED_OFF)
        moved = make_meeting(
            session, occasion=occasion, state=MeetingState.MOVED, starts_at=NOON + timedelta(days=9)
        )
        uid = moved.uid

    page = browser.get("/activities/spill").text

    assert "<del>" in page
    assert "Moved" in words_of(page)
    assert page.count("/calendar/meetings/") == 1
    assert f"/calendar/meetings/{uid}.ics?lang=en" in page
    assert "http://127.0.0.1:8000/calendar/activities/spill.ics?lang=en" in page


def test_words_in_another_language_than_the_page_say_so(arranging: Arranging, browser: Browser) -> None:
    slug = put_up(arranging)

    page = browser.get(f"/activities/{slug}").text

    assert re.search(r'<h1><span lang="nb">Spillkveld</span></h1>', page)
    assert "<title>Spillkveld –" in page
    assert re.search(r'class="prose" lang="nb"', page)


def test_a_translated_activity_is_shown_translated(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="spill")
        make_text(session, activity)
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    page = browser.get("/activities/spill").text

    assert "<h1>Games evening</h1>" in page
    assert "We play board games together." in page


def test_an_activity_that_is_over_is_still_there_and_says_so(arranging: Arranging, browser: Browser) -> None:
    slug = put_up(arranging, days=-7)

    page = browser.get(f"/activities/{slug}").text

    assert "No more dates are planned." in page
    assert "/sign-up" not in page


def test_titles_are_text_and_never_markup(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="spill", texts=[])
        make_text(session, activity, title="<script>alert(1)</script>", body="<b>\n\n&amp;")
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    for address in ("/", "/activities", "/activities/spill"):
        assert "<script>alert" not in browser.get(address).text


def test_a_library_says_where_it_is_and_how_one_gets_in(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library)
        make_meeting(session, occasion=make_occasion(session, activity=activity))
        slug = activity.slug

    page = browser.get("/libraries/granlia").text

    assert "Storgata 1, 2200 Granlia" in page
    assert "Heis og HC-toalett" in page
    assert f"/activities/{slug}" in page
    assert "/calendar/granlia.ics" in page


@pytest.mark.parametrize("address", ["/", "/activities", "/activities/spill", "/libraries/granlia"])
def test_a_visitor_gets_no_cookie(arranging: Arranging, browser: Browser, address: str) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library, slug="spill")
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    assert "Set-Cookie" not in browser.get(address).headers


def test_a_list_of_many_takes_few_questions(app: Flask, arranging: Arranging, browser: Browser) -> None:
    for days in range(1, 12):
        put_up(arranging, days=days)
    asked: list[str] = []
    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    browser.get("/activities")

    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 6
