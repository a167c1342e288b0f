"""Figures as they stood: what was told through a day stays readable, whatever is told later."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy.orm import Session

from booking.publications.models import Publication, PublishedCell
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import NOON, make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]
MIDWAY = "/participation/as-it-stood/2026-08-31"


def _publish(session: Session, through_on: date, **told: int | None) -> None:
    publication = Publication(
        first_on=date(2026, 8, 1),
        last_on=date(2026, 12, 31),
        through_on=through_on,
        published_at=NOON,
        least_count=5,
        rule_version="1",
    )
    session.add(publication)
    session.flush()
    for row, value in told.items():
        session.add(
            PublishedCell(
                publication_id=publication.id,
                table_code=Table.UNIQUE_BY_BAND,
                row_code=row,
                column_code=ALL,
                state=CellState.HIDDEN if value is None else CellState.NUMBER,
                value=value,
            )
        )


@pytest.fixture(autouse=True)
def told_twice(arranging: Arranging) -> None:
    with arranging() as session:
        make_library(session, slug="granlia", name="Granlia bibliotek")
        make_library(session, slug="lia", name="Lia bibliotek")
        _publish(session, date(2026, 8, 31), granlia=41, lia=None, all=59)
    with arranging() as session:
        _publish(session, date(2026, 9, 30), granlia=67, lia=23, all=90)


def _rows(browser: Browser, address: str) -> list[tuple[str, object]]:
    told = json.loads(browser.get(f"{address}/files/json?lang=en").text)
    table = next(each for each in told["tables"] if each["code"] == "unique-by-band")
    return [(row["row"], row["all"]) for row in table["rows"]]


def test_a_snapshot_shows_what_was_told_then_and_nothing_that_came_later(browser: Browser) -> None:
    page = browser.get(f"{MIDWAY}?lang=en").text

    assert _rows(browser, MIDWAY) == [("Granlia bibliotek", 41), ("Lia bibliotek", ":"), ("All together", 59)]
    assert "As it stood through Monday 31 August 2026" in page
    assert "This is what was told along the way" in page
    assert not [number for number in ("67", "90") if f">{number}<" in page]
    assert _rows(browser, "/participation") == [
        ("Granlia bibliotek", 67),
        ("Lia bibliotek", 23),
        ("All together", 90),
    ]


def test_what_was_told_at_the_end_says_that_it_is_the_whole(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        _publish(session, date(2026, 12, 31), granlia=80, lia=40, all=120)

    page = browser.get("/participation/as-it-stood/2026-12-31?lang=en").text

    assert "This is the whole half-year, as it was told" in page


def test_each_time_is_linked_from_the_region_inside_and_outside(
    browser: Browser, arranging: Arranging
) -> None:
    outside = browser.get("/participation?half=2026-autumn").text
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.COORDINATOR))
    inside = browser.get("/staff/figures/all?half=2026-autumn").text

    for page, began in ((outside, "/participation"), (inside, "/staff/figures/all")):
        assert f'href="{began}/as-it-stood/2026-08-31"' in page
        assert f'href="{began}/as-it-stood/2026-09-30"' in page


@pytest.mark.parametrize("day", ["2026-10-31", "2026-08-30", "never", "0000-00-00", "2026-8-31", "20260831"])
def test_of_a_day_through_which_nothing_was_told_there_is_no_page(browser: Browser, day: str) -> None:
    assert browser.get(f"/participation/as-it-stood/{day}").status_code == 404
    assert browser.get(f"/participation/as-it-stood/{day}/files/csv").status_code == 404
