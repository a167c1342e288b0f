"""A library's own figures for a part of what it does, on the page and in files."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Partnership
from booking.activities.rules import Kind
from booking.audit.models import AuditEntry
from booking.clock import instant_at
from booking.libraries.models import Library
from booking.participation.operations import record_facts
from booking.participation.rules import (
    HeadcountBand,
    HeadcountEntry,
    MeetingFacts,
    MeetingOutcome,
    PartnerEntry,
)
from booking.partners.rules import PartnerRole, Sector
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.browser import Browser, read_page
from tests.conftest import StoppedClock
from tests.factories import (
    NOON,
    make_account,
    make_activity,
    make_library,
    make_meeting,
    make_occasion,
    make_partner,
)

Arranging = Callable[[], AbstractContextManager[Session]]

PILOT, WORKSHOP, ELSEWHERE = 11, 23, 444


@dataclass
class Scene:
    """A library with a pilot together with a school, a workshop alone, and another library."""

    librarian: Account
    pilot: Activity
    elsewhere: Activity


def _record(
    session: Session,
    clock: StoppedClock,
    activity: Activity,
    persons: int,
    partners: tuple[PartnerEntry, ...] = (),
) -> None:
    starts_at = instant_at(date(2026, 9, 8), datetime(2026, 1, 1, 17).time())  # noqa: DTZ001 – a time of day
    facts = MeetingFacts(
        meeting_uid=new_uid(),
        library_id=activity.library_id,
        activity_id=activity.id,
        activity_kind=activity.kind,
        outcome=MeetingOutcome.HELD,
        held_on=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=None,
        statistics_type="workshop",
        statistics_responsibility="own",
        statistics_target="children",
        announced_before=True,
        headcounts=(HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=persons),),
        partners=partners,
    )
    record_facts(session, clock, facts=facts)


def _partner_of(session: Session, activity: Activity) -> PartnerEntry:
    school = make_partner(session, sector=Sector.SCHOOL)
    session.add(Partnership(activity_id=activity.id, partner_id=school.id, role=PartnerRole.CO_ORGANISER))
    session.flush()
    return PartnerEntry(partner_id=school.id, sector=Sector.SCHOOL)


def _overdue(session: Session, library: Library, activity: Activity) -> None:
    for each in (activity, make_activity(session, library=library, kind=Kind.EVENT)):
        make_meeting(
            session, occasion=make_occasion(session, activity=each), starts_at=NOON - timedelta(days=2)
        )


@pytest.fixture
def scene(arranging: Arranging, clock: StoppedClock) -> Scene:
    with arranging() as session:
        library = make_library(session, slug="granlia")
        pilot = make_activity(session, library=library)
        workshop = make_activity(session, library=library, kind=Kind.WORKSHOP)
        elsewhere = make_activity(session)
        _record(session, clock, pilot, PILOT, (_partner_of(session, pilot),))
        _record(session, clock, workshop, WORKSHOP)
        _record(session, clock, elsewhere, ELSEWHERE)
        _overdue(session, library, pilot)
        librarian = make_account(session, Role.LIBRARIAN, library=library)
        return Scene(librarian=librarian, pilot=pilot, elsewhere=elsewhere)


def told(browser: Browser, asked: str) -> dict[str, object]:
    tables = json.loads(browser.get(f"/staff/figures/files/json?{asked}").text)["tables"]
    figures = {row["figure"]: row["value"] for row in tables[0]["rows"]}
    missing = next(table["rows"] for table in tables if table["code"] == "missing")
    return {"attendances": figures["Attendances"], "missing": len(missing)}


@pytest.mark.parametrize(
    ("asked", "attendances", "missing"),
    [
        ("", PILOT + WORKSHOP, 2),
        ("kind=pilot", PILOT, 1),
        ("kind=workshop", WORKSHOP, 0),
        ("sector=school", PILOT, 1),
        ("sector=health", "–", 0),
        ("kind=event", None, 1),
        ("from=2026-09-09", None, 2),
        ("from=2026-09-01&to=2026-09-30", PILOT + WORKSHOP, 0),
    ],
)
def test_figures_are_those_of_the_part_that_was_chosen(
    browser: Browser, scene: Scene, asked: str, attendances: object, missing: int
) -> None:
    browser.sign_in_as(scene.librarian)

    assert told(browser, asked) == {"attendances": attendances, "missing": missing}


def test_one_activity_can_be_looked_at_and_none_of_another_library(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    own = told(browser, f"activity={scene.pilot.id}")
    theirs = told(browser, f"activity={scene.elsewhere.id}")

    assert own["attendances"] == PILOT
    assert theirs["attendances"] == "–"
    assert str(ELSEWHERE) not in browser.get(f"/staff/figures?activity={scene.elsewhere.id}").text
    assert browser.get("/staff/figures?library=nowhere").status_code == 404


@pytest.mark.parametrize("asked", ["kind=party", "sector=x", "activity=one", "activity=99999999999"])
def test_what_is_no_choice_is_refused_and_everything_else_stays(
    browser: Browser, scene: Scene, asked: str
) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get(f"/staff/figures?{asked}&from=2026-09-01")

    assert answer.status_code == 422
    assert "That is none of the choices." in answer.text
    assert 'value="2026-09-01"' in answer.text
    assert browser.get(f"/staff/figures/files/csv?{asked}").status_code == 404


def test_a_workbook_says_what_it_means_and_that_nothing_is_withheld(
    browser: Browser, scene: Scene, arranging: Arranging
) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get("/staff/figures/files/xlsx?lang=nb")

    sheets = load_workbook(io.BytesIO(answer.data))
    assert 'filename="deltakelse-granlia-2026-host.xlsx"' in answer.headers["Content-Disposition"]
    assert {"Tall", "Hva tallene betyr", "Hva som ikke vises, og hvorfor"} <= set(sheets.sheetnames)
    assert ("Deltakelser", PILOT + WORKSHOP) in {
        row[:2] for row in sheets["Tall"].iter_rows(values_only=True)
    }
    with arranging() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.facts["form"]) == ("figures_exported", "xlsx")


def test_other_days_stand_in_the_files_name(browser: Browser, scene: Scene) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get("/staff/figures/files/json?from=2026-09-01&to=2026-09-30")

    assert "participation-granlia-2026-09-01-2026-09-30.json" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "said", ["table=x", "form=csv", "endpoint=x", "_scheme=javascript&_external=1", "_anchor=x", "_method=x"]
)
@pytest.mark.parametrize("page", ["/staff/figures", "/staff/figures/sheet"])
def test_links_carry_on_what_was_chosen_and_nothing_else(
    browser: Browser, scene: Scene, page: str, said: str
) -> None:
    browser.sign_in_as(scene.librarian)

    answer = browser.get(f"{page}?kind=pilot&{said}")

    assert answer.status_code == 200
    links = [link for link in read_page(answer.text).links if link.startswith("/staff/figures")]
    assert any("kind=pilot" in link for link in links)
    assert "javascript:" not in answer.text
