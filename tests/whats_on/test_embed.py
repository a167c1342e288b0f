"""Boxes that show what is on at other sites, and the line of code that puts them there."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.rules import MeetingState, Mode, Status, Visibility
from booking.staff.rules import Role
from booking.whats_on.machine_rules import MOST_IN_A_BOX
from tests.accounts.conftest import PASSWORD_HASH
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_signup,
    make_text,
)

Arranging = Callable[[], AbstractContextManager[Session]]

BOXES: Final = ("/embed/activities", "/embed/next")
HIDDEN: Final = [
    {"status": Status.DRAFT},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.INTERNAL},
    {"visibility": Visibility.BY_LINK},
]


def put_up(
    session: Session, slug: str, *, days: int = 7, occasion: dict[str, Any] | None = None, **changes: Any
) -> Activity:
    """An activity with one date."""
    activity = make_activity(session, slug=slug, **changes)
    run = make_occasion(session, activity=activity, **(occasion or {}))
    make_meeting(session, occasion=run, starts_at=NOON + timedelta(days=days))
    return activity


def shown_in(html: str) -> list[str]:
    """Return the address words of the activities in a box, in their order."""
    return re.findall(r'href="/activities/([\w-]+)', html)


@pytest.mark.parametrize("box", BOXES)
def test_a_box_shows_what_is_to_come_the_next_first(arranging: Arranging, browser: Browser, box: str) -> None:
    with arranging() as session:
        put_up(session, "later", days=9)
        put_up(session, "soon", days=2)
        put_up(session, "over", days=-2)

    assert shown_in(browser.get(box).text) == ["soon", "later"]


def test_the_list_has_each_activity_once_and_the_dates_each_date(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="kurs")
        run = make_occasion(session, activity=activity)
        make_meeting(session, occasion=run, state=MeetingState.CALLED_OFF)
        make_meeting(session, occasion=run, starts_at=NOON + timedelta(days=14))

    once, each = (browser.get(f"{box}?lang=en").text for box in BOXES)

    assert shown_in(once) == ["kurs"]
    assert "Called off" not in once
    assert shown_in(each) == ["kurs", "kurs"]
    assert "<del>Tuesday 1 December at 17:00–19:00</del>" in each
    assert each.count("Called off") == 1


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("box", BOXES)
def test_what_is_not_for_all_is_in_no_box(
    arranging: Arranging, browser: Browser, box: str, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        put_up(session, "hemmelig", **hidden)

    assert "hemmelig" not in browser.get(box).text


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["fifth", "small", "there"]),
        ("library=granlia", ["fifth", "small"]),
        ("grade=1", ["small"]),
        ("mode=drop_in", ["there"]),
        ("library=granlia&mode=drop_in", []),
        ("count=2", ["fifth", "small"]),
        ("library=&grade=&count=", ["fifth", "small", "there"]),
    ],
)
def test_a_box_shows_what_was_chosen(
    arranging: Arranging, browser: Browser, box: str, query: str, shown: list[str]
) -> None:
    with arranging() as session:
        here = make_library(session, slug="granlia")
        put_up(session, "fifth", days=1, library=here)
        put_up(session, "small", days=2, library=here, grade_from=1, grade_to=2)
        put_up(session, "there", days=3, occasion={"mode": Mode.DROP_IN, "capacity": None})

    assert shown_in(browser.get(f"{box}?{query}").text) == shown


@pytest.mark.parametrize("box", BOXES)
def test_a_box_holds_no_more_than_fits(arranging: Arranging, browser: Browser, box: str) -> None:
    with arranging() as session:
        library = make_library(session)
        for number in range(MOST_IN_A_BOX + 1):
            put_up(session, f"a{number}", library=library)

    assert len(shown_in(browser.get(f"{box}?count={MOST_IN_A_BOX}").text)) == MOST_IN_A_BOX
    assert 0 < len(shown_in(browser.get(box).text)) <= 10


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize(
    "query",
    ["library=nowhere", "library=%00", "grade=99", "mode=all", "count=21", "count=0", "lang=de", "x=1"],
)
def test_a_box_with_a_wrong_address_says_so_where_it_stands(
    arranging: Arranging, browser: Browser, box: str, query: str
) -> None:
    with arranging() as session:
        put_up(session, "spill")

    answer = browser.get(f"{box}?{query}")

    assert answer.status_code == 404
    assert shown_in(answer.text) == []
    assert '<html lang="nb"' in answer.text  # whatever the reader's browser asks for
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in browser.get(f"{box}?{query}&lang=nn").headers


@pytest.mark.parametrize("box", BOXES)
def test_a_box_reads_and_sets_no_cookie_and_is_the_same_for_everybody(
    app: Flask, arranging: Arranging, clock: StoppedClock, box: str
) -> None:
    with arranging() as session:
        library = make_library(session)
        make_text(session, put_up(session, "spill", library=library))
        account = make_account(session, Role.LIBRARIAN, library=library)
    somebody = Browser(app, "en")
    somebody.sign_in_as(account)
    somebody.get("/?lang=nn")
    clock.forward(minutes=5)  # any other page now renews the cookie of whoever is signed in

    answers = [somebody.get(box), Browser(app, "nn").get(box), Browser(app).get(f"{box}?lang=en")]

    assert answers[0].data == answers[1].data
    assert ['lang="nb"' in answer.text[:60] for answer in answers] == [True, True, False]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    again = somebody.get(box, headers={"If-None-Match": answers[0].headers["ETag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["Content-Security-Policy"]


@pytest.mark.parametrize("box", BOXES)
def test_a_box_may_stand_anywhere_and_is_as_strict_as_a_page_for_the_rest(browser: Browser, box: str) -> None:
    inside, outside = browser.get(box).headers, browser.get("/").headers

    policy = inside["Content-Security-Policy"]
    assert policy.replace("frame-ancestors *", "frame-ancestors 'none'") == outside["Content-Security-Policy"]
    assert inside["Cross-Origin-Resource-Policy"] == "cross-origin"
    for name in ("X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"):
        assert inside[name] == outside[name]


def test_nothing_but_the_boxes_may_stand_in_a_frame(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        put_up(session, "spill")

    for address in ("/activities", "/activities/spill", "/activities.atom", "/embed", "/embed/other"):
        answer = browser.get(address)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("box", BOXES)
def test_every_link_leaves_the_box_and_keeps_a_language_that_was_chosen(
    arranging: Arranging, browser: Browser, box: str
) -> None:
    with arranging() as session:
        put_up(session, "spill", library=make_library(session, slug="granlia"))

    plain, chosen = browser.get(f"{box}?library=granlia").text, browser.get(f"{box}?lang=nn").text

    for html in (plain, chosen):
        links = re.findall(r"<a\b[^>]*>", html)
        assert len(links) == 2
        assert all('target="_top"' in link for link in links)
        assert "<script" not in html
        assert "<form" not in html
    assert 'href="/activities/spill"' in plain
    assert 'href="/libraries/granlia"' in plain
    assert 'href="/activities/spill?lang=nn"' in chosen


@pytest.mark.parametrize("box", BOXES)
def test_a_box_says_when_it_is_not_at_the_library(arranging: Arranging, browser: Browser, box: str) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        put_up(session, "spill", library=library, place_name="Samfunnshuset, Bygdevegen 3")

    assert "Samfunnshuset, Bygdevegen 3" in browser.get(f"{box}?library=granlia").text


def test_a_box_tells_how_full_it_is_in_a_word_and_never_in_a_figure(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="spill")
        run = make_occasion(session, activity=activity, capacity=43)
        make_meeting(session, occasion=run)
        for _each in range(41):
            make_signup(session, occasion=run)

    page = browser.get("/embed/activities?lang=en").text

    assert "Few places left" in page
    assert not re.search(r"\b4[123]\b", re.sub(r"<[^>]+>", " ", page))


# The line to copy


class _Frames(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.found.append(dict(attrs))


@pytest.fixture
def librarian(arranging: Arranging, app: Flask) -> Browser:
    """A librarian of Granlia, where there is one activity; and there is one more library."""
    with arranging() as session:
        granlia = make_library(session, slug="granlia", name='Granlia "og" <Bygda>')
        make_library(session, slug="austmarka", name="Austmarka bibliotek")
        put_up(session, "spill", library=granlia)
        account = make_account(
            session, Role.LIBRARIAN, library=granlia, password_hash=PASSWORD_HASH, totp_secret="sealed"
        )
    browser = Browser(app)
    browser.sign_in_as(account)
    return browser


def line_on(html: str) -> dict[str, str | None]:
    """Return what the line that is to be copied says, read as a browser reads it on a library's site."""
    (line,) = re.findall(r'<code class="[^"]*">(.*?)</code>', html, re.DOTALL)
    (frame,) = _Frames(unescape(line)).found
    return frame


