"""What a sign-up asks of the database, heard at its driver while a browser sends the real forms."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.sign_ups import typed
from booking.db import sqlite_module
from booking.limits import RateCount
from booking.lines import line_of
from booking.outbox.models import Letter
from booking.signups.models import Signup
from booking.signups.rules import SignupState
from tests.browser import Browser, read_page
from tests.family.entering import statements
from tests.signups.asking import open_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

# What each request of a sign-up may ask, of whoever is not the first in a process.
_MOST: Final[Mapping[str, int]] = {"form": 1, "submit": 12, "code": 10}
# A connection to PostgreSQL that was used before is asked first whether it still lives.
_IS_ALIVE: Final = ";"


def code_for(arranging: Arranging, email: str) -> str:
    """What stands in the family's letter."""
    with arranging() as session:
        facts = session.scalars(select(Letter.facts).where(Letter.address == email)).one()
        return str(facts["code"])


def sign_up(app: Flask, arranging: Arranging, page: str, email: str) -> dict[str, list[str]]:
    """Sign a child up by the three requests; return what each asked of the database."""
    browser, asked = Browser(app), {}
    with statements(app) as heard:
        browser.get("/healthz")  # what a new connection is told is no question of a visitor's
        heard.clear()
        hidden = read_page(browser.get(page).text).hidden
        asked["form"] = list(heard)
        heard.clear()
        assert browser.post(page, {**hidden, **typed(email)}).status_code == 303
        asked["submit"] = list(heard)
        code = code_for(arranging, email)
        heard.clear()
        answer = browser.post(f"{page}/code", {"csrf_token": hidden["csrf_token"], "code": code})
        asked["code"] = list(heard)
    assert "/signups/" in answer.location
    return asked


def test_the_requests_of_a_sign_up_ask_no_more_than_they_may(
    open_to_all: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        page = f"/occasions/{open_occasion(session).id}/sign-up"
    sign_up(open_to_all, arranging, page, "first@example.org")

    asked = sign_up(open_to_all, arranging, page, "second@example.org")

    for request, most in _MOST.items():
        questions = [each for each in asked[request] if each != _IS_ALIVE]
        assert len(questions) <= most, f"{request}: {len(questions)}\n" + "\n".join(questions)
        assert len(asked[request]) - len(questions) <= 1, request
    with arranging() as session:
        assert session.scalars(select(Signup.state).order_by(Signup.id)).all() == [SignupState.CONFIRMED] * 2
        assert session.scalars(select(RateCount.times)).all() == [2]


# Only there is a statement put together in this process.
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nothing_that_a_sign_up_asks_is_put_together_anew(open_to_all: Flask, arranging: Arranging) -> None:
    put_together: list[int] = []
    by_submit: list[int] = []

    def overhear(action: int, *_about: object) -> int:
        if action != sqlite_module().SQLITE_TRANSACTION:  # a COMMIT is never kept, and costs nothing
            put_together.append(action)
        return 0

    with arranging() as session:
        page = f"/occasions/{open_occasion(session).id}/sign-up"
        line_of(session).driver.set_authorizer(overhear)

    for number in range(3):
        browser, email = Browser(open_to_all), f"{number}@example.org"
        hidden = read_page(browser.get(page).text).hidden
        put_together.clear()
        browser.post(page, {**hidden, **typed(email)})
        by_submit, code = list(put_together), code_for(arranging, email)
        put_together.clear()
        browser.post(f"{page}/code", {"csrf_token": hidden["csrf_token"], "code": code})

    assert by_submit == put_together == []
