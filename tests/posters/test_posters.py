"""Posters: what stands on them, and that they are whole, tagged and one sheet, whatever the words."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pikepdf
import pytest
from sqlalchemy.orm import Session

from booking.activities.dates import Slot
from booking.activities.rules import MeetingState, Mode, Status, Visibility
from booking.posters.render import flyers_pdf, poster_pdf, qr_svg, showable
from booking.posters.rules import poster_dates, title_points
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_text,
)

Arranging = Callable[[], AbstractContextManager[Session]]

TUESDAY = datetime(2026, 10, 20, 15, 0, tzinfo=UTC)  # 17:00 in Oslo, in summer time
WEEK = timedelta(days=7)


def slots(*days: int, hour: int = 0) -> list[Slot]:
    starts = [
        TUESDAY + timedelta(days=day, hours=hour + (1 if day >= 5 else 0)) for day in days
    ]  # summer time ends on the 25th, and it is 17:00 on both sides
    return [Slot(starts_at=start, ends_at=start + timedelta(hours=2)) for start in starts]


def test_a_weekly_course_is_one_line_across_the_change_of_clock() -> None:
    dates = poster_dates(slots(0, 7, 14))

    assert dates.weekly is not None
    assert (dates.weekly.starts, dates.weekly.last_on.isoformat()) == (time(17), "2026-11-03")
    assert (len(dates.slots), dates.has_more) == (1, False)


@pytest.mark.parametrize("days", [(0,), (0, 7, 21), (0, 1)])
def test_what_is_not_each_week_is_told_date_by_date(days: tuple[int, ...]) -> None:
    dates = poster_dates(slots(*days))

    assert (dates.weekly, len(dates.slots)) == (None, len(days))


def test_only_the_first_dates_stand_on_it_and_that_there_are_more() -> None:
    dates = poster_dates(slots(*range(0, 60, 3)))

    assert (len(dates.slots), dates.has_more) == (6, True)


def test_nothing_to_come_is_no_fault() -> None:
    assert poster_dates([]).slots == []


@pytest.mark.parametrize(
    ("title", "at_most"),
    [("Kino", 84), ("Spillkveld", 70), ("Sommerlesekonkurranseavslutning", 29), ("x " * 50, 29), ("", 84)],
)
def test_the_longest_word_decides_how_large_a_title_is(title: str, at_most: int) -> None:
    assert title_points(title) == at_most


DATA: dict[str, Any] = {
    "language": "nn",
    "title": "Spelkveld",
    "title_points": 70,
    "summary": "Brettspel og brus.",
    "day": "tysdag 1. desember",
    "hours": "kl. 17:00–19:00",
    "further": [],
    "place": "Spelrommet",
    "address": "Storgata 1",
    "audience": "For alle",
    "how": "Berre kom.",
    "free": "Gratis",
    "read_more": "Les meir",
    "short_address": "velkommen.example.org/a/K7M2XQ",
    "link": "https://velkommen.example.org/a/K7M2XQ",
    "library": "Granlia bibliotek",
    "colour": "#14534a",
    "draft": "",
}
LONGEST = {
    "title": "Sommerlesekonkurranseavslutningsfest " * 3,
    "title_points": 29,
    "summary": "lang tekst " * 27,
    "further": [f"tysdag {day}. desember kl. 17:00–19:00" for day in range(1, 6)] + ["og fleire"],
    "place": "Eit rom med eit svært langt namn, " * 3,
}
HOSTILE = {"title": '#panic("x") *b* $x$ \\ `y` <l> @r // /* [', "summary": "#sys.inputs \u202e 🎲" * 5}


@pytest.mark.parametrize("render", [poster_pdf, flyers_pdf])
@pytest.mark.parametrize("changes", [{}, LONGEST, HOSTILE, {"draft": "Utkast"}, {"day": "", "hours": ""}])
def test_it_is_one_tagged_sheet_in_its_language_whatever_the_words(
    render: Callable[[dict[str, Any]], bytes], changes: dict[str, Any]
) -> None:
    with pikepdf.open(io.BytesIO(render({**DATA, **changes}))) as pdf:
        assert len(pdf.pages) == 1
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith("nn")
        with pdf.open_metadata() as told:
            assert told["dc:title"] == showable({**DATA, **changes}["title"])
            assert told["pdfuaid:part"] == "1"
        width, height = (float(end) for end in pdf.pages[0].MediaBox[2:])
        assert (round(width), round(height)) == (595, 842)


def test_a_script_that_there_is_no_font_for_makes_a_poster_all_the_same() -> None:
    assert poster_pdf({**DATA, "title": "مساء الألعاب"}).startswith(b"%PDF-")


def test_the_code_leads_to_the_short_address() -> None:
    assert qr_svg(DATA["link"]) == qr_svg(str(DATA["link"]))
    assert qr_svg(DATA["link"]) != qr_svg("https://velkommen.example.org/a/ANOTHER")
    assert "<svg" in qr_svg(DATA["link"])


@pytest.fixture
def slug(arranging: Arranging) -> str:
    with arranging() as session:
        activity = make_activity(session)
        make_text(session, activity)
        occasion = make_occasion(session, activity=activity, mode=Mode.SIGN_UP)
        for week in range(3):
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=7 * week + 7, hours=5))
        off = make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=1))
        off.state = MeetingState.CALLED_OFF
        return activity.slug


def test_the_page_says_what_when_where_and_for_whom_and_leaves_out_what_is_off(
    browser: Browser, slug: str
) -> None:
    page = browser.get(f"/activities/{slug}/poster").text

    for said in (
        "Games evening",
        "Tuesday 1 December",
        "at 17:00–19:00",
        "and every Tuesday until Tuesday 15 December",
        "Barneavdelingen, Granlia bibliotek",
        "For grades 5–7 (ages 10–12)",
        "Sign up on our pages.",
        "127.0.0.1:8000/a/",
    ):
        assert said in page
    assert "25 November" not in page


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("kind", ["poster", "flyers"])
def test_whoever_has_it_already_waits_for_nothing(
    browser: Browser, slug: str, language: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/activities/{slug}/{kind}.pdf?lang={language}"
    first = browser.get(address)
    monkeypatch.setattr("booking.posters.render.typst", None)

    again = browser.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.data.startswith(b"%PDF-")
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"status": Status.ARCHIVED},
        {"visibility": Visibility.INTERNAL},
        {"visibility": Visibility.BY_LINK},
    ],
)
def test_what_is_not_for_all_has_no_poster_for_all(
    arranging: Arranging, browser: Browser, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        hidden_slug = make_activity(session, **hidden).slug

    for page in ("poster", "poster.pdf", "flyers.pdf"):
        assert browser.get(f"/activities/{hidden_slug}/{page}").status_code == 404


def test_a_draft_s_poster_is_for_its_own_library(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        library = make_library(session)
        draft = make_activity(session, library=library, status=Status.DRAFT, published_at=None)
        make_meeting(session, occasion=make_occasion(session, activity=draft))
        ours = make_account(session, Role.LIBRARIAN, library=library)
        theirs = make_account(session, Role.LIBRARIAN, library=make_library(session))
        address = f"/staff/activities/{draft.id}/poster.pdf"

    browser.sign_in_as(ours)
    assert browser.get(address).data.startswith(b"%PDF-")
    browser.sign_in_as(theirs)
    assert browser.get(address).status_code == 404
