"""What machines read: link previews, the feed of what is new, the sitemap, and where robots may go."""

import re
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText
from booking.activities.rules import MeetingState, Mode, Status, Visibility
from booking.doors import DoorKind, door_of, is_same_for_all
from booking.libraries.rules import Language
from booking.links.operations import issue_link
from booking.links.rules import Purpose
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

HOME: Final = "http://127.0.0.1:8000"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
SITEMAP: Final = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK: Final = "{http://www.w3.org/1999/xhtml}link"
MACHINES: Final = ("/activities.atom", "/sitemap.xml", "/robots.txt")
HIDDEN: Final = [
    {"status": Status.DRAFT},
    {"status": Status.ARCHIVED},
    {"visibility": Visibility.INTERNAL},
    {"visibility": Visibility.BY_LINK},
]


def put_up(session: Session, slug: str, *, meeting: dict[str, Any] | None = None, **changes: Any) -> Activity:
    """An activity with one date."""
    activity = make_activity(session, slug=slug, **changes)
    make_meeting(session, occasion=make_occasion(session, activity=activity), **(meeting or {}))
    return activity


# Heads


def head_of(html: str) -> dict[str, list[str]]:
    """Return what the head says, by the name that it says it under."""
    said: dict[str, list[str]] = {}
    for tag in re.findall(r"<(?:link|meta)\b[^>]*>", html.partition("</head>")[0]):
        found = {name: unescape(value) for name, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        name = found.get("property") or found.get("hreflang") or found.get("type") or found.get("rel")
        said.setdefault(name or found.get("name", ""), []).append(
            found.get("content") or found.get("href", "")
        )
    return said


@pytest.fixture
def granlia(arranging: Arranging) -> None:
    """A library with one activity."""
    with arranging() as session:
        put_up(session, "spill", library=make_library(session, slug="granlia"))


@pytest.mark.usefixtures("granlia")
@pytest.mark.parametrize(
    "address", ["/", "/activities", "/activities/spill", "/libraries/granlia", "/months/2026-11"]
)
def test_a_page_that_is_shared_says_what_it_is_and_looks_like(browser: Browser, address: str) -> None:
    answer = browser.get(f"{address}?utm_source=x&fbclid=1")
    head = head_of(answer.text)
    (picture,) = head["og:image"]

    assert head["canonical"] == head["og:url"] == head["x-default"] == [f"{HOME}{address}"]
    assert [head[code] for code in ("nb", "nn", "en")] == [
        [f"{HOME}{address}?lang={code}"] for code in ("nb", "nn", "en")
    ]
    assert head["og:locale"] == ["en_GB"]
    assert head["og:locale:alternate"] == ["nb_NO", "nn_NO"]
    assert head["og:title"][0] in answer.text.partition("</title>")[0]
    assert head["og:description"] == head["description"]
    with browser.get(picture.removeprefix(HOME)) as found:
        assert found.data[:4] == b"\x89PNG"
        assert struct.unpack(">II", found.data[16:24]) == (1200, 630)
        assert len(found.data) < 40_000
    assert browser.get(head["application/atom+xml"][0].removeprefix(HOME)).status_code == 200


@pytest.mark.usefixtures("granlia")
def test_a_filtered_list_keeps_its_filters_and_nothing_else_in_its_address(browser: Browser) -> None:
    filters = "library=granlia&grade=5&from=2026-12-01&to=2026-12-31&mode=sign_up"
    head = head_of(browser.get("/activities?utm_source=x&library=granlia&lang=nn&clicked=%22%3E").text)
    everything = head_of(browser.get(f"/activities?{filters}&page=1&gclid=1").text)

    assert everything["canonical"] == [f"{HOME}/activities?{filters}&page=1"]
    assert head["canonical"] == [f"{HOME}/activities?library=granlia&lang=nn"]
    assert head["en"] == [f"{HOME}/activities?library=granlia&lang=en"]
    assert head["x-default"] == [f"{HOME}/activities?library=granlia"]
    assert head["application/atom+xml"] == [f"{HOME}/activities.atom?library=granlia&lang=nn"]


def test_a_preview_holds_a_hostile_title_in_its_place(arranging: Arranging, browser: Browser) -> None:
    title = '"><script src=//example.org></script> & mer'
    with arranging() as session:
        texts = [ActivityText(language=Language.EN, title=title, summary=title, body="")]
        put_up(session, "spill", texts=texts)

    page = browser.get("/activities/spill").text
    head = head_of(page)

    assert "<script src=//" not in page
    assert head["og:description"] == [title]
    assert head["og:title"] == [title]


@pytest.mark.parametrize(
    ("address", "purpose", "hidden"),
    [
        ("/invited/", Purpose.INVITED, {"visibility": Visibility.BY_LINK}),
        ("/preview/", Purpose.PREVIEW, {"status": Status.DRAFT, "published_at": None}),
    ],
)
def test_a_page_behind_a_secret_link_tells_machines_nothing(
    arranging: Arranging,
    browser: Browser,
    clock: StoppedClock,
    address: str,
    purpose: Purpose,
    hidden: dict[str, Any],
) -> None:
    with arranging() as session:
        activity = put_up(session, "hemmelig", **hidden)
        secret = issue_link(session, clock, purpose=purpose, subject_id=activity.id, lasts=timedelta(days=1))

    answer = browser.get(f"{address}{secret}")
    head = answer.text.partition("</head>")[0]

    assert answer.status_code == 200
    assert "Spillkveld" in head
    assert not re.search("canonical|hreflang|og:|atom|ld.json", head)


# The feed of what is new


def feed(browser: Browser, query: str = "") -> ET.Element:
    answer = browser.get(f"/activities.atom{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.data)  # noqa: S314 – our own
    check_atom(root)
    return root


def check_atom(root: ET.Element) -> None:
    """Fail on what RFC 4287 sections 4.1.1 and 4.1.2 do not allow."""
    assert root.tag == f"{ATOM}feed"
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (only,) = node.findall(f"{ATOM}{name}")
            assert only.text
        assert node.find(f"{ATOM}author/{ATOM}name") is not None
        assert [link.get("rel") for link in node.findall(f"{ATOM}link")].count("alternate") == 1
        assert node.get("{http://www.w3.org/XML/1998/namespace}lang") in {"nb", "nn", "en"}
        for moment in (*node.findall(f"{ATOM}updated"), *node.findall(f"{ATOM}published")):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment.text or "")
    ids = [each.text or "" for each in root.iter(f"{ATOM}id")]
    assert all(re.fullmatch(r"tag:[\w.-]+,\d{4}:[\w/-]+", each) for each in ids)
    assert len(set(ids)) == len(ids)
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "".join(root.itertext()))


