"""A month as a table: its weeks, its red days, and what is on."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from booking.activities.rules import MeetingState
from booking.almanac.rules import BreakKind
from tests.browser import Browser
from tests.factories import make_library, make_school_break
from tests.whats_on.house import Arranging, check_html, put_up, words_of

OSLO = ZoneInfo("Europe/Oslo")


def rows_of(html: str) -> list[str]:
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("<tr>")[1:]]


def test_weeks_stand_in_rows_with_their_numbers_and_days_begin_on_monday(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging, meeting={"starts_at": datetime(2026, 12, 31, 17, tzinfo=OSLO)})

    december, january = browser.get("/months/2026-12").text, browser.get("/months/2027-01").text

    heads = re.findall(r'<th scope="col">(\w+)</th>', december)
    assert heads == ["Week", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    assert [row.split()[1] for row in rows_of(december)] == ["49", "50", "51", "52", "53"]
    assert [row.split()[1] for row in rows_of(january)] == ["53", "1", "2", "3", "4"]
    assert slug in december
    assert slug not in january
    check_html(december)


def test_the_seventeenth_of_may_2027_is_two_holidays_at_once(
    arranging: Arranging, browser: Browser, clock: Any
) -> None:
    with arranging() as session:
        make_library(session)
    clock.set(datetime(2027, 5, 3, 12, tzinfo=OSLO))

    page = browser.get("/months/2027-05").text

    day = page.partition("Monday 17 May")[2].partition("</td>")[0]
    assert "17 May" in words_of(f"<main>{day}")
    assert "Whit Monday" in words_of(f"<main>{day}")


def test_a_break_of_some_schools_says_where_and_one_of_all_does_not(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        make_library(session, slug="granlia", municipality_code="3401", municipality_name="Granlia")
        make_library(session, slug="furulia", municipality_code="3415", municipality_name="Furulia")
        for code, last in (("3401", date(2026, 11, 26)), ("3415", date(2026, 11, 25))):
            make_school_break(
                session,
                municipality_code=code,
                kind=BreakKind.AUTUMN,
                first_on=date(2026, 11, 25),
                last_on=last,
            )

    of_all = browser.get("/months/2026-11").text
    of_one = browser.get("/months/2026-11?library=furulia").text

    assert re.search(r"Wednesday 25 November.*?Autumn break\s*<", of_all, re.DOTALL)
    assert "Autumn break (Granlia)" in of_all
    assert of_one.count("Autumn break") == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("2026-11", 200),
        ("2024-11", 200),
        ("2028-11", 200),
        ("2024-10", 404),
        ("2028-12", 404),
        ("2026-13", 404),
        ("2026-00", 404),
        ("0000-01", 404),
        ("9999-12", 404),
        ("november", 404),
        ("2026-11-24", 404),
        ("２０２６-11", 404),
    ],
)
def test_there_are_pages_for_months_near_enough(browser: Browser, name: str, status: int) -> None:
    assert browser.get(f"/months/{name}").status_code == status


@pytest.mark.parametrize(
    ("name", "is_found", "links"),
    [
        ("2026-11", True, ["/months/2026-10", "/months/2026-12"]),
        ("2027-11", True, ["/months/2027-10", "/months/2027-12"]),
        ("2027-12", False, ["/months/2027-11", "/months/2028-01"]),
        ("2028-11", False, ["/months/2028-10"]),
        ("2024-11", False, ["/months/2024-12"]),
    ],
)
def test_months_lead_to_those_beside_and_search_engines_not_too_far(
    browser: Browser, name: str, is_found: bool, links: list[str]
) -> None:
    page = browser.get(f"/months/{name}").text

    assert re.findall(r'href="(/months/[^"?]+)" rel="(?:prev|next)"', page) == links
    assert ('<meta name="robots" content="noindex">' not in page) is is_found


def test_the_filters_come_along_from_month_to_month(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
    wanted = put_up(arranging, library=library, days=1)
    other_grade = put_up(arranging, library=library, days=1, grade_from=8, grade_to=10)
    elsewhere = put_up(arranging, days=1)

    page = browser.get("/months/2026-11?library=granlia&grade=5&from=2026-11-30").text

    assert wanted in page
    assert other_grade not in page
    assert elsewhere not in page
    assert 'href="/months/2026-12?library=granlia&amp;grade=5" rel="next"' in page
    assert "grade 5 · Granlia bibliotek" in words_of(page)


def test_a_night_between_two_months_belongs_to_its_day_in_oslo(
    arranging: Arranging, browser: Browser
) -> None:
    slug = put_up(arranging, meeting={"starts_at": datetime(2026, 12, 1, 0, 30, tzinfo=OSLO)})

    assert slug not in browser.get("/months/2026-11").text
    assert "00:30" in browser.get("/months/2026-12").text


def test_moved_dates_say_so_and_what_was_called_off_is_gone_when_it_is_over(
    arranging: Arranging, browser: Browser
) -> None:
    put_up(arranging, days=1, meeting={"state": MeetingState.MOVED})
    gone = put_up(arranging, days=-1, slug="borte", meeting={"state": MeetingState.CALLED_OFF})
    was = put_up(arranging, days=-1, slug="var")

    page = browser.get("/months/2026-11").text

    assert "Moved" in words_of(page)
    assert gone not in page
    assert was in page


def test_titles_in_another_language_than_the_page_say_so(arranging: Arranging, browser: Browser) -> None:
    put_up(arranging, days=1)

    assert '<span lang="nb">Spillkveld</span>' in browser.get("/months/2026-11").text