def test_a_librarian_copies_a_line_for_the_own_library(librarian: Browser) -> None:
    page = librarian.get("/staff/embed").text
    line, (preview,) = line_on(page), _Frames(page).found

    assert line["src"] == "http://127.0.0.1:8000/embed/activities?library=granlia&count=5&lang=nb"
    assert line["title"] == preview["title"]
    assert 'Granlia "og" <Bygda>' in str(line["title"])
    assert preview["src"] == "/embed/activities?library=granlia&count=5&lang=nb"
    assert shown_in(librarian.get(str(preview["src"])).text) == ["spill"]


def test_a_librarian_chooses_what_the_box_shows(librarian: Browser) -> None:
    chosen = "sort=next&library=&grade=5&mode=sign_up&count=3&words=en"

    line = line_on(librarian.get(f"/staff/embed?{chosen}").text)

    assert line["src"] == "http://127.0.0.1:8000/embed/next?grade=5&mode=sign_up&count=3&lang=en"
    assert line["title"] == "What’s on at the libraries"
    assert shown_in(librarian.get(str(line["src"]).partition(":8000")[2]).text) == ["spill"]


def test_choosing_the_language_of_a_box_leaves_that_of_the_page(librarian: Browser) -> None:
    answer = librarian.get("/staff/embed?words=nn")

    assert '<html lang="en"' in answer.text
    assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("lang=")]


@pytest.mark.parametrize("query", ["sort=all", "library=nowhere", "grade=20", "count=100", "words=sv"])
def test_a_choice_that_there_is_not_is_not_found(librarian: Browser, query: str) -> None:
    assert librarian.get(f"/staff/embed?{query}").status_code == 404


def test_the_way_to_the_line_leads_over_the_own_activities(librarian: Browser) -> None:
    assert 'href="/staff/embed"' in librarian.get("/staff/activities").text
