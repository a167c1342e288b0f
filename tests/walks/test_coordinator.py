"""The coordinator's way: from signing in to this autumn's sheet in two clicks, and nobody's name on it."""

import html
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.accounts.codes import code_at
from booking.staff.models import Account
from booking.staff.rules import Role
from tests.accounts.conftest import PASSWORD, PASSWORD_HASH, SECRET
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_family,
    make_library,
    make_meeting,
    make_occasion,
    make_participant,
    make_signup,
)
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in
from tests.walks.test_figures import an_autumn

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]

# Of a family that is signed up: the children, the guardian, and how they are reached.
CHILDREN = ("Kanarine", "Kanarius")
LAST_NAME, GUARDIAN, ADDRESS, PHONE_NUMBER = "Fuglestad", "Voksenfugl", "kanari@example.org", "91919191"
PLANTED = (*CHILDREN, LAST_NAME, GUARDIAN, ADDRESS, PHONE_NUMBER)
_MOST_TABS = 80
_FILES = "main a[href*='/files/']"


@dataclass(frozen=True)
class Scene:
    """Who signs in, and the pages of the library itself on which names stand."""

    coordinator: Account
    librarian: Account
    own_pages: tuple[str, ...]


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock, served: Served, roles: Sequence[Role]) -> Scene:
    """An autumn with figures, and a family with its names at a library of its own."""
    secret = served.app.extensions["booking.locks"].code_apps.encrypt(SECRET.encode()).decode()
    with arranging() as session:
        an_autumn(session, clock)
        library = make_library(session, name="Åsen bibliotek", slug="asen")
        occasion = make_occasion(session, activity=make_activity(session, library=library))
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(hours=1))
        family = make_family(session, email=ADDRESS, phone=f"+47{PHONE_NUMBER}", contact_name=GUARDIAN)
        signups = [
            make_signup(
                session,
                occasion=occasion,
                participant=make_participant(session, family=family, first_name=name, last_name=LAST_NAME),
            )
            for name in CHILDREN
        ]
        ways = {"password_hash": PASSWORD_HASH, "totp_secret": secret}
        return Scene(
            coordinator=make_account(session, *roles, library=library, **ways),
            librarian=make_account(session, Role.LIBRARIAN, library=library),
            own_pages=(
                f"/staff/meetings/{meeting.id}/register",
                *(f"/staff/occasions/{occasion.id}/sign-ups/{each.id}" for each in signups),
            ),
        )


def names_in(text: str) -> set[str]:
    """Return what of the planted is in a text, whatever way it is written in."""
    plain = html.unescape(text).casefold().replace("\u00a0", "").replace(" ", "")
    return {each for each in PLANTED if each.casefold() in plain}


def texts_of(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what the page is made of, and all that its files hold."""
    yield page.url, page.content()
    for address in dict.fromkeys(each.get_attribute("href") or "" for each in page.locator(_FILES).all()):
        answer = page.request.get(address)
        assert answer.ok, address
        body = answer.body()
        if zipfile.is_zipfile(io.BytesIO(body)):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                body = b"\n".join(archive.read(name) for name in archive.namelist())
        # JSON may write letters as numbers; the planted names are plain letters.
        yield address, body.decode()


def find_nobody(page: Page) -> int:
    """Fail where the page or a file of it names somebody; return how many texts were looked through."""
    looked = 0
    for address, text in texts_of(page):
        assert names_in(text) == set(), address
        looked += 1
    return looked


def type_in(page: Page, scene: Scene, clock: StoppedClock) -> None:
    """Sign in at the page itself, with the password and then with the code from the phone."""
    page.goto("/staff/sign-in")
    page.get_by_label("E-mail address").fill(scene.coordinator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_at(SECRET, clock()))
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("roles", "clicks"),
    [
        ((Role.COORDINATOR,), ["The whole on one sheet"]),
        ((Role.COORDINATOR, Role.LIBRARIAN), ["All libraries", "The whole on one sheet"]),
    ],
    ids=["coordinates alone", "is a librarian too"],
)
@pytest.mark.parametrize(("width", "scripts"), [(DESK, True), (PHONE, False)], ids=["desk", "phone"])
def test_two_clicks_after_signing_in_stands_this_autumns_sheet(
    clock: StoppedClock,
    served: Served,
    open_browser: OpenBrowser,
    scene: Scene,
    clicks: Sequence[str],
    width: int,
    scripts: bool,
) -> None:
    page = open_browser(width, scripts=scripts)
    type_in(page, scene, clock)

    if len(clicks) == 1:
        expect(page.get_by_role("heading", level=1)).to_have_text("All libraries")
        assert find_nobody(page) > 10
    for name in clicks:
        page.get_by_role("link", name=name, exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Velkommen inn, autumn 2026")
    find_nobody(page)
    assert page.get_by_role("table").count() >= 3
    page.goto("/staff/figures/all")
    assert find_nobody(page) > 10


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("roles", [(Role.COORDINATOR,)])
def test_whoever_coordinates_finds_nobody_on_any_page_of_the_menu(
    clock: StoppedClock, served: Served, open_browser: OpenBrowser, scene: Scene
) -> None:
    page, own = open_browser(), open_browser()
    sign_in(own, served, scene.librarian)
    found: set[str] = set()
    for address in scene.own_pages:
        own.goto(address)
        found |= names_in(own.content())
    type_in(page, scene, clock)

    addresses = [link.get_attribute("href") for link in page.locator("nav.menu a").all()]
    snapshot = page.locator("section[aria-labelledby=as-it-stood] a").first.get_attribute("href")
    for each in (
        *addresses,
        snapshot,
        "/staff/figures/targets",
        "/participation",
        "/participation/definitions",
    ):
        page.goto(str(each))
        find_nobody(page)

    # The search finds each of them where they stand.
    assert found == set(PLANTED)
    assert len(addresses) >= 2


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what is reached has these words."""
    said = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    for _press in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if str(page.evaluate(said)).startswith(words):
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert page.evaluate(outline) != "none", f"nobody sees that {words!r} is reached"
            return
    pytest.fail(f"the keyboard does not reach {words!r} on {page.url}")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("roles", [(Role.COORDINATOR,)])
def test_the_same_way_is_gone_by_keyboard_alone(
    clock: StoppedClock, served: Served, open_browser: OpenBrowser, scene: Scene
) -> None:
    page = open_browser()
    page.goto("/staff/sign-in")
    check_accessible(page)

    for label, typed in (("E-mail address", scene.coordinator.email), ("Password", PASSWORD)):
        tab_to(page, label)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    tab_to(page, "Code")
    page.keyboard.type(code_at(SECRET, clock()))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All libraries")
    tab_to(page, "The whole on one sheet")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Velkommen inn, autumn 2026")
    check_accessible(page)
