"""A child whose pictures two guardians decide about."""

import pytest

from tests.browser import Browser
from tests.family.sharing import (
    INSIDE,
    PRINT,
    WEB,
    Arranging,
    ask_father,
    fathers_page,
    form_that_asks,
    sign_up,
)


@pytest.fixture
def page(browser: Browser, arranging: Arranging) -> str:
    """Ada has a place, and her mother has said yes to three kinds of pictures; nobody else was asked."""
    return sign_up(browser, arranging, form_that_asks(arranging), INSIDE, WEB, PRINT)


@pytest.fixture
def asked(browser: Browser, arranging: Arranging, page: str) -> str:
    """Ada's father was written to: the address of his page."""
    ask_father(browser, page)
    return fathers_page(arranging)
