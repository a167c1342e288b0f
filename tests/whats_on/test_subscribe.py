"""The panel by which anybody subscribes to a calendar, on the pages that offer one."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser import Browser, read_page
from tests.factories import make_activity, make_library, make_meeting, make_occasion
from tests.family.entering import Arranging

PAGES = {
    "/activities/spill": "/calendar/activities/spill.ics?lang=en",
    "/libraries/granlia": "/calendar/granlia.ics?lang=en",
    "/activities": "/calendar/all.ics?lang=en",
    "/activities?grade=5&library=granlia&q=spill": "/calendar/all.ics?library=granlia&grade=5&lang=en",
}


@pytest.fixture(autouse=True)
def _meeting(arranging: Arranging) -> None:
    with arranging() as session:
        activity = make_activity(session, library=make_library(session, slug="granlia"), slug="spill")
        make_meeting(session, occasion=make_occasion(session, activity=activity))


@pytest.mark.parametrize(("page", "calendar"), list(PAGES.items()))
def test_a_calendar_can_be_copied_opened_and_handed_to_google(
    browser: Browser, page: str, calendar: str
) -> None:
    looked = read_page(browser.get(page).text)

    (field,) = [control for control in looked.controls if control.get("id") == "copy-calendar"]
    (webcal,) = [link for link in looked.links if link.startswith("webcal")]
    (google,) = [link for link in looked.links if "google.com" in link]
    assert field["value"] == f"http://127.0.0.1:8000{calendar}"
    assert "readonly" in field
    assert webcal == f"webcal://127.0.0.1:8000{calendar}"
    assert parse_qs(urlsplit(google).query) == {"cid": [webcal]}


@pytest.mark.parametrize("page", list(PAGES))
def test_the_panel_asks_nobody_else_anything_and_no_scheme_that_phones_refuse(
    browser: Browser, page: str
) -> None:
    text = browser.get(page).text

    assert "webcals:" not in text
    assert text.count("google.com") == 1
    assert "How soon does a change show?" in text
