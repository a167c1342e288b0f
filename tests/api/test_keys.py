"""Keys are made and taken back by a library's own staff, and shown once."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.api.key_operations import make_key
from booking.api.models import AccessKey
from booking.api.rules import MOST_KEYS
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def library(arranging: Arranging) -> Library:
    with arranging() as session:
        return make_library(session, name="Granlia bibliotek")


@pytest.fixture
def librarian(arranging: Arranging, library: Library) -> Account:
    with arranging() as session:
        return make_account(session, Role.LIBRARIAN, library=library)


def _browser(app: Flask, account: Account) -> Browser:
    browser = Browser(app)
    browser.sign_in_as(account)
    return browser


def test_a_key_is_shown_once_and_opens_the_librarys_figures(
    app: Flask, arranging: Arranging, library: Library, librarian: Account
) -> None:
    browser = _browser(app, librarian)
    browser.get("/staff/access-keys/new")

    made = browser.post("/staff/access-keys", {"name": "the sheet", "library": str(library.id)})

    found = re.search(r'<code class="address">([^<]+)</code>', made.text)
    assert found
    key = found.group(1)
    answer = app.test_client().get("/api/v1/attendance", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    page = browser.get("/staff/access-keys")
    assert "the sheet" in page.text
    assert key not in page.text
    with arranging() as session:
        kept = session.scalars(select(AccessKey)).one()
        assert key not in {str(value) for value in vars(kept).values()}
        actions = set(session.scalars(select(AuditEntry.action)))
        assert "access_key_made" in actions


def test_a_key_that_is_taken_back_opens_nothing_from_then_on(
    app: Flask, arranging: Arranging, clock: StoppedClock, library: Library, librarian: Account
) -> None:
    with arranging() as session:
        key = make_key(session, clock, library_id=library.id, name="old", account_id=librarian.id)
        number = session.scalars(select(AccessKey.id)).one()
    browser = _browser(app, librarian)
    browser.get("/staff/access-keys")

    answers = [browser.post(f"/staff/access-keys/{number}/revoke", {}) for _twice in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    asked = app.test_client().get("/api/v1/attendance", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 401
    with arranging() as session:
        taken_back = select(AuditEntry).where(AuditEntry.action == "access_key_revoked")
        assert len(session.scalars(taken_back).all()) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " ", "library": "own"}, "Say what the key is for"),
        ({"name": "x" * 81, "library": "own"}, "Use at most 80 letters"),
        ({"name": "a sheet", "library": ""}, "Choose the library"),
    ],
)
def test_a_form_that_misses_something_says_what_and_keeps_the_rest(
    app: Flask, library: Library, librarian: Account, typed: dict[str, str], sentence: str
) -> None:
    browser = _browser(app, librarian)
    browser.get("/staff/access-keys/new")
    sent = {**typed, "library": str(library.id) if typed["library"] == "own" else typed["library"]}

    answer = browser.post("/staff/access-keys", sent)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert sent["name"].strip() in answer.text


def test_there_is_no_key_to_another_library(
    app: Flask, arranging: Arranging, librarian: Account, library: Library, clock: StoppedClock
) -> None:
    with arranging() as session:
        other = make_library(session)
        make_key(session, clock, library_id=other.id, name="theirs", account_id=librarian.id)
        number = session.scalars(select(AccessKey.id)).one()
    browser = _browser(app, librarian)
    page = browser.get("/staff/access-keys/new")

    assert "theirs" not in browser.get("/staff/access-keys").text
    assert f'value="{other.id}"' not in page.text
    assert browser.post("/staff/access-keys", {"name": "x", "library": str(other.id)}).status_code == 404
    assert browser.post(f"/staff/access-keys/{number}/revoke", {}).status_code == 404


def test_there_are_no_more_keys_than_somebody_can_look_after(
    app: Flask, arranging: Arranging, clock: StoppedClock, library: Library, librarian: Account
) -> None:
    with arranging() as session:
        for number in range(MOST_KEYS):
            make_key(session, clock, library_id=library.id, name=f"key {number}", account_id=librarian.id)
    browser = _browser(app, librarian)
    browser.get("/staff/access-keys/new")

    answer = browser.post("/staff/access-keys", {"name": "one more", "library": str(library.id)})

    assert answer.status_code == 422
    assert "one more" in answer.text
