"""What no page of ours sends is a form that is not filled in, and never a broken page."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy.orm import Session

from tests.browser import Browser, read_page
from tests.factories import make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

_DEEP = "[" * 100_000


@pytest.fixture
def form(arranging: Arranging) -> str:
    """The address of a form with rows in it."""
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, library=make_library(session)))
        make_meeting(session, occasion=occasion)
        return f"/occasions/{occasion.id}/sign-up"


@pytest.mark.parametrize("body", [_DEEP, "[1]", "5", "null", '{"email": {"a": 1}}', '{"email": 5}', "{"])
def test_json_is_no_form(browser: Browser, form: str, body: str) -> None:
    headers = {"X-CSRFToken": read_page(browser.get(form).text).hidden["csrf_token"]}

    answer = browser.post_raw(form, body, content_type="application/json", headers=headers)

    assert answer.status_code == 422


@pytest.mark.parametrize("number", ["²", "١", "9" * 5000, "-1", "x"])
def test_a_row_with_a_number_that_we_never_wrote_is_none(browser: Browser, form: str, number: str) -> None:
    answer = browser.submit(form, {f"children-{number}-born": "5", "children-0-first_name": "Bo"})

    assert answer.status_code == 422
    assert 'value="Bo"' in answer.text
