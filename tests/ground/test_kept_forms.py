"""Kept forms: one drawing for all who are new here, and for each a token and a key of their own."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText, Occasion
from booking.consent.models import Wording
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_activity, make_library, make_meeting, make_occasion, make_signup
from tests.ground.test_kept import statements

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def form(arranging: Arranging) -> str:
    """The address of a form."""
    with arranging() as session:
        occasion = make_occasion(
            session, activity=make_activity(session, library=make_library(session)), capacity=1
        )
        make_meeting(session, occasion=occasion)
        return f"/occasions/{occasion.id}/sign-up"


def hidden(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field
    value = re.search(r'value="([^"]+)"', field[0])
    assert value
    return value[1]


@pytest.mark.parametrize("ending", ["", "/myself"])
def test_a_form_is_drawn_once_and_each_gets_a_token_and_a_key_of_their_own(
    app: Flask, form: str, ending: str
) -> None:
    first = Browser(app).get(form + ending)
    with statements(app) as asked:
        second = Browser(app).get(form + ending)

    assert asked == []  # how full it is, is asked past SQLAlchemy's own statements
    for name in ("csrf_token", "ask_key"):
        assert hidden(first.text, name) != hidden(second.text, name)
    assert "\x00" not in second.text
    assert first.headers["Set-Cookie"] != second.headers["Set-Cookie"]
    differing = {"Set-Cookie", "Content-Length"}
    one, other = (
        {name: value for name, value in answer.headers if name not in differing} for answer in (first, second)
    )
    assert one == other
    assert first.headers["Set-Cookie"].split(";")[1:] == second.headers["Set-Cookie"].split(";")[1:]


def test_a_token_opens_only_with_the_cookie_that_came_with_it(app: Flask, form: str) -> None:
    Browser(app).get(form)
    mine, other = Browser(app), Browser(app)
    page, others = mine.get(form), other.get(form)

    taken = mine.post(form, {"csrf_token": hidden(page.text, "csrf_token")})
    forged = mine.post(form, {"csrf_token": hidden(others.text, "csrf_token")})

    assert taken.status_code == 422  # nothing was filled in, and that is all that is wrong
    assert forged.status_code == 400


def test_who_carries_a_cookie_is_answered_anew(app: Flask, form: str) -> None:
    browser = Browser(app)
    browser.get(form)
    with statements(app) as asked:
        again = browser.get(form)

    assert again.status_code == 200
    assert asked


def test_a_place_that_goes_and_comes_back_shows_at_once(app: Flask, arranging: Arranging, form: str) -> None:
    free = Browser(app).get(form).text
    with arranging() as session:
        signup = make_signup(session, occasion=session.scalars(select(Occasion)).one())
    full = Browser(app).get(form).text
    with arranging() as session:
        session.execute(update(Signup).where(Signup.id == signup.id).values(state=SignupState.WITHDRAWN))
    free_again = Browser(app).get(form).text

    assert "All places are taken" in full
    assert "All places are taken" not in free + free_again


def test_other_words_show_at_once(app: Flask, arranging: Arranging, form: str) -> None:
    Browser(app).get(form)
    with arranging() as session:
        session.scalars(select(ActivityText)).one().title = "Noe annet"
    titled = Browser(app).get(form).text
    with arranging() as session:
        newest = session.scalars(
            select(Wording).where(Wording.purpose == "permission", Wording.language == "en")
        ).first()
        assert newest
        session.add(
            Wording(
                purpose=newest.purpose,
                language=newest.language,
                version=newest.version + 1,
                words="Nye ord om å delta",
                digest="1" * 64,
                published_at=newest.published_at,
            )
        )
    worded = Browser(app).get(form).text

    assert "Noe annet" in titled
    assert "Nye ord om å delta" in worded


def test_a_sign_up_leaves_the_programme_as_it_is(app: Flask, arranging: Arranging, form: str) -> None:
    with arranging() as session:
        session.scalars(select(Occasion)).one().capacity = 100
    Browser(app).get(form)
    with arranging() as session:
        make_signup(session, occasion=session.scalars(select(Occasion)).one())
    with statements(app) as asked:
        Browser(app).get(form)

    assert asked == []


def test_a_form_that_closes_with_the_minute_is_drawn_anew(
    app: Flask, arranging: Arranging, form: str, clock: StoppedClock
) -> None:
    open_form = Browser(app).get(form).text
    with arranging() as session:
        session.scalars(select(Occasion)).one().closes_at = clock()
    clock.forward(minutes=1)
    closed = Browser(app).get(form).text

    assert 'name="ask_key"' in open_form
    assert 'name="ask_key"' not in closed


def test_an_occasion_that_is_not_there_and_a_strange_number_are_the_same_page(app: Flask, form: str) -> None:
    for number in ("0", "999999", "99999999999999999999", "1٣"):
        assert Browser(app).get(f"/occasions/{number}/sign-up").status_code == 404
