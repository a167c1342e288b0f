"""Shares outside a library: no more than the published numbers tell, and a sentence where there is none."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.participation.metrics import METRICS
from booking.participation.population import Ages
from booking.participation.population_models import Population
from booking.publications.models import Publication, PublishedCell
from booking.publications.shown import CellState
from booking.publications.tables import ALL, ELSEWHERE, Table
from booking.reports.outside_messages import OUTSIDE, OUTSIDE_WORDS, Outside
from booking.staff.rules import Role
from tests.browser import Browser
from tests.factories import NOON, make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]
Told = Mapping[tuple[Table, str, str], int | None]

RETURNING, BOOKED, RESIDENTS = Table.RETURNING, Table.BOOKED_PLACES, Table.RESIDENTS
AUTUMN_2025 = "half=2025-autumn"
WHOLE: Told = {
    (RETURNING, "granlia", "returning"): 12,
    (RETURNING, "granlia", ALL): 20,
    (RETURNING, "lia", "returning"): None,
    (RETURNING, "lia", ALL): 9,
    (RETURNING, ALL, "returning"): 18,
    (RETURNING, ALL, ALL): 29,
    (BOOKED, "granlia", "no_show"): 6,
    (BOOKED, "granlia", ALL): 48,
    (BOOKED, "lia", "no_show"): 0,
    (BOOKED, "lia", ALL): 0,
    (RESIDENTS, "3401", ALL): 17,
    (RESIDENTS, "3416", ALL): None,
    (RESIDENTS, ELSEWHERE, ALL): 5,
    (RESIDENTS, ALL, ALL): 28,
}


@pytest.fixture(autouse=True)
def libraries(arranging: Arranging) -> None:
    with arranging() as session:
        make_library(session, slug="granlia", name="Granlia bibliotek", municipality_code="3401")
        make_library(session, slug="lia", name="Lia bibliotek", municipality_code="3416")
        for code, persons in (("3401", 2484), ("3416", 716)):
            session.add(
                Population(
                    municipality_code=code,
                    year=2025,
                    ages=Ages.AGE_6_18,
                    persons=persons,
                    source="made up",
                    imported_at=NOON,
                )
            )


def _publish(arranging: Arranging, told: Told = WHOLE) -> None:
    with arranging() as session:
        publication = Publication(
            first_on=date(2025, 8, 1),
            last_on=date(2025, 12, 31),
            through_on=date(2025, 12, 31),
            published_at=NOON,
            least_count=5,
            rule_version="1",
        )
        session.add(publication)
        session.flush()
        for (table, row, column), value in told.items():
            session.add(
                PublishedCell(
                    publication_id=publication.id,
                    table_code=table,
                    row_code=row,
                    column_code=column,
                    state=CellState.HIDDEN if value is None else CellState.NUMBER,
                    value=value,
                )
            )


def _table(browser: Browser, code: str, address: str = "/participation") -> Any:
    told = json.loads(browser.get(f"{address}/files/json?{AUTUMN_2025}&lang=en").text)
    return next(each["rows"] for each in told["tables"] if each["code"] == code)


def test_a_share_is_told_where_both_its_numbers_are(browser: Browser, arranging: Arranging) -> None:
    _publish(arranging)

    rows = _table(browser, "shares")

    assert [row["return_rate"] for row in rows] == [60, ":", 62]
    # Nobody booked at Lia: of nothing there is no share, and that is not nought.
    assert [row["no_show"] for row in rows] == [13, "–", None]


def test_reach_is_told_where_the_number_of_children_is(browser: Browser, arranging: Arranging) -> None:
    _publish(arranging)

    rows = _table(browser, "reach")

    assert [(row["unique"], row["population"], row["reach"]) for row in rows] == [
        (17, 2484, 6.8),
        (":", 716, ":"),
        (23, 3200, 7.2),
    ]


def test_whoever_hides_those_from_elsewhere_hides_the_region_too(
    browser: Browser, arranging: Arranging
) -> None:
    _publish(arranging, {**WHOLE, (RESIDENTS, ELSEWHERE, ALL): None})

    assert _table(browser, "reach")[-1]["reach"] == ":"


def test_what_comes_later_is_said_in_a_sentence_and_not_left_empty(browser: Browser) -> None:
    page = browser.get("/participation?lang=en").text

    assert "is told for the whole half-year: from Friday 8 January 2027" in page
    assert "What only the library itself sees, and why" in page
    for reason in set(OUTSIDE_WORDS.values()) - {
        OUTSIDE_WORDS[each] for each in (Outside.AT_ONCE, Outside.EACH_MONTH, Outside.AT_THE_END)
    }:
        assert reason in page


def test_what_nobody_records_is_missing_and_not_nought(browser: Browser) -> None:
    told = json.loads(browser.get("/participation/files/json").text)

    rows = next(each["rows"] for each in told["tables"] if each["code"] == "not-known")
    assert len(rows) == 5
    assert {row["value"] for row in rows} == {None}


def test_every_figure_says_who_sees_it_and_is_one_tap_away(browser: Browser) -> None:
    page = browser.get("/participation/definitions?lang=en").text

    assert set(OUTSIDE) == set(METRICS)
    for code in METRICS:
        assert f'<details class="more" id="metric-{code.replace("_", "-")}">' in page
    assert page.count("for everybody</span>") == 8
    assert page.count("for the library</span>") == len(METRICS) - 8


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_definitions_are_said_in_three_languages(browser: Browser, language: str) -> None:
    page = browser.get(f"/participation/definitions?lang={language}").text

    assert {"nb": "Kontakttimer", "nn": "Kontakttimar", "en": "Contact hours"}[language] in page


def test_each_librarys_targets_stand_beside_what_it_reached(browser: Browser, arranging: Arranging) -> None:
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.COORDINATOR))
    targets = "/staff/figures/targets?half=2026-autumn"
    browser.submit(targets, {"sessions": "40"})
    browser.submit(f"{targets}&library=lia", {"sessions": "10", "fill": "80", "return_rate": "50"})

    told = json.loads(browser.get("/staff/figures/all/files/json?half=2026-autumn&lang=en").text)

    rows = next(each["rows"] for each in told["tables"] if each["code"] == "targets")
    assert [(row["library"], row["figure"], row["reached"], row["target"]) for row in rows] == [
        ("All libraries", "Meetings held", 0, 40),
        ("Lia bibliotek", "Meetings held", 0, 10),
        ("Lia bibliotek", "Came back", "when the half-year is over", 50),
        ("Lia bibliotek", "Places used", "only the library knows", 80),
    ]
    page = browser.get("/staff/figures/all?half=2026-autumn&lang=en").text
    assert "only the library knows" in page
    assert "only the library knows" not in browser.get("/participation?lang=en").text
