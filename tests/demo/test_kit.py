"""Promises of the page kit: nothing spills over, nothing is unreadable, and its stylesheet stays small."""

import gzip
import re
from pathlib import Path

import pytest

import booking
from tests.browser import Browser

STYLE = Path(booking.__file__).parent / "static" / "css" / "house.css"
MOST_BYTES = 14_000


def styles() -> str:
    return STYLE.read_text(encoding="utf-8")


def macros() -> list[str]:
    folder = Path(booking.__file__).parent / "templates" / "macros"
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")))
    return [name for name in re.findall(r"{% macro ([a-z]\w*)\(", text) if name not in _WITHIN_OTHERS]


# These are parts of other macros, or stand in the frame of a page.
_WITHIN_OTHERS = {
    "hidden_token",
    "hidden_values",
    "trap",
    "form_from",
    "post_button",
    "mark",
    "legend",
    "copy_field",
    "how_often",
    "door_parts",
}


def test_the_style_is_a_light_load() -> None:
    packed = gzip.compress(STYLE.read_bytes())

    assert len(packed) < MOST_BYTES


def test_the_style_fetches_nothing() -> None:
    assert re.findall(r"url\(|@import|@font-face", styles()) == []


def test_the_style_knows_no_left_and_right() -> None:
    assert re.findall(r"(?:margin|padding|border)-(?:left|right)|[;{]\s*(?:left|right):", styles()) == []


@pytest.mark.parametrize("macro", macros())
def test_the_kit_shows(macro: str) -> None:
    page = Path(booking.__file__).parent / "templates" / "demo" / "kit.html"

    assert re.search(rf"\b{macro}\(", page.read_text(encoding="utf-8"))


def test_a_refused_form_says_beside_each_field_what_is_missing(browser: Browser) -> None:
    page = browser.get("/demo/kit").text

    assert page.count('class="error"') == page.count('href="#refused-')


def test_every_page_has_one_way_to_each_language(browser: Browser) -> None:
    page = browser.get("/demo/kit").text

    assert re.findall(r'hreflang="(\w+)"', page) == ["nb", "nn", "en"]


def test_a_page_that_is_not_there_says_what_to_do_next(browser: Browser) -> None:
    page = browser.get("/nowhere")

    assert page.status_code == 404
    assert 'href="/activities"' in page.text
