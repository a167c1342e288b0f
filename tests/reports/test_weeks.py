"""What all libraries did week by week: meetings, hours, places and registers, and never who came."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking.activities.rules import MeetingState
from booking.participation.operations import record_facts
from booking.participation.rules import MeetingOutcome
from booking.staff.rules import Role
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
)
from tests.participation.test_facts import meeting, youth

Arranging = Callable[[], AbstractContextManager[Session]]

INSIDE, OUTSIDE = "/staff/figures/all", "/participation"
BY_MONTH_ONLY = {
    "nb": "får alle vite måned for måned og ikke uke for uke",
    "nn": "får alle vite månad for månad og ikkje veke for veke",
    "en": "is told month by month and not week by week",
}


@pytest.fixture
def autumn(arranging: Arranging, clock: StoppedClock) -> None:
    """Two libraries: five meetings with facts, and three without; NOON is a Tuesday of week 48."""
    with arranging() as session:
        first, second = make_library(session), make_library(session)
        held = (
            (first.id, date(2026, 11, 10), 12, MeetingOutcome.HELD),
            (first.id, date(2026, 11, 11), 8, MeetingOutcome.NOBODY_CAME),
            (second.id, date(2026, 11, 15), None, MeetingOutcome.HELD),
            (second.id, date(2026, 11, 16), None, MeetingOutcome.HELD),
            (second.id, date(2026, 11, 17), 20, MeetingOutcome.DID_NOT_HAPPEN),
        )
        for number, (library_id, day, capacity, outcome) in enumerate(held):
            starts_at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
            facts = meeting(
                f"s{number}",
                library_id,
                held_on=day,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=90),
                capacity=capacity,
                outcome=outcome,
                headcounts=(youth(737),) if outcome is MeetingOutcome.HELD else (),
            )
            record_facts(session, clock, facts=facts)
        occasion = make_occasion(session, activity=make_activity(session, library=first))
        for days, state in (
            (-2, MeetingState.CALLED_OFF),
            (-6, MeetingState.SCHEDULED),
            (3, MeetingState.SCHEDULED),
        ):
            make_meeting(session, occasion=occasion, starts_at=NOON + timedelta(days=days), state=state)


def weeks_at(browser: Browser, address: str) -> list[list[Any]]:
    told = json.loads(browser.get(f"{address}/files/json?lang=en&half=2026-autumn").text)
    table = next(each for each in told["tables"] if each["code"] == "all-weeks")
    assert [each["title"] for each in table["columns"]] == [
        "Week",
        "Meetings held",
        "Meetings called off",
        "Meetings not yet recorded",
        "Hours open",
        "Places",
    ]
    return [list(row.values()) for row in table["rows"]]


@pytest.mark.usefixtures("autumn")
def test_each_week_tells_what_all_libraries_did(browser: Browser, arranging: Arranging) -> None:
    outside = weeks_at(browser, OUTSIDE)
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.COORDINATOR))

    assert outside[-4:] == [
        ["45", 0, 0, 0, 0.0, "–"],
        ["46", 3, 0, 0, 4.5, 20],
        ["47", 1, 2, 1, 1.5, "–"],
        ["48", 0, 0, 0, 0.0, "–"],
    ]
    assert weeks_at(browser, INSIDE) == outside


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_page_says_why_no_week_counts_who_came(
    browser: Browser, arranging: Arranging, language: str
) -> None:
    pages = [browser.get(f"{OUTSIDE}?lang={language}").text]
    with arranging() as session:
        browser.sign_in_as(make_account(session, Role.COORDINATOR))
    pages.append(browser.get(f"{INSIDE}?lang={language}").text)

    for page in pages:
        assert 'id="all-weeks-caption"' in page
        assert BY_MONTH_ONLY[language] in page
        assert "737" not in page
