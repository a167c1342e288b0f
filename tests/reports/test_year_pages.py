"""A library's year for the national statistics, from facts to the page and the workbook."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity
from booking.activities.rules import Kind, StatisticsResponsibility, Target
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
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion

Arranging = Callable[[], AbstractContextManager[Session]]

NUMBERS = ["10", "118", "1", "20"]
YEAR = "/staff/figures/year?year=2018"


@dataclass
class Scene:
    """A library with the year of worked example 8, and one without any."""

    library: Library
    librarian: Account
    stranger: Account


def _held(
    activity: Activity,
    day: date,
    *,
    named: int = 0,
    counted: int = 0,
    adults: int = 0,
    outcome: MeetingOutcome = MeetingOutcome.HELD,
) -> MeetingFacts:
    starts_at: datetime = instant_at(day, datetime(2018, 1, 1, 17).time())  # noqa: DTZ001 – a time of day
    persons = tuple(
        PersonEntry(
            person_key=new_uid(),
            age_band=AgeBand.AGE_13_15,
            municipality_code="3401",
            outcome=Outcome.CAME,
            was_booked=True,
            booked_at_deadline=True,
            was_queued=False,
        )
        for _each in range(named)
    )
    counts = ((HeadcountBand.AGE_6_12, counted), (HeadcountBand.ADULTS, adults))
    return MeetingFacts(
        meeting_uid=new_uid(),
        library_id=activity.library_id,
        activity_id=activity.id,
        activity_kind=activity.kind,
        outcome=outcome,
        held_on=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=12,
        statistics_type=activity.statistics_type,
        statistics_responsibility=activity.statistics_responsibility,
        statistics_target=activity.statistics_target,
        announced_before=activity.announced_before,
        persons=persons,
        headcounts=tuple(HeadcountEntry(band=band, persons=count) for band, count in counts if count),
    )


def _worked_example(session: Session, clock: StoppedClock, library: Library) -> None:
    """Worked example 8 (domain): the year 2018 of one library, with what must not be counted."""
    workshop = make_activity(session, library=library, kind=Kind.WORKSHOP)
    pilot = make_activity(
        session,
        library=library,
        statistics_responsibility=StatisticsResponsibility.COOPERATION,
        statistics_target=Target.YOUTH,
    )
    table = make_activity(session, library=library, kind=Kind.EVENT, announced_before=False)
    lent = make_activity(
        session, library=library, statistics_responsibility=StatisticsResponsibility.EXTERNAL
    )
    course = make_activity(session, library=library, kind=Kind.STAFF_TRAINING, statistics_type="training")
    weeks = [date(2018, 9, 17) + timedelta(weeks=week) for week in range(10)]
    pilots = [_held(pilot, day, named=10, counted=1, adults=1) for day in weeks[:8]]
    for facts in (
        _held(workshop, date(2018, 8, 22), named=9, adults=2),
        *pilots,
        _held(pilot, weeks[8], named=8, adults=3),
        _held(pilot, weeks[9], outcome=MeetingOutcome.DID_NOT_HAPPEN),
        _held(table, date(2018, 10, 3), counted=14),
        _held(lent, date(2018, 10, 4), counted=20),
        _held(pilot, date(2019, 1, 14), named=8),
        _held(course, date(2018, 10, 5), adults=6),
    ):
        record_facts(session, clock, facts=facts)


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        other = make_library(session, name="Elvebredden bibliotek")
        _worked_example(session, clock, library)
        return Scene(
            library=library,
            librarian=make_account(session, Role.LIBRARIAN, library=library),
            stranger=make_account(session, Role.LIBRARIAN, library=other),
        )


def workbook(browser: Browser) -> dict[str, list[tuple[object, ...]]]:
    answer = browser.get("/staff/figures/year/files/xlsx?year=2018")
    opened = load_workbook(io.BytesIO(answer.data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in opened}


def test_the_worked_example_stands_on_the_page(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    page = browser.get(YEAR).text

    whole = page[page.index("Altogether") :]
    cells = [cell.partition("</td>")[0].rpartition(">")[2].strip() for cell in whole.split("<td")[1:6]]
    assert cells == ["All", *NUMBERS]
    assert "Meetings behind the numbers (11)" in page
    assert "Held, but not counted (2)" in page


def test_the_workbook_holds_the_same_numbers_and_its_meetings_add_up_to_them(
    browser: Browser, scene: Scene
) -> None:
    browser.sign_in_as(scene.librarian)

    sheets = workbook(browser)

    form, meetings = sheets["The form"], sheets["Meetings behind the numbers"][1:]
    assert [str(number) for number in form[1][2:]] == NUMBERS
    for column, words in ((2, form[0][2]), (4, form[0][4])):
        responsible = str(words).partition(": ")[0]
        listed = [row[-1] for row in meetings if row[2] == responsible]
        assert form[1][column : column + 2] == (len(listed), sum(map(int, map(str, listed))))
    assert [(row[2], row[3]) for row in sheets["Held, but not counted"][1:]] == [
        ("Not announced before", 14),
        ("For staff, or internal", 6),
    ]
    assert "What the numbers mean" in sheets


def test_a_file_says_what_and_when_in_its_name_and_is_on_record(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get("/staff/figures/year/files/excel-csv?year=2018&table=form&lang=nb")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="nasjonal-statistikk-granlia-2018.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    with arranging() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.library_id) == ("figures_exported", scene.library.id)
        assert entry.facts == {"what": "national", "form": "excel-csv", "rows": 10}


def test_what_is_not_recorded_is_missing_and_says_so(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    with arranging() as session:
        activity = make_activity(session, library=scene.library)
        occasion = make_occasion(session, activity=activity)
        meeting = make_meeting(session, occasion=occasion, starts_at=NOON - timedelta(days=2))
    browser.sign_in_as(scene.librarian)

    page = browser.get("/staff/figures/year?year=2026").text

    assert "One meeting is not recorded yet" in page
    assert f"/staff/meetings/{meeting.id}/register" in page
    file = browser.get("/staff/figures/year/files/csv?year=2026&table=missing").text
    assert file.splitlines()[1] == "2026-11-22,Spillkveld,missing"


@pytest.mark.parametrize("form", ["xlsx", "json", "csv", "excel-csv"])
def test_another_librarys_year_does_not_exist(browser: Browser, scene: Scene, form: str) -> None:
    browser.sign_in_as(scene.stranger)

    assert browser.get(f"{YEAR}&library=granlia").status_code == 404
    assert browser.get(f"/staff/figures/year/files/{form}?year=2018&library=granlia").status_code == 404
    assert "118" not in browser.get(YEAR).text


@pytest.mark.parametrize(
    "address",
    ["files/pdf?year=2018", "files/csv?year=2018&table=nothing", "files/csv?year=1", "files/csv?year=x"],
)
def test_a_file_that_there_is_not_is_not_found(browser: Browser, scene: Scene, address: str) -> None:
    browser.sign_in_as(scene.librarian)

    assert browser.get(f"/staff/figures/year/{address}").status_code == 404


@pytest.mark.parametrize("year", ["1999", "2101", "in 2018", "99999999999"])
def test_a_year_that_is_none_is_refused_beside_the_field(browser: Browser, scene: Scene, year: str) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get(f"/staff/figures/year?year={year}")

    assert answer.status_code == 422
    assert answer.text.count("Write a year between 2000 and 2100") == 2
    assert year in answer.text
