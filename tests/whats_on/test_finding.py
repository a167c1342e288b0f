"""Finding: filters that can be shared, words however they are typed, and what to do about nothing."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event

from booking.activities.models import ActivityText
from booking.activities.rules import MeetingState, Mode
from booking.libraries.rules import Language
from booking.signups.rules import SignupState
from booking.whats_on.choosing import IN_A_WEEK, ON_A_PAGE
from booking.work import database
from tests.browser import Browser
from tests.factories import (
    NOON,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_signup,
    make_text,
)
from tests.whats_on.house import HIDDEN, Arranging, check_html, put_up, words_of

OSLO = ZoneInfo("Europe/Oslo")


def about(title: str, **changes: Any) -> dict[str, Any]:
    words = {"language": Language.NB, "title": title, "summary": "Kom og bli med.", "body": "", **changes}
    return {"slug": title.lower().replace(" ", "-"), "texts": [ActivityText(**words)]}


@pytest.fixture
def autumn(arranging: Arranging) -> None:
    """Two libraries: a course for the fifth to the seventh grade, a drop-in for all, something for youth."""
    with arranging() as session:
        here = make_library(session, slug="granlia", name="Granlia bibliotek")
        there = make_library(session, slug="furulia", name="Furulia bibliotek", town="Furulia")
    put_up(arranging, library=here, days=1, **about("Spillkveld"))
    drop_in = {"mode": Mode.DROP_IN, "capacity": None}
    put_up(
        arranging, library=there, days=2, occasion=drop_in, grade_from=None, grade_to=None, **about("Kafé")
    )
    put_up(arranging, library=there, days=9, grade_from=8, grade_to=10, **about("Podkast"))


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"spillkveld", "kafé", "podkast"}),
        ("grade=5", {"spillkveld", "kafé"}),
        ("grade=9", {"kafé", "podkast"}),
        ("library=furulia", {"kafé", "podkast"}),
        ("library=furulia&grade=9&from=2026-11-23&to=2026-11-29", {"kafé"}),
        ("from=2026-11-25&to=2026-11-25", {"spillkveld"}),
        ("from=2026-12-01", {"podkast"}),
        ("mode=drop_in", {"kafé"}),
        ("mode=sign_up&library=granlia", {"spillkveld"}),
        ("q=SPILL+kveld", {"spillkveld"}),
        ("q=kafe+furulia", {"kafé"}),
        ("q=kafe+granlia", set()),
        ("grade=&library=&from=&to=&mode=&q=&utm_source=poster", {"spillkveld", "kafé", "podkast"}),
    ],
)
def test_filters_work_together(browser: Browser, query: str, found: set[str]) -> None:
    answer = browser.get(f"/activities?{query}")

    titles = {"Spillkveld", "Kafé", "Podkast"}
    assert answer.status_code == 200
    assert {title.lower() for title in titles if f'">{title}<' in _cards(answer.text)} == found
    assert (f"{len(found)} activit" in words_of(answer.text)) is bool(found)
    check_html(answer.text)


def _cards(html: str) -> str:
    return html.replace('<span lang="nb">', '">').replace("</span>", "<")


MISTAKES = [
    ("library=nowhere", "library"),
    ("grade=14", "grade"),
    ("grade=5&grade=6", "grade"),
    ("from=soon", "from"),
    ("from=0001-01-01", "from"),
    ("to=2026-02-30", "to"),
    ("from=2026-12-02&to=2026-12-01", "to"),
    ("mode=lottery", "mode"),
    (f"q={'x' * 101}", "q"),
    ("q=%00", "q"),
]


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(
    ("page", "query", "field"),
    [("/activities", *mistake) for mistake in MISTAKES]
    # A month has days of its own.
    + [("/months/2026-11", *mistake) for mistake in MISTAKES if mistake[1] not in {"from", "to"}],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_shows_nothing(
    browser: Browser, page: str, query: str, field: str
) -> None:
    answer = browser.get(f"{page}?{query}")

    assert answer.status_code == 404
    assert f'id="wish-{field}-error"' in answer.text
    assert f'href="#wish-{field}"' in answer.text
    assert "<title>Error: What’s on" in answer.text
    assert "/activities/spillkveld" not in answer.text
    check_html(answer.text)


def test_what_was_typed_is_still_there_to_be_put_right(browser: Browser) -> None:
    page = browser.get("/activities", query_string={"from": 'mandag "neste"', "q": "<b>", "to": "2026-12-01"})

    assert 'value="mandag &#34;neste&#34;"' in page.text
    assert 'value="&lt;b&gt;"' in page.text
    assert 'type="date" id="wish-to" name="to" value="2026-12-01"' in page.text


@pytest.mark.usefixtures("autumn")
def test_the_page_says_in_words_what_was_chosen_and_how_to_leave_each_out(browser: Browser) -> None:
    page = browser.get("/activities?grade=5&library=granlia&from=2026-11-23&to=2026-11-29&q=spill").text

    assert "grade 5 · Granlia bibliotek · this week · “spill”" in words_of(page)
    assert "<title>What’s on: grade 5 · Granlia bibliotek · this week · “spill”" in page
    for others in (
        "library=granlia&amp;from=2026-11-23&amp;to=2026-11-29&amp;q=spill",
        "library=granlia&amp;grade=5&amp;q=spill",
        "library=granlia&amp;grade=5&amp;from=2026-11-23&amp;to=2026-11-29",
    ):
        assert f'class="chip" href="/activities?{others}"' in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-11-30&to=2026-12-06", "next week"),
        ("from=2026-11-28&to=2026-11-29", "this weekend"),
        ("from=2026-12-01&to=2026-12-01", "Tuesday 1 December"),
        ("from=2026-12-30&to=2027-01-02", "Wednesday 30 December to Saturday 2 January 2027"),
        ("from=2026-12-01", "from Tuesday 1 December"),
        ("to=2026-12-01", "until Tuesday 1 December"),
        ("mode=drop_in", "Just come"),
    ],
)
def test_days_are_said_as_people_say_them(browser: Browser, query: str, said: str) -> None:
    assert said in words_of(browser.get(f"/activities?{query}").text)


@pytest.mark.usefixtures("autumn")
def test_where_nothing_fits_the_part_to_leave_out_is_the_one_that_finds_most(browser: Browser) -> None:
    page = browser.get("/activities?grade=1&library=granlia&mode=sign_up").text

    # Without the grade there is the course; without the library there is nothing; without the mode neither.
    assert "Leave out “grade 1” and find 1 activity" in words_of(page)
    assert 'href="/activities?library=granlia&amp;mode=sign_up"' in page
    assert "Leave out “" not in words_of(browser.get("/activities?grade=1&library=granlia&q=zzz").text)


def test_a_list_is_read_by_weeks_also_at_the_turn_of_the_year(
    arranging: Arranging, browser: Browser, clock: Any
) -> None:
    clock.set(datetime(2026, 12, 31, 12, 0, tzinfo=OSLO))
    at: dict[str, dict[str, Any]] = {
        name: {"starts_at": datetime(2027, 1, day, 17, 0, tzinfo=OSLO)}
        for name, day in (("now", 1), ("next", 4), ("later", 11))
    }
    slugs = {name: put_up(arranging, meeting=when) for name, when in at.items()}

    home, page = browser.get("/").text, browser.get("/activities").text

    sections = page.split('<section aria-labelledby="')[1:]
    assert [section.partition('"')[0] for section in sections] == ["this_week", "next_week", "later"]
    assert all(slugs[name] in section for name, section in zip(slugs, sections, strict=True))
    assert "This week week 53" in words_of(home)
    assert "Next week week 1" in words_of(home)
    assert 'href="/activities?from=2026-12-28&amp;to=2027-01-03"' in page


@pytest.mark.parametrize(
    ("starts", "now", "words"),
    [
        # The clocks change in the night to the last Sundays of March and October.
        (datetime(2027, 3, 28, 23, 30, tzinfo=OSLO), datetime(2027, 3, 25, 12, tzinfo=OSLO), "23:30"),
        (datetime(2027, 10, 31, 23, 30, tzinfo=OSLO), datetime(2027, 10, 28, 12, tzinfo=OSLO), "23:30"),
    ],
)
def test_a_sunday_night_belongs_to_its_week_when_the_clocks_change(
    arranging: Arranging, browser: Browser, clock: Any, starts: datetime, now: datetime, words: str
) -> None:
    clock.set(now)
    slug = put_up(arranging, meeting={"starts_at": starts, "ends_at": starts + timedelta(minutes=29)})
    day, monday = starts.date(), starts.date() - timedelta(days=6)

    for address in (f"/activities?from={monday}&to={day}", f"/activities?from={day}&to={day}", "/"):
        assert slug in browser.get(address).text
    assert slug not in browser.get(f"/activities?from={day + timedelta(days=1)}").text
    assert words in words_of(browser.get("/activities").text)


@pytest.mark.parametrize("typed", ["lørdag", "LÖRDAG", "lordag", "loerdag"])
def test_words_are_found_however_they_are_typed_in_any_language_room_or_place(
    arranging: Arranging, browser: Browser, typed: str
) -> None:
    in_title = put_up(arranging, **about("Lørdagskino"))
    in_room = put_up(arranging, meeting={"room": "Lørdagsrommet"}, slug="rom")
    at_place = put_up(arranging, place_name="Lørdagshuset", slug="sted")
    in_body = put_up(arranging, slug="tekst")
    with arranging() as session:
        activity = make_activity(session, slug="engelsk")
        make_text(session, activity, body="Open each lørdag.")
        make_meeting(session, occasion=make_occasion(session, activity=activity))

    page = browser.get("/activities", query_string={"q": typed}).text

    for slug in (in_title, in_room, at_place, "engelsk"):
        assert f'/activities/{slug.replace("ø", "%C3%B8")}"' in page
    assert f'/activities/{in_body}"' not in page


def test_the_front_page_shows_the_first_of_a_full_week_and_leads_to_all_of_it(
    arranging: Arranging, browser: Browser
) -> None:
    for _each in range(IN_A_WEEK + 1):
        put_up(arranging, days=1)
    put_up(arranging, days=7)

    page = browser.get("/").text

    this, following = page.split('<section aria-labelledby="week-')[1:3]
    assert this.count('class="card activity-card') == IN_A_WEEK
    assert 'href="/activities?from=2026-11-23&amp;to=2026-11-29"' in this
    assert "All of next week" not in following


def test_a_long_list_has_pages_that_keep_what_was_chosen(arranging: Arranging, browser: Browser) -> None:
    for number in range(ON_A_PAGE + 1):
        put_up(arranging, slug=f"nummer-{number:02}", meeting={"starts_at": NOON + timedelta(hours=number)})

    first, second = browser.get("/activities?grade=5"), browser.get("/activities?grade=5&page=2")

    assert first.text.count('class="card activity-card') == ON_A_PAGE
    assert 'href="/activities?grade=5&amp;page=2" rel="next"' in first.text
    assert second.text.count('class="card activity-card') == 1
    assert "nummer-36" in second.text
    assert "The list is not that long" in browser.get("/activities?page=3").text
    assert browser.get("/activities?page=0").status_code == 404


def test_the_card_shows_the_first_date_that_fits(arranging: Arranging, browser: Browser) -> None:
    with arranging() as session:
        run = make_occasion(session, activity=make_activity(session, slug="kurs"))
        for days in (1, 8, 15):
            make_meeting(session, occasion=run, starts_at=NOON + timedelta(days=days, hours=5))

    page = words_of(browser.get("/activities?from=2026-11-30").text)

    assert "Wednesday 2 December at 17:00–19:00" in page
    assert "25 November" not in page


def test_a_grade_is_that_of_the_school_year_on_the_day(
    arranging: Arranging, browser: Browser, clock: Any
) -> None:
    clock.set(datetime(2027, 7, 1, 12, tzinfo=OSLO))
    by_age: dict[str, Any] = {"grade_from": None, "grade_to": None, "age_from": 10, "age_to": 10}
    july = put_up(arranging, **by_age, meeting={"starts_at": datetime(2027, 7, 2, 17, tzinfo=OSLO)})
    august = put_up(arranging, **by_age, meeting={"starts_at": datetime(2027, 8, 20, 17, tzinfo=OSLO)})

    # In July those of the fourth grade turn ten this year; from August on those of the fifth do.
    fourth, sixth = browser.get("/activities?grade=4").text, browser.get("/activities?grade=6").text

    assert (july in fourth, august in fourth) == (True, False)
    assert (july in sixth, august in sixth) == (False, True)


def test_a_called_off_date_is_crossed_out_until_it_is_over(
    arranging: Arranging, browser: Browser, clock: Any
) -> None:
    slug = put_up(arranging, days=1, meeting={"state": MeetingState.CALLED_OFF})
    pages = ("/", "/activities", "/months/2026-11", f"/activities/{slug}")

    for address in pages:
        page = browser.get(address).text
        assert "<del>" in page, address
        assert "Called off" in words_of(page), address
    clock.forward(days=2)

    for address in pages[:3]:
        assert slug not in browser.get(address).text, address


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_for_all_is_in_no_list_no_count_no_month_and_no_guess(
    arranging: Arranging, browser: Browser, hidden: dict[str, Any]
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
    put_up(arranging, library=library, slug="hemmelig", code="GJEMT2", days=1, **hidden)

    for address in (
        "/",
        "/activities",
        "/activities?grade=5&library=granlia&from=2026-11-23&to=2026-11-29",
        "/activities?q=spillkveld",
        "/activities?q=zzz",
        "/libraries/granlia",
        "/months/2026-11",
        "/months/2026-11?library=granlia",
    ):
        page = browser.get(address).text
        assert "hemmelig" not in page, address
        assert "1 activity" not in words_of(page), address
    missing = browser.get("/activities/finnes-ikke")
    guessed = browser.get("/activities/hemmelig")
    assert guessed.status_code == 404
    assert guessed.text.replace("hemmelig", "finnes-ikke") == missing.text
    assert browser.get("/a/GJEMT2").status_code == 404


def test_how_full_it_is_stands_there_in_words_and_never_in_counts(
    arranging: Arranging, browser: Browser
) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, slug="spill"), capacity=11)
        make_meeting(session, occasion=occasion)
        for _each in range(9):
            make_signup(session, occasion=occasion, state=SignupState.CONFIRMED)

    for address in ("/activities", "/activities/spill"):
        words = words_of(browser.get(address).text).partition(" Show ")[2] or words_of(
            browser.get(address).text
        )
        assert "Few places left" in words
        assert " 9 " not in words
        assert " 11 " not in words


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/activities",
        "/activities?grade=5&q=spill",
        "/activities?q=zzz",
        "/months/2026-11",
        "/libraries/granlia",
        "/activities/spill",
    ],
)
def test_the_pages_are_valid_and_leave_nothing_behind(
    app: Flask, arranging: Arranging, address: str, language: str
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
    body = "# Velkommen\n\n- brett\n- brus\n\n<b>hei</b> ![x](https://example.org/x.png)"
    text = about("Spill", body=body)["texts"]
    put_up(arranging, library=library, slug="spill", days=1, texts=text)

    answer = Browser(app, language).get(address)

    check_html(answer.text)
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.text
    assert "x.png" not in answer.text


@pytest.mark.parametrize(
    "address",
    ["/", "/activities", "/activities?q=spill+barn", "/months/2026-11?q=spill", "/libraries/granlia"],
)
def test_two_hundred_activities_take_eight_questions_at_most(
    app: Flask, arranging: Arranging, browser: Browser, address: str
) -> None:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        for number in range(20):
            occasion = make_occasion(session, activity=make_activity(session, library=library))
            for week in range(10):
                starts_at = NOON + timedelta(days=7 * week, hours=number % 5)
                make_meeting(session, occasion=occasion, starts_at=starts_at)
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(told[2])

    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", note)
    page = browser.get(address).text
    event.remove(engine, "before_cursor_execute", note)

    assert "/activities/spillkveld-" in page
    assert 0 < len([statement for statement in asked if statement.startswith("SELECT")]) <= 8
