"""The notices that everybody can read."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from booking.privacy.register import PURPOSES
from tests.browser import Browser
from tests.factories import make_library

Arranging = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(autouse=True)
def library(arranging: Arranging) -> None:
    with arranging() as session:
        make_library(session, name="Granlia bibliotek", slug="granlia")


@pytest.mark.parametrize("address", ["/privacy", "/accessibility", "/about"])
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_everybody_can_read_the_notices_and_reach_a_library(
    browser: Browser, address: str, language: str
) -> None:
    page = browser.get(f"{address}?lang={language}")

    assert page.status_code == 200
    assert "Granlia bibliotek" in page.text
    assert "mailto:bibliotek@example.org" in page.text


def test_the_notice_begins_with_six_lines_for_children(browser: Browser) -> None:
    page = browser.get("/privacy").text

    children = page[page.index("For children") : page.index("For adults")]
    assert children.count("<li>") == 6


def test_the_notice_tells_of_every_purpose_in_the_register(browser: Browser) -> None:
    page = browser.get("/privacy").text.replace("&#39;", "'")

    for purpose in PURPOSES:
        assert purpose.what in page
        assert purpose.why in page
        assert purpose.how_long in page
        assert page.count(f"GDPR article {purpose.basis.value}") == sum(
            each.basis is purpose.basis for each in PURPOSES
        )


def test_the_notice_says_what_one_can_ask_for_and_where_to_complain(browser: Browser) -> None:
    page = browser.get("/privacy").text

    for words in ("corrected", "erased", "object", "get a copy", "https://www.datatilsynet.no/"):
        assert words in page
