"""Missing is never nought: a library's own figures of headcounts alone, on its pages and in every file."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.rules import Kind, MeetingState
from booking.libraries.models import Library
from booking.participation.operations import record_facts
from booking.participation.rules import (
    HeadcountBand,
    HeadcountEntry,
    MeetingOutcome,
)
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion
from tests.participation.test_facts import CAME, meeting, person
from tests.reports.test_views import table_of

Arranging = Callable[[], AbstractContextManager[Session]]

COUNTED, NAMED = 9, 6
TITLE = "Spillkveld"
UNIQUE = "Different children and youth"
# What is known of headcounts, and «–» where there is nothing to take a part of.
KNOWN = {
    "Meetings held": "1",
    "Attendances": str(COUNTED),
    "Of these with a name": "0",
    "Of these counted without a name": str(COUNTED),
    "Participants for the national library statistics": str(COUNTED + 2),
    "Contact hours": "13.5",
    "Completed the course": "–",
    "Children and youth at workshops": "0",
    "Places used": "75%",
    "Meetings together with another sector": "0%",
}


@dataclass
class Scene:
    """A librarian, and what can be recorded of the library."""

    library: Library
    librarian: Account
    record: Callable[..., Activity]


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        librarian = make_account(session, Role.LIBRARIAN, library=library)

    def record(*, kind: Kind = Kind.PILOT, **changes: object) -> Activity:
        with arranging() as session:
            activity = make_activity(session, library=library, kind=kind)
            about: dict[str, Any] = {"activity_id": activity.id, "activity_kind": kind, **changes}
            record_facts(session, clock, facts=meeting(new_uid(), library.id, **about))
            return activity

    return Scene(library=library, librarian=librarian, record=record)


def headcounts() -> tuple[HeadcountEntry, ...]:
    return (
        HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=COUNTED),
        HeadcountEntry(band=HeadcountBand.ADULTS, persons=2),
    )


def named() -> tuple[object, ...]:
    return tuple(replace(person(str(number), CAME), was_booked=False) for number in range(NAMED))


def figures(browser: Browser, address: str = "/staff/figures") -> dict[str, str]:
    return {name: cells[0] for name, cells in table_of(browser.get(address).text).items()}


def tables(browser: Browser) -> dict[str, list[dict[str, object]]]:
    found = json.loads(browser.get("/staff/figures/files/json").text)["tables"]
    return {table["code"]: table["rows"] for table in found}


def rows_of_csv(browser: Browser, table: str) -> dict[str, list[str]]:
    text = browser.get(f"/staff/figures/files/csv?table={table}").text
    return {row[0]: row[1:] for row in csv.reader(io.StringIO(text)) if row}


@pytest.mark.parametrize("address", ["/staff/figures", "/staff/figures/sheet"])
def test_of_headcounts_alone_all_that_asks_who_it_was_is_missing(
    browser: Browser, scene: Scene, address: str
) -> None:
    scene.record(headcounts=headcounts())
    browser.sign_in_as(scene.librarian)

    page = browser.get(address).text
    told = figures(browser, address)

    known = {name: told[name] for name in KNOWN}
    assert known == KNOWN
    assert told[UNIQUE] == "missing"
    assert (
        told["New children and youth"] == told["Came back"] == told["Stayed away without a word"] == "missing"
    )
    assert told["Reach for each 1,000"] == told["Asked for a place"] == "missing"
    assert "All children and youth here were counted at the door, without a name." in page
    beside_each_other = table_of(page)[TITLE]
    assert beside_each_other == ["1", str(COUNTED), "missing"]
    assert table_of(page)["6–12 years"] == [str(COUNTED), "missing"]


def test_in_files_missing_stands_where_it_stands_on_the_page(browser: Browser, scene: Scene) -> None:
    scene.record(headcounts=headcounts())
    browser.sign_in_as(scene.librarian)

    found = tables(browser)
    by_csv = rows_of_csv(browser, "figures")
    book = load_workbook(io.BytesIO(browser.get("/staff/figures/files/xlsx").data))
    sheets = {row[0].value: row[1].value for row in book["Figures"].iter_rows() if row[0].value}

    in_json = {row["figure"]: row["value"] for row in found["figures"]}
    assert in_json[UNIQUE] is None
    assert in_json["Of these with a name"] == 0
    assert (by_csv[UNIQUE][0], by_csv["Of these with a name"][0]) == ("missing", "0")
    assert (sheets[UNIQUE], sheets["Of these with a name"]) == ("missing", 0)
    assert found["activities"][0]["unique"] is None
    assert [row["ages_2"] for row in found["ages"]] == [None]
    assert rows_of_csv(browser, "activities")[TITLE] == ["1", str(COUNTED), "missing"]
    missing = {name for name, value in in_json.items() if value is None}
    assert {"Came back", "Cancelled too late", "Hours for each, in the middle"} <= missing


def test_beside_each_other_an_activity_with_names_has_a_number_and_one_of_headcounts_has_none(
    browser: Browser, scene: Scene
) -> None:
    scene.record(headcounts=headcounts())
    scene.record(kind=Kind.WORKSHOP, headcounts=headcounts()[:1])
    scene.record(kind=Kind.EVENT, persons=named())
    scene.record(kind=Kind.EVENT, outcome=MeetingOutcome.NOBODY_CAME)
    browser.sign_in_as(scene.librarian)

    found = tables(browser)

    assert [(row["attendances"], row["unique"]) for row in found["activities"]] == [
        (COUNTED, None),
        (COUNTED, None),
        (NAMED, NAMED),
        (0, 0),
    ]
    told = {row["figure"]: row["value"] for row in found["figures"]}
    assert (told[UNIQUE], told["Asked for a place"]) == (NAMED, 0)
    assert told["Children and youth at workshops"] is None
    page = browser.get("/staff/figures").text
    assert f"and {2 * COUNTED} attendances without a name" in page
    assert "All children and youth here were counted at the door" not in page


def test_that_nobody_came_is_known_and_is_nought(browser: Browser, scene: Scene) -> None:
    scene.record(outcome=MeetingOutcome.NOBODY_CAME)
    browser.sign_in_as(scene.librarian)

    told = figures(browser)

    zeros = ("Attendances", UNIQUE, "New children and youth", "Asked for a place")
    assert {told[name] for name in zeros} == {"0"}
    assert (told["Came back"], told["Stayed away without a word"], told["Places used"]) == ("–", "–", "0%")


def test_where_meetings_were_only_called_off_there_is_nothing_to_tell(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        occasion = make_occasion(session, activity=make_activity(session, library=scene.library))
        make_meeting(
            session, occasion=occasion, starts_at=NOON - timedelta(days=2), state=MeetingState.CALLED_OFF
        )
    scene.record(outcome=MeetingOutcome.DID_NOT_HAPPEN)
    browser.sign_in_as(scene.librarian)

    told, found = figures(browser), tables(browser)

    assert (told["Meetings held"], told["Meetings called off"]) == ("0", "2")
    assert {told["Attendances"], told[UNIQUE], told["Asked for a place"], told["Places used"]} == {"–"}
    assert not {"activities", "ages"} & set(found)
