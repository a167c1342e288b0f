"""What the page told of meetings and targets when figures were let out stays readable as it was."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.activities.models import Activity, ActivityText
from booking.audit.models import AuditEntry
from booking.libraries.models import Library
from booking.participation.figures import Period
from booking.participation.operations import record_facts
from booking.participation.rules import HeadcountBand, HeadcountEntry
from booking.publications.models import Publication
from booking.reports.models import ToldBeside
from booking.reports.operations import set_targets
from booking.reports.standing_checking import wrong_standings
from booking.staff.models import Account
from booking.staff.rules import Role
from booking.work import unit_of_work
from booking.worker import jobs_in_use, run_jobs
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import make_account, make_activity, make_library, make_meeting, make_occasion
from tests.participation.test_facts import meeting

Arranging = Callable[[], AbstractContextManager[Session]]
AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
_KEPT = ("first_on", "last_on", "published_at", "least_count", "rule_version")
STOOD, INSIDE = "/participation/as-it-stood/2026-10-31", "/staff/figures/all/as-it-stood/2026-10-31"


def _hold(session: Session, clock: StoppedClock, activity: Activity, day: date, *, hours: int = 2) -> None:
    starts_at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    facts = meeting(
        f"{activity.slug} {day}",
        activity.library_id,
        activity_id=activity.id,
        held_on=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        capacity=11,
        headcounts=(HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=25),),
    )
    record_facts(session, clock, facts=facts)


def _aim(session: Session, clock: StoppedClock, coordinator: Account, meetings: int) -> None:
    set_targets(
        session,
        clock,
        library_id=None,
        period=AUTUMN,
        amounts={"sessions": Decimal(meetings)},
        account_id=coordinator.id,
    )


@pytest.fixture
def coordinator(arranging: Arranging, clock: StoppedClock, app: Flask) -> Account:
    """Let out what one pilot comes to, with a meeting that nobody has recorded, and go on afterwards."""
    with arranging() as session:
        library = make_library(session, slug="granlia", name="Granlia bibliotek")
        activity = make_activity(session, library=library, slug="spillkveld")
        made = make_occasion(session, activity=activity)
        make_meeting(session, occasion=made, starts_at=datetime(2026, 10, 20, 15, tzinfo=UTC))
        coordinator = make_account(session, Role.COORDINATOR)
        for day in (date(2026, 9, 8), date(2026, 10, 6)):
            _hold(session, clock, activity, day)
        _aim(session, clock, coordinator, 40)
    with app.app_context():
        for _month in range(4):
            run_jobs({"publish-figures": jobs_in_use()["publish-figures"]})
    with arranging() as session:
        activity = session.scalars(select(Activity)).one()
        _hold(session, clock, activity, date(2026, 10, 13), hours=3)
        _aim(session, clock, coordinator, 90)
        session.scalars(select(ActivityText)).one().title = "Noe helt annet"
    return coordinator


def _tables(browser: Browser, address: str) -> dict[str, list[dict[str, Any]]]:
    joined = "&" if "?" in address else "?"
    told = json.loads(browser.get(f"{address}{joined}lang=en").text)
    return {each["code"]: each["rows"] for each in told["tables"]}


def test_what_was_told_of_meetings_then_is_not_what_is_told_of_them_now(
    browser: Browser, coordinator: Account
) -> None:
    then = _tables(browser, f"{STOOD}/files/json")
    now = _tables(browser, "/participation/files/json?half=2026-autumn")

    assert then["meetings"][0] == {
        "library": "Granlia bibliotek",
        "held": 2,
        "called_off": 0,
        "not_recorded": 1,
    }
    [pilot] = then["pilots"]
    assert (pilot["pilot"], pilot["held"], pilot["not_recorded"]) == ("Spillkveld", 2, 1)
    assert (pilot["hours"], pilot["places"], pilot["attendances"]) == (4.0, 22, 50)
    assert sum(row["weeks_1"] for row in then["weeks"]) == 2
    assert (now["meetings"][0]["held"], now["pilots"][0]["hours"]) == (3, 7.0)
    assert now["pilots"][0]["pilot"] == "Noe helt annet"
    page = browser.get(f"{STOOD}?lang=en").text
    assert "What was told of meetings" in page
    assert "Noe helt annet" not in page


def test_targets_as_they_were_are_told_to_who_coordinates_alone(
    browser: Browser, coordinator: Account
) -> None:
    outside = _tables(browser, f"{STOOD}/files/json")
    browser.sign_in_as(coordinator)
    inside = _tables(browser, f"{INSIDE}/files/json")
    page = browser.get(f"{INSIDE}?lang=en").text

    assert "targets" not in outside
    assert [(row["reached"], row["target"]) for row in inside["targets"]] == [(2, 40)]
    assert "Targets" in page
    assert "90" not in {str(row["target"]) for row in inside["targets"]}


def test_a_file_that_is_taken_along_inside_is_on_record(
    browser: Browser, arranging: Arranging, coordinator: Account
) -> None:
    browser.sign_in_as(coordinator)
    browser.get(f"{INSIDE}/files/xlsx")

    with arranging() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "figures_exported")).one()
        assert (noted.account_id, noted.facts["form"]) == (coordinator.id, "xlsx")


@pytest.mark.parametrize("statement", ["UPDATE told_beside SET told = told", "DELETE FROM told_beside"])
def test_nobody_changes_what_was_told(app: Flask, coordinator: Account, statement: str) -> None:
    with app.app_context(), pytest.raises(DBAPIError, match="nobody rewrites"), unit_of_work() as work:
        work.session.execute(text(statement))


def test_each_publication_has_it_written_with_it(arranging: Arranging, coordinator: Account) -> None:
    with arranging() as session:
        published = set(session.scalars(select(Publication.id)))
        kept = set(session.scalars(select(ToldBeside.publication_id)))

    assert published == kept
    assert len(published) == 3


def test_where_it_was_not_kept_the_page_says_that_it_is_missing(
    browser: Browser, arranging: Arranging
) -> None:
    with arranging() as session:
        make_library(session)
        session.add(
            Publication(
                first_on=AUTUMN.first,
                last_on=AUTUMN.last,
                through_on=date(2026, 10, 31),
                published_at=datetime(2026, 11, 8, tzinfo=UTC),
                least_count=5,
                rule_version="1",
            )
        )

    page = browser.get(f"{STOOD}?lang=en").text

    assert "was not kept. It is missing, not nought." in page
    assert _tables(browser, f"{STOOD}/files/json").keys() == {"definitions", "withheld"}


def test_the_doctor_finds_what_does_not_add_up_any_more(arranging: Arranging, coordinator: Account) -> None:
    with arranging() as session:
        before = list(wrong_standings(session))
        newest = session.scalars(select(ToldBeside).order_by(ToldBeside.publication_id.desc())).first()
        assert newest is not None
        told = json.loads(json.dumps(newest.told))
        told["weeks"][0][2]["meetings"] += 1
        values = {name: getattr(session.get_one(Publication, newest.publication_id), name) for name in _KEPT}
        another = Publication(**{**values, "through_on": date(2026, 11, 30)})
        session.add(another)
        session.flush()
        session.add(ToldBeside(publication_id=another.id, told=told))
        session.flush()
        after = list(wrong_standings(session))

    assert before == [None] * 3
    assert after == [*before, f"beside publication {another.id}: meetings do not add up"]


def test_a_library_that_came_later_was_not_there(
    browser: Browser, arranging: Arranging, coordinator: Account
) -> None:
    with arranging() as session:
        make_library(session, name="Nyskog bibliotek")

    names = [row["library"] for row in _tables(browser, f"{STOOD}/files/json")["meetings"]]

    assert names == ["Granlia bibliotek", "All libraries"]


def test_pilots_that_nobody_recorded_stand_beside_the_others(
    browser: Browser, arranging: Arranging, coordinator: Account
) -> None:
    with arranging() as session:
        library = session.scalars(select(Library)).first()
        activity = make_activity(session, library=library)
        made = make_occasion(session, activity=activity)
        make_meeting(session, occasion=made, starts_at=datetime(2026, 11, 3, 15, tzinfo=UTC))

    rows = _tables(browser, "/participation/files/json?half=2026-autumn")["pilots"]

    assert [(row["held"], row["not_recorded"]) for row in rows] == [(3, 1), (0, 1)]