def entries(root: ET.Element) -> Iterator[dict[str, Any]]:
    for node in root.findall(f"{ATOM}entry"):
        said = {each.tag.removeprefix(ATOM): each.text for each in node}
        terms = [each.get("term") for each in node.findall(f"{ATOM}category")]
        link = node.find(f"{ATOM}link")
        yield {**said, "terms": terms, "href": None if link is None else link.get("href")}


def titles(browser: Browser, query: str = "") -> list[str]:
    return [entry["title"] for entry in entries(feed(browser, query))]


def test_the_feed_tells_what_was_published_last_first(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        put_up(session, "old", published_at=NOON - timedelta(days=3))
        put_up(session, "new", published_at=NOON, changed_at=NOON + timedelta(hours=1))

    new, old = entries(feed(browser))

    assert (new["href"], old["href"]) == (f"{HOME}/activities/new", f"{HOME}/activities/old")
    assert (new["published"], new["updated"]) == ("2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z")
    assert (new["title"], new["summary"]) == ("Spillkveld", "Brettspill og brus.")
    assert new["id"] == "tag:127.0.0.1,2026:activities/new"
    assert {"pilot", "grade-5-7"} < set(new["terms"])


def test_the_feed_names_itself_and_the_page_that_people_read(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        make_library(session, slug="granlia")

    root = feed(browser, "?library=granlia&lang=nn")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}

    assert links == {
        "self": f"{HOME}/activities.atom?library=granlia&lang=nn",
        "alternate": f"{HOME}/libraries/granlia?lang=nn",
    }


def test_the_feed_holds_fifty(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        library = make_library(session)
        for number in range(52):
            put_up(session, f"a{number}", library=library, published_at=NOON + timedelta(minutes=number))

    hrefs = [entry["href"] for entry in entries(feed(browser))]

    assert len(hrefs) == 50
    assert (hrefs[0], hrefs[-1]) == (f"{HOME}/activities/a51", f"{HOME}/activities/a2")


def test_the_feed_can_be_that_of_a_library_or_a_grade(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        here = make_library(session, slug="granlia")
        put_up(session, "fifth-here", library=here)
        put_up(session, "first-here", library=here, grade_from=1, grade_to=2)
        put_up(session, "fifth-there")

    def told(query: str) -> set[str]:
        return {entry["href"].rpartition("/")[2] for entry in entries(feed(browser, query))}

    assert told("?library=granlia") == {"fifth-here", "first-here"}
    assert told("?grade=5") == {"fifth-here", "fifth-there"}
    assert told("?library=granlia&grade=1") == {"first-here"}
    assert told("?grade=2") == {"first-here"}
    assert told("?grade=") == {"fifth-here", "first-here", "fifth-there"}


@pytest.mark.parametrize(
    "query",
    [
        "library=nowhere",
        "grade=14",
        "grade=0",
        "grade=٥",
        "grade=1" + "0" * 5000,
        "lang=sv",
        "colour=red",
        "library=granlia%00",
        "grade=5.0",
        "grade=-1",
    ],
)
def test_a_wish_that_is_not_understood_does_not_get_everything(
    arranging: Arranging, browser: Browser, query: str
) -> None:
    with arranging() as session:
        put_up(session, "spill")

    answer = browser.get(f"/activities.atom?{query}")

    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_called_off_says_so_and_is_new_again(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    off = {"state": MeetingState.CALLED_OFF, "changed_at": NOON + timedelta(hours=2)}
    with arranging() as session:
        activity = put_up(session, "spill", meeting=off)
        run = make_occasion(session, activity=activity)
        make_meeting(session, occasion=run, starts_at=NOON + timedelta(hours=1))

    assert titles(browser) == ["Spillkveld"]
    clock.forward(days=1)  # what was on is over: all that is to come is called off
    (entry,) = entries(feed(browser, "?lang=en"))

    assert entry["title"] == "Called off: Spillkveld"
    assert "called-off" in entry["terms"]
    assert entry["updated"] == "2026-11-24T13:00:00Z"


def test_a_feed_holds_whatever_somebody_wrote(arranging: Arranging, browser: Browser) -> None:
    title = "Spill\x0b\x1b[31m ]]> & <b>«brus»</b>\u2028\ufffe \x85 😀"
    with arranging() as session:
        texts = [ActivityText(language=Language.NB, title=title, summary=title, body="")]
        put_up(session, "spill", texts=texts)

    assert titles(browser) == ["Spill [31m ]]> & <b>«brus»</b> 😀"]


def test_an_empty_feed_is_a_feed_that_stays_the_same_all_day(browser: Browser, clock: StoppedClock) -> None:
    first = browser.get("/activities.atom")
    check_atom(ET.fromstring(first.data))  # noqa: S314
    clock.forward(hours=3)

    assert browser.get("/activities.atom").data == first.data


# The sitemap


def pages(browser: Browser) -> dict[str, dict[str, Any]]:
    answer = browser.get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = {}
    for node in ET.fromstring(answer.data):  # noqa: S314 – our own
        address = node.findtext(f"{SITEMAP}loc") or ""
        assert address not in found
        alternates = {str(link.get("hreflang")): str(link.get("href")) for link in node.findall(LINK)}
        found[address] = {"changed": node.findtext(f"{SITEMAP}lastmod"), "alternates": alternates}
    return found


def test_the_sitemap_has_every_page_that_a_family_may_find(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        put_up(session, "spill", library=make_library(session, slug="granlia"))

    found = pages(browser)

    for path in ("/", "/activities", "/libraries/granlia", "/activities/spill", "/privacy", "/accessibility"):
        assert f"{HOME}{path}" in found
        assert browser.get(path).status_code == 200
    assert found[f"{HOME}/activities/spill"]["changed"] == "2026-11-24T11:00:00+00:00"


def test_each_language_of_a_page_knows_all_the_others(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        put_up(session, "spill")

    for address, page in pages(browser).items():
        assert list(page["alternates"]) == ["x-default", "nb", "nn", "en"]
        assert address in page["alternates"].values()
        for other in page["alternates"].values():
            assert pages(browser)[other]["alternates"] == page["alternates"]


def test_what_is_long_over_is_no_longer_shown_to_search_engines(
    arranging: Arranging, browser: Browser, clock: StoppedClock
) -> None:
    with arranging() as session:
        put_up(session, "spill")
    address = f"{HOME}/activities/spill"

    clock.forward(days=30)
    assert address in pages(browser)
    clock.forward(days=10)
    assert address not in pages(browser)


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("machine", ["/activities.atom", "/sitemap.xml"])
def test_what_is_not_for_all_is_told_to_no_machine(
    arranging: Arranging, browser: Browser, machine: str, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        put_up(session, "hemmelig", **hidden)
        put_up(session, "apent")

    told = browser.get(machine).text

    assert "hemmelig" not in told
    assert "apent" in told


# Where robots may go


def may_fetch(browser: Browser, path: str) -> bool:
    """Tell what RFC 9309 says of the path: the longest rule that fits wins."""
    rules = re.findall(r"^(Allow|Disallow): (.+)$", browser.get("/robots.txt").text, re.MULTILINE)
    fitting = [
        (len(pattern), verb == "Allow")
        for verb, pattern in rules
        if re.match(re.escape(pattern).replace(r"\*", ".*"), path)
    ]
    return max(fitting, default=(0, True))[1]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/activities",
        "/activities?library=granlia&lang=nn",
        "/activities/spill?lang=en",
        "/privacy",
        "/static/css/house.css?v=1",
        "/activities.atom",
        "/libraries/granlia",
    ],
)
def test_robots_may_look_at_what_families_look_at(browser: Browser, path: str) -> None:
    assert may_fetch(browser, path)


@pytest.mark.parametrize(
    "path",
    [
        "/staff/sign-in",
        "/signups/abc",
        "/confirm/abc",
        "/offers/abc",
        "/invited/abc",
        "/preview/abc",
        "/my",
        "/demo/mailbox",
        "/embed/next",
        "/occasions/1/sign-up",
        "/activities?q=spill",
        "/activities?library=a&grade=5",
    ],
)
def test_robots_stay_away_from_what_is_somebodys_or_endless(browser: Browser, path: str) -> None:
    assert not may_fetch(browser, path)


def test_robots_are_told_where_the_sitemap_is(browser: Browser) -> None:
    assert f"\nSitemap: {HOME}/sitemap.xml\n" in f"{browser.get('/robots.txt').text}\n"


# All of them


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_that_asks_again_is_told_that_nothing_is_new(
    arranging: Arranging, browser: Browser, machine: str
) -> None:
    with arranging() as session:
        put_up(session, "spill")
    first = browser.get(machine)

    again = browser.get(machine, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("machine", MACHINES)
def test_an_answer_to_a_machine_is_the_same_for_everybody(
    app: Flask, arranging: Arranging, clock: StoppedClock, machine: str
) -> None:
    with arranging() as session:
        library = make_library(session)
        put_up(session, "spill", library=library)
        account = make_account(session, Role.LIBRARIAN, library=library)
    somebody = Browser(app, "nn")
    somebody.sign_in_as(account)
    somebody.get("/?lang=en")
    clock.forward(minutes=5)  # any other page now renews the cookie of whoever is signed in

    answers = [Browser(app, "en").get(machine), somebody.get(machine)]

    assert answers[0].data == answers[1].data
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert not {"Vary", "X-Robots-Tag"} & set(answer.headers.keys())
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_only_what_asks_for_nobody_in_person_answers_everybody_alike(app: Flask) -> None:
    alike = {name: door_of(view) for name, view in app.view_functions.items() if is_same_for_all(view)}

    # A secret in the address opens its calendar to whoever has it: who is signed in has no say in it either.
    assert {door.kind for door in alike.values() if door} == {DoorKind.PUBLIC, DoorKind.LINK_HOLDER}
    by_link = {name for name, door in alike.items() if door and door.kind is DoorKind.LINK_HOLDER}
    assert {name.partition(".")[0] for name in by_link} == {"own_feeds"}


def test_a_door_for_staff_stays_shut_whatever_else_a_view_says(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = app.view_functions["whats_on.show_embed_code"]
    monkeypatch.setattr(view, "is_same_for_all", True, raising=False)

    assert Browser(app).get("/staff/embed").location.startswith("/staff/sign-in")


def test_drop_in_is_no_reason_to_be_left_out(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        activity = make_activity(session, slug="apent")
        run = make_occasion(session, activity=activity, mode=Mode.DROP_IN, capacity=None)
        make_meeting(session, occasion=run)

    assert titles(browser) == ["Spillkveld"]
    assert datetime.fromisoformat(str(pages(browser)[f"{HOME}/activities/apent"]["changed"])) == NOON
