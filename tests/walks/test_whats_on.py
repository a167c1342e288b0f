"""Finding something to do, as a parent does on a phone."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from booking.activities.models import ActivityText
from booking.activities.rules import MeetingState, Mode
from booking.libraries.rules import Language
from tests.factories import NOON, make_library, make_school_break
from tests.walks.conftest import DESK, PHONE, TABLET, Served, check_accessible
from tests.whats_on.house import Arranging, put_up

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

OpenBrowser = Callable[..., Page]

IN_HAND = 390
# What a page of 1280 pixels leaves at 400 % zoom.
ZOOMED = 320

PAGES = (
    "/",
    "/activities?grade=5&library=granlia&from=2026-11-23&to=2026-11-29&mode=sign_up&q=spill",
    "/activities?grade=1&library=granlia&mode=sign_up",
    "/activities?grade=99&from=x&to=2026-01-01&mode=y&library=z",
    "/months/2026-11",
    "/months/2026-11?library=granlia&grade=5",
    "/activities/spillkveld",
    "/activities/kino",
    "/libraries/granlia",
)
NAMES = {"nb": "10 år", "nn": "10 år", "en": "age 10"}


def _text(title: str) -> list[ActivityText]:
    words = {"summary": "Kom og bli med.", "body": "# Om det\n\n- brett\n- **brus**\n\n> Alle kan."}
    return [ActivityText(language=language, title=title, **words) for language in Language]


@pytest.fixture
def autumn(arranging: Arranging) -> None:
    """A week with something for the fifth grade, for youth, something moved and something called off."""
    drop_in: dict[str, Any] = {"mode": Mode.DROP_IN, "capacity": None}
    with arranging() as session:
        library = make_library(session, slug="granlia")
        make_school_break(session, first_on=date(2026, 11, 26), last_on=date(2026, 11, 27))
    put_up(arranging, library=library, days=1, slug="spillkveld", texts=_text("Spillkveld"))
    put_up(
        arranging, library=library, days=2, slug="podkast", texts=_text("Podkast"), grade_from=8, grade_to=10
    )
    moved = {"state": MeetingState.MOVED}
    everybody: dict[str, Any] = {"grade_from": None, "grade_to": None, "texts": _text("Kafé")}
    put_up(arranging, library=library, days=3, slug="kafe", occasion=drop_in, meeting=moved, **everybody)
    off = {"state": MeetingState.CALLED_OFF}
    put_up(arranging, library=library, days=4, slug="kino", texts=_text("Kino"), meeting=off)


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_two_taps_lead_to_something_for_a_ten_year_old_this_week(
    served: Served, open_browser: OpenBrowser, language: str, scripts: bool
) -> None:
    page = open_browser(IN_HAND, language=language, scripts=scripts)
    page.goto("/")

    page.get_by_role("link", name=re.compile(f"^{NAMES[language]}")).click()
    first_week = page.locator("section", has=page.locator("#this_week"))
    first_week.get_by_role("link", name="Spillkveld").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Spillkveld")
    expect(page.locator(".call .button")).to_be_visible()


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("scripts", [True, False])
def test_all_filters_work_with_the_keyboard_alone(
    served: Served, open_browser: OpenBrowser, scripts: bool
) -> None:
    page = open_browser(IN_HAND, scripts=scripts)
    page.goto("/activities")

    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("grade 9")
    while page.evaluate("document.activeElement.name") != "q":
        page.keyboard.press("Tab")
    page.keyboard.type("PODKAST")
    page.keyboard.press("Enter")
    page.wait_for_url("**grade=9**")

    expect(page.locator(".lead")).to_have_text("grade 9 · “PODKAST”")
    expect(page.locator(".activity-card")).to_have_count(1)
    page.reload()
    expect(page.locator(".activity-card")).to_have_count(1)
    page.get_by_role("link", name="Leave out: “PODKAST”").click()
    expect(page.locator(".activity-card")).to_have_count(2)


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_everybody_can_use_the_pages(served: Served, open_browser: OpenBrowser, width: int) -> None:
    page = open_browser(width)

    for address in PAGES:
        page.goto(address)
        check_accessible(page)
        folded = page.locator("main details:not([open]) > summary:visible")
        while folded.count():  # what is folded inside of another shows when that one is open
            folded.first.click()
        check_accessible(page)


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("language", ["nb", "nn"])
def test_everybody_can_use_the_pages_in_norwegian(
    served: Served, open_browser: OpenBrowser, language: str
) -> None:
    page = open_browser(ZOOMED, language=language)

    for address in PAGES:
        page.goto(address)
        check_accessible(page)


@pytest.mark.usefixtures("autumn")
def test_a_month_is_a_table_on_a_desk_and_a_list_from_today_on_in_the_hand(
    served: Served, open_browser: OpenBrowser, arranging: Arranging
) -> None:
    put_up(arranging, days=-7, slug="var", texts=_text("Var"))
    desk, phone = open_browser(DESK), open_browser(IN_HAND)
    for page in (desk, phone):
        page.goto("/months/2026-11")

    expect(desk.get_by_role("columnheader", name="Monday")).to_be_visible()
    expect(desk.get_by_role("link", name="Var")).to_be_visible()
    expect(desk.get_by_text("Autumn", exact=False)).to_have_count(0)
    expect(phone.get_by_text("Wednesday 25 November")).to_be_visible()
    expect(phone.get_by_role("link", name="Spillkveld")).to_be_visible()
    expect(phone.get_by_text("Called off")).to_be_visible()
    expect(phone.get_by_role("link", name="Var")).to_be_hidden()


@pytest.mark.usefixtures("autumn")
def test_what_is_chosen_is_seen_in_forced_colours_and_the_choosing_is_not_printed(
    served: Served, open_browser: OpenBrowser
) -> None:
    page = open_browser(DESK)
    page.goto("/activities?library=granlia")

    page.emulate_media(forced_colors="active")
    frame = page.locator(".chip-on").first.evaluate("each => getComputedStyle(each).borderTopWidth")
    page.emulate_media(media="print", forced_colors="none")

    assert frame != page.locator(".chip:not(.chip-on)").first.evaluate(
        "each => getComputedStyle(each).borderTopWidth"
    )
    expect(page.locator(".choosing")).to_be_hidden()
    expect(page.locator(".lead")).to_be_visible()
    expect(page.get_by_role("link", name="Spillkveld")).to_be_visible()


def test_two_hundred_activities_are_shown_without_scrolling_sideways(
    served: Served, open_browser: OpenBrowser, arranging: Arranging
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia", name="Vestre og østre Granliaskogens folkebibliotek")
    for number in range(40):
        put_up(
            arranging,
            library=library,
            texts=_text(f"Menneskerettighetsorganisasjonssamarbeidsmøte {number}"),
            meeting={"starts_at": NOON + timedelta(hours=number)},
        )
    page = open_browser(PHONE)

    for address in ("/", "/activities", "/months/2026-11", "/libraries/granlia"):
        page.goto(address)
        check_accessible(page)
