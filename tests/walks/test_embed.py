"""A box on a library's own site, which is another one than ours."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.activities.models import ActivityText
from booking.activities.rules import MeetingState
from booking.libraries.rules import Language
from booking.staff.rules import Role
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

Arranging = Callable[[], AbstractContextManager[Session]]
OpenBrowser = Callable[..., Page]

BOXES = ("/embed/activities", "/embed/next?lang=en&library=granlia", "/embed/next?lang=nn", "/embed/next?x=1")


@pytest.fixture
def granlia(arranging: Arranging) -> None:
    """A library with an activity whose long title must find room, and of which one date is called off."""
    with arranging() as session:
        library = make_library(session, slug="granlia")
        activity = make_activity(session, library=library, slug="spillkveld")
        occasion = make_occasion(session, activity=activity)
        make_meeting(session, occasion=occasion)
        make_meeting(
            session, occasion=occasion, state=MeetingState.CALLED_OFF, starts_at=NOON + timedelta(days=3)
        )


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """Put a box on a page of another site, and return the address of that page."""
    pages: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages[-1].encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def put(address: str) -> str:
        frame = f'<iframe src="{address}" title="Hva skjer" width="100%" height="500"></iframe>'
        pages.append(f'<!doctype html><html lang="nb"><title>Et annet sted</title><h1>Her</h1>{frame}')
        # The same machine by another name is another site to a browser.
        return f"http://localhost:{server.server_port}/"

    yield put
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.mark.parametrize("box", BOXES[:2])
def test_a_box_stands_on_another_site_without_a_cookie_or_a_complaint(
    served: Served,
    open_browser: OpenBrowser,
    granlia: None,
    elsewhere: Callable[[str], str],
    box: str,
) -> None:
    page = open_browser(DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(elsewhere(f"{served.url}{box}"))

    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("link", name="Spillkveld").first).to_be_visible()
    assert page.context.cookies() == []
    assert complaints == []

    inside.get_by_role("link", name="Spillkveld").first.click()
    page.wait_for_url(f"{served.url}/activities/spillkveld*")


def test_a_browser_takes_what_search_engines_read_as_data(
    served: Served, open_browser: OpenBrowser, arranging: Arranging
) -> None:
    title = "</script><script>document.title = 'ours'</script><!-- \u2028 &lt;"
    with arranging() as session:
        texts = [ActivityText(language=Language.NB, title=title, summary=title, body=title)]
        activity = make_activity(session, slug="spill", texts=texts)
        make_meeting(session, occasion=make_occasion(session, activity=activity))
    page = open_browser(DESK)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/activities/spill")

    data = page.evaluate("JSON.parse(document.querySelector('[type=\"application/ld+json\"]').textContent)")
    assert data["@graph"][0]["name"] == title
    # The data, and the one file of ours that copies the calendar's address.
    assert page.locator("script:not([src])").count() == 1
    assert page.locator("script[src]:not([src^='/static/'])").count() == 0
    assert page.locator("meta[property='og:description']").get_attribute("content") == title
    assert page.title() != "ours"
    assert complaints == []


def test_no_other_page_of_ours_stands_on_another_site(
    served: Served, open_browser: OpenBrowser, granlia: None, elsewhere: Callable[[str], str]
) -> None:
    page = open_browser(DESK)
    page.goto(elsewhere(f"{served.url}/activities"))

    expect(page.frame_locator("iframe").get_by_text("Spillkveld")).to_have_count(0)


@pytest.mark.parametrize("width", [280, PHONE, 400, 600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_a_box(
    served: Served, open_browser: OpenBrowser, granlia: None, width: int, scheme: str
) -> None:
    page = open_browser(width)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for box in BOXES:
        page.goto(box)
        check_accessible(page)


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_librarian_sees_the_box_before_it_is_on_the_site(
    served: Served, open_browser: OpenBrowser, arranging: Arranging, granlia: None, width: int
) -> None:
    with arranging() as session:
        account = make_account(session, Role.LIBRARIAN, library=make_library(session, slug="a"))
    page = open_browser(width)
    sign_in(page, served, account)
    page.goto("/staff/embed?library=granlia")

    expect(page.frame_locator("iframe").get_by_role("link", name="Spillkveld")).to_be_visible()
    check_accessible(page)
    page.get_by_label("Sort of box").select_option("next")
    page.get_by_role("button", name="Show this").click()
    expect(page.get_by_text("/embed/next?library=granlia")).to_be_visible()
