"""The page of school breaks, as an administrator uses it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.almanac.queries import as_break, breaks_from
from booking.almanac.rules import Break
from booking.almanac.sheet import LARGEST_SHEET
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser, read_page
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

PAGE = "/staff/school-breaks"
HEADINGS = "municipality_code;kind;first_on;last_on;source\r\n"
AUTUMN = "3401;autumn;05.10.2026;09.10.2026;\r\n"
WINTER = "3401;winter;22.02.2027;26.02.2027;The “council”\r\n"


@pytest.fixture
def admin(arranging: Arranging, browser: Browser) -> Browser:
    """The browser of an administrator, where one library has a municipality."""
    with arranging() as session:
        make_library(session)
        make_library(session, municipality_code="3416", municipality_name="Fjellet")
        account = make_account(session, Role.ADMIN, password_hash=PASSWORD_HASH)
    browser.sign_in_as(account)
    return browser


def _look(browser: Browser, text: str | bytes) -> TestResponse:
    content = text.encode() if isinstance(text, str) else text
    return browser.post(PAGE, {"sheet": (BytesIO(content), "skolerute.csv")})


def _save(browser: Browser, looked_at: TestResponse) -> TestResponse:
    return browser.post(PAGE, {"content": read_page(looked_at.text).hidden["content"]})


def _kept(arranging: Arranging) -> list[Break]:
    with arranging() as session:
        return [as_break(row) for row in breaks_from(session, date(2020, 1, 1))]


def test_a_file_is_looked_at_first_and_saved_with_a_second_press(
    admin: Browser, arranging: Arranging
) -> None:
    assert PAGE in admin.get("/staff/libraries").text
    assert "We know of no school breaks here yet." in admin.get(PAGE).text

    looked_at = _look(admin, "\ufeff" + HEADINGS + AUTUMN + WINTER)
    assert looked_at.status_code == 200
    assert "Nothing is saved yet." in looked_at.text
    assert looked_at.text.count("Will be added") == 2
    assert _kept(arranging) == []

    saved = _save(admin, looked_at)
    assert (saved.status_code, saved.location) == (303, PAGE)
    assert [each.source for each in _kept(arranging)] == ["", "The “council”"]
    page = admin.get(PAGE).text
    assert "The school breaks are saved." in page
    assert "Granlia (3401)" in page
    assert "05/10/2026" in page


def test_what_a_file_changes_and_takes_away_is_told_before_it_happens(
    admin: Browser, arranging: Arranging
) -> None:
    _save(admin, _look(admin, HEADINGS + AUTUMN + WINTER))

    looked_at = _look(admin, HEADINGS + AUTUMN.replace("09.10", "12.10"))
    assert "Source until now" not in looked_at.text
    assert "Will be changed" in looked_at.text
    assert "Last day until now: 09/10/2026" in looked_at.text
    assert "1 school break is not in the file and will be removed." in looked_at.text

    _save(admin, looked_at)
    assert [each.last_on for each in _kept(arranging)] == [date(2026, 10, 12)]
    named = _look(admin, HEADINGS + AUTUMN.replace("09.10", "12.10").replace(";\r", ";The council\r"))
    assert "Source until now: –" in named.text
    same = _look(admin, HEADINGS + AUTUMN.replace("09.10", "12.10"))
    assert "There is nothing to save." in same.text
    assert "Save these school breaks" not in same.text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            HEADINGS + AUTUMN + "3401;winter;26.02.2027;22.02.2027;",
            "Line 3: The last day of a break cannot lie before its first.",
        ),
        (HEADINGS + AUTUMN.replace("3401", "5001"), "Those that do have the numbers 3401, 3416."),
        (HEADINGS + "<b>&;autumn;;;", "Line 2: No library here lies in this municipality."),
        (b"\xff\xfe\x00", "We cannot read the letters in this file."),
        (b"x" * (LARGEST_SHEET + 1), "This file is larger than 100 kB."),
        (b"", "Line 1: The first line must name these columns too"),
    ],
    ids=["a line", "a municipality", "markup", "letters", "size", "nothing"],
)
def test_a_file_that_cannot_be_taken_is_refused_beside_its_field(
    admin: Browser, arranging: Arranging, content: str | bytes, words: str
) -> None:
    answer = _look(admin, content)

    assert answer.status_code == 422
    assert words in answer.text
    assert _kept(arranging) == []


def test_whoever_chooses_no_file_is_asked_for_one(admin: Browser) -> None:
    for typed in ({}, {"content": ""}, {"sheet": "no file"}, {"sheet": (BytesIO(b""), "")}):
        answer = admin.post(PAGE, typed)

        assert answer.status_code == 422
        assert "Choose the file with the school breaks." in answer.text


def test_what_was_tampered_with_between_the_presses_is_refused(admin: Browser, arranging: Arranging) -> None:
    for content in (HEADINGS + "3401;autumn;x;y;", HEADINGS + AUTUMN.replace("\r\n", "\x00"), "x" * 200_000):
        assert admin.post(PAGE, {"content": content}).status_code == 422
    assert _kept(arranging) == []


def test_a_file_as_large_as_may_be_is_still_so_when_the_browser_sends_it_back(
    admin: Browser, arranging: Arranging
) -> None:
    lines = (HEADINGS + AUTUMN).replace("\r\n", "\n")
    full = lines + "#\n" * ((LARGEST_SHEET - len(lines)) // 2)

    looked_at = _look(admin, full)
    sent = read_page(looked_at.text).hidden["content"].replace("\n", "\r\n")

    assert admin.post(PAGE, {"content": sent}).status_code == 303
    assert len(_kept(arranging)) == 1
