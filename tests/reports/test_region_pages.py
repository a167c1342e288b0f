"""The region's pages and files: counts of persons come from what was published, whatever is asked for."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from booking.audit.models import AuditEntry
from booking.clock import instant_at
from booking.libraries.models import Library
from booking.participation.operations import record_facts
from booking.participation.rules import (
    AgeBand,
    HeadcountBand,
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    Outcome,
    PersonEntry,
)
from booking.publications.operations import decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.reports.rules import LEFT_OUT
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from booking.work import database
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_activity, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

# Counts of persons that stand for nothing else on these pages: not yet published, and too small to be.
UNPUBLISHED, SMALL = 737, 3
INSIDE, OUTSIDE = "/staff/figures/all", "/participation"
FORMS = ("xlsx", "json", "csv", "excel-csv")


@dataclass
class Scene:
    """Three libraries, with figures let out through October; November is not."""

    coordinator: Account
    librarian: Account
    libraries: list[Library]


def _held(library: Library, activity_id: int, day: date, *, counted: int, named: int) -> MeetingFacts:
    starts_at = instant_at(day, datetime(2026, 1, 1, 17).time())  # noqa: DTZ001 – a time of day
    persons = tuple(
        PersonEntry(
            person_key=f"{library.slug}-{number}",
            age_band=AgeBand.AGE_13_15,
            municipality_code="3401",
            outcome=Outcome.CAME,
            was_booked=True,
            booked_at_deadline=True,
            was_queued=False,
        )
        for number in range(named)
    )
    return MeetingFacts(
        meeting_uid=new_uid(),
        library_id=library.id,
        activity_id=activity_id,
        activity_kind="pilot",
        outcome=MeetingOutcome.HELD,
        held_on=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=None,
        statistics_type="workshop",
        statistics_responsibility="own",
        statistics_target="children",
        announced_before=True,
        persons=persons,
        headcounts=(HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=counted),),
    )


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        libraries = []
        for name, named in (("Granlia", 12), ("Elvebredden", SMALL), ("Åsen", 9)):
            library = make_library(session, name=f"{name} bibliotek", slug=name.lower().replace("å", "a"))
            activity = make_activity(session, library=library)
            for day, counted in (
                (date(2026, 9, 8), 31),
                (date(2026, 10, 6), 41),
                (date(2026, 11, 3), UNPUBLISHED),
            ):
                facts = _held(library, activity.id, day, counted=counted, named=named)
                record_facts(session, clock, facts=facts)
            libraries.append(library)
        coordinator = make_account(session, Role.COORDINATOR)
        librarian = make_account(session, Role.LIBRARIAN, library=libraries[0])
    for _month in range(3):
        with arranging() as session:
            decided = decide_figures(session, clock, rule=Rule(), leaving_out=LEFT_OUT)
            publish_figures(session, clock, decided=decided)
    return Scene(coordinator=coordinator, librarian=librarian, libraries=libraries)


def cells_of(content: bytes) -> Iterator[object]:
    for sheet in load_workbook(io.BytesIO(content)):
        for row in sheet.iter_rows(values_only=True):
            yield from row


def test_what_was_not_published_is_on_no_page_and_in_no_file(browser: Browser, scene: Scene) -> None:
    told = [browser.get(OUTSIDE).text]
    files = [
        browser.get(f"{OUTSIDE}/files/{form}?table={table}") for form in FORMS for table in ("", "weeks")
    ]
    browser.sign_in_as(scene.coordinator)
    told += [
        browser.get(address).text for address in (INSIDE, f"{INSIDE}/sheet", f"{INSIDE}?half=2026-autumn")
    ]
    files += [browser.get(f"{INSIDE}/files/{form}") for form in FORMS]

    exact = {str(UNPUBLISHED + named) for named in (12, SMALL, 9)} | {str(UNPUBLISHED)}
    for page in told:
        assert "Granlia bibliotek" in page
        assert not [number for number in exact if number in page]
    for file in files:
        assert file.status_code == 200
        numbers = (
            {str(cell) for cell in cells_of(file.data)}
            if str(file.mimetype).endswith("sheet")
            else {file.text}
        )
        assert not [number for number in exact for text in numbers if number in text]


def test_one_sign_stands_for_what_is_hidden_in_every_form(browser: Browser, scene: Scene) -> None:
    table = "?table=unique-by-band"
    page = browser.get(OUTSIDE).text
    told = json.loads(browser.get(f"{OUTSIDE}/files/json").text)
    plain = browser.get(f"{OUTSIDE}/files/csv{table}").text
    sheets = list(cells_of(browser.get(f"{OUTSIDE}/files/xlsx").data))

    assert '<span aria-hidden="true">:</span><span class="unseen">not shown for privacy</span>' in page
    rows = next(each["rows"] for each in told["tables"] if each["code"] == "unique-by-band")
    hidden = [cell for row in rows for cell in row.values() if cell == ":"]
    assert hidden
    assert plain.count(",:") == len(hidden)
    assert sheets.count(":") >= len(hidden)
    assert "What is not shown, and why" in {each["title"] for each in told["tables"]}
    for content in (page, plain, json.dumps(told)):
        assert "<5" not in content
        assert "&lt;5" not in content


def test_nobody_can_ask_for_other_days(browser: Browser, scene: Scene) -> None:
    usual = browser.get(OUTSIDE).text

    assert browser.get(f"{OUTSIDE}?from=2026-11-01&to=2026-11-30").text.count("<td") == usual.count("<td")
    assert browser.get(f"{OUTSIDE}?half=2025-autumn").status_code == 404
    assert browser.get(f"{OUTSIDE}?half=2026-11-01").status_code == 404
    assert browser.get(f"{OUTSIDE}/files/csv?half=2019-spring").status_code == 404
    assert browser.get(f"{OUTSIDE}/files/csv?table=people").status_code == 404
    assert browser.get(f"{OUTSIDE}/files/pdf").status_code == 404


def test_a_file_of_the_region_is_named_and_on_record(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    anonymous = browser.get(f"{OUTSIDE}/files/xlsx?lang=nb")
    browser.sign_in_as(scene.coordinator)
    taken = browser.get(f"{INSIDE}/files/excel-csv?table=weeks&lang=nb")

    name = "deltakelse-alle-bibliotek-2026-host"
    assert f'filename="{name}.xlsx"' in anonymous.headers["Content-Disposition"]
    assert f'filename="{name}-treff-som-er-holdt' in taken.headers["Content-Disposition"]
    with arranging() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "figures_exported")).all()
        assert [(entry.facts["what"], entry.facts["rows"]) for entry in entries] == [("region", 18)]


def test_what_the_project_sets_itself_is_the_coordinators_alone(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    assert browser.get("/staff/figures/targets").status_code == 404
    assert browser.get(INSIDE).status_code == 404


def test_definitions_can_be_linked_to(browser: Browser) -> None:
    page = browser.get("/participation/definitions").text

    assert 'id="attendances-by-month"' in page
    assert "Who came three times is counted three times." in page


def test_the_region_takes_as_many_questions_for_many_meetings_as_for_few(
    app: Flask, browser: Browser, scene: Scene, arranging: Arranging, clock: StoppedClock
) -> None:
    browser.sign_in_as(scene.coordinator)
    with _questions(app) as few:
        browser.get(INSIDE)
    with arranging() as session:
        for library in scene.libraries:
            for number in range(5):
                activity = make_activity(session, library=library)
                day = date(2026, 10, 7) + timedelta(days=number)
                facts = _held(library, activity.id, day, counted=8, named=6)
                record_facts(session, clock, facts=facts)
    with _questions(app) as many:
        browser.get(INSIDE)

    about_figures = [question for question in many if "person_fact" in question or "headcount" in question]
    assert len(many) == len(few) <= 14
    assert about_figures == []


@contextmanager
def _questions(app: Flask) -> Iterator[list[str]]:
    asked: list[str] = []
    with app.app_context():
        engine = database.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_a_library_renamed_in_the_middle_of_a_half_year_is_told_of_where_figures_are_looked_for(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        session.get_one(Library, scene.libraries[1].id).slug = "elva"
    browser.sign_in_as(scene.coordinator)

    assert "elvebredden" in (told := browser.get(INSIDE).text)
    assert "No more numbers of this half-year are published" in told
    assert "No more numbers" not in browser.get(OUTSIDE).text

    with arranging() as session:
        session.get_one(Library, scene.libraries[1].id).slug = "elvebredden"

    assert "No more numbers" not in browser.get(INSIDE).text


@pytest.mark.parametrize("address", [OUTSIDE, INSIDE, f"{INSIDE}/sheet"])
def test_the_first_words_say_what_it_comes_to(browser: Browser, scene: Scene, address: str) -> None:
    browser.sign_in_as(scene.coordinator)

    page = browser.get(address).text

    assert "9 meetings were held. Children and youth came 264 times through" in page


@pytest.mark.parametrize("address", [OUTSIDE, INSIDE])
def test_beside_the_pilots_stands_why_persons_are_told_of_all_together(
    browser: Browser, scene: Scene, address: str
) -> None:
    browser.sign_in_as(scene.coordinator)

    page = browser.get(address).text

    assert "How many came is told for all pilots of a library together" in page
    assert "Staff of a library see their own, activity by activity, under «Figures»." in page


def test_where_all_were_counted_at_the_door_different_persons_are_missing_and_not_nought(
    browser: Browser, arranging: Arranging, clock: StoppedClock
) -> None:
    with arranging() as session:
        for slug in ("granlia", "asen"):
            library = make_library(session, slug=slug)
            activity = make_activity(session, library=library)
            facts = _held(library, activity.id, date(2026, 10, 6), counted=31, named=0)
            record_facts(session, clock, facts=facts)
    for _month in range(3):
        with arranging() as session:
            decided = decide_figures(session, clock, rule=Rule(), leaving_out=LEFT_OUT)
            publish_figures(session, clock, decided=decided)

    for address in (OUTSIDE, f"{OUTSIDE}/as-it-stood/2026-10-31"):
        told = json.loads(browser.get(f"{address}/files/json").text)["tables"]
        tables = {each["code"]: each["rows"] for each in told}
        assert [row["all"] for row in tables["attendances-by-band"]] == [31, 31, 62]
        assert [row["all"] for row in tables["unique-by-band"]] == [None] * 3
