"""Figures as they are looked at: the coordinator's two clicks, a library's own, everybody's, and paper."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from booking.clock import instant_at
from booking.participation.operations import record_facts
from booking.participation.rules import HeadcountBand, HeadcountEntry, MeetingFacts, MeetingOutcome
from booking.publications.models import Publication, PublishedCell
from booking.publications.shown import CellState
from booking.publications.tables import Table
from booking.staff.rules import Role
from booking.tokens import new_uid
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_activity, make_library, make_meeting, make_occasion
from tests.walks.conftest import DESK, PHONE, Served, check_accessible, sign_in

pytestmark = pytest.mark.browser

OpenBrowser = Callable[..., Page]
Arranging = Callable[[], AbstractContextManager[Session]]
MONTHS = ("2026-08", "2026-09", "2026-10", "all")


def an_autumn(session: Session, clock: StoppedClock) -> list[str]:
    """Two libraries with ten weeks each, and figures that were let out, one of them hidden."""
    slugs = []
    for number, name in enumerate(("Granlia bibliotek", "Elvebredden bibliotek")):
        library = make_library(session, name=name, slug=f"bibliotek-{number}")
        activity = make_activity(session, library=library)
        for week in range(10):
            starts_at = instant_at(date(2026, 9, 1) + timedelta(weeks=week), datetime(2026, 1, 1, 17).time())  # noqa: DTZ001 – a time of day
            headcounts = (HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=5 + week),)
            record_facts(session, clock, facts=_facts(library.id, activity.id, starts_at, headcounts))
        slugs.append(library.slug)
        make_meeting(
            session, occasion=make_occasion(session, activity=activity), starts_at=NOON - timedelta(days=3)
        )
    _publish(session, slugs)
    return slugs


def _facts(
    library_id: int, activity_id: int, starts_at: datetime, headcounts: tuple[HeadcountEntry, ...]
) -> MeetingFacts:
    return MeetingFacts(
        meeting_uid=new_uid(),
        library_id=library_id,
        activity_id=activity_id,
        activity_kind="pilot",
        outcome=MeetingOutcome.HELD,
        held_on=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        capacity=12,
        statistics_type="workshop",
        statistics_responsibility="own",
        statistics_target="children",
        announced_before=True,
        headcounts=headcounts,
    )


def _publish(session: Session, slugs: list[str]) -> None:
    publication = Publication(
        first_on=date(2026, 8, 1),
        last_on=date(2026, 12, 31),
        through_on=date(2026, 10, 31),
        published_at=NOON,
        least_count=5,
        rule_version="test",
    )
    session.add(publication)
    session.flush()
    for table, columns in (
        (Table.ATTENDANCES_BY_MONTH, MONTHS),
        (Table.ATTENDANCES_BY_BAND, ("6_12", "13_15", "all")),
    ):
        for row in (*slugs, "all"):
            for column in columns:
                is_hidden = column in {"2026-08", "13_15"}
                session.add(
                    PublishedCell(
                        publication_id=publication.id,
                        table_code=table,
                        row_code=row,
                        column_code=column,
                        state=CellState.HIDDEN if is_hidden else CellState.NUMBER,
                        value=None if is_hidden else 40,
                    )
                )


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_figures_are_read_by_everybody_they_are_for(
    arranging: Arranging, clock: StoppedClock, served: Served, open_browser: OpenBrowser
) -> None:
    with arranging() as session:
        slugs = an_autumn(session, clock)
        coordinator = make_account(session, Role.COORDINATOR)
    desk, phone = open_browser(DESK, language="nb"), open_browser(PHONE, scripts=True)

    for page in (desk, phone):
        for address in ("/participation", "/participation/definitions"):
            page.goto(address)
            check_accessible(page)
        sign_in(page, served, coordinator)
        page.goto("/staff/figures/all")
        check_accessible(page)
        page.goto(f"/staff/figures/targets?library={slugs[0]}")
        check_accessible(page)

    # From where the coordinator begins, this autumn's sheet is one click away; signing in was the other.
    desk.goto("/staff/figures/all")
    desk.get_by_role("link", name="Alt på ett ark").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Velkommen inn, høsten 2026")
    check_accessible(desk)
    assert desk.pdf(format="A4").count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_library_reads_its_own_figures(
    arranging: Arranging, clock: StoppedClock, served: Served, open_browser: OpenBrowser, width: int
) -> None:
    with arranging() as session:
        an_autumn(session, clock)
        library = make_library(session, name="Åsen bibliotek", slug="asen")
        activity = make_activity(session, library=library)
        starts_at = instant_at(date(2026, 9, 2), datetime(2026, 1, 1, 17).time())  # noqa: DTZ001 – a time of day
        headcounts = (HeadcountEntry(band=HeadcountBand.AGE_6_12, persons=7),)
        record_facts(session, clock, facts=_facts(library.id, activity.id, starts_at, headcounts))
        librarian = make_account(session, Role.LIBRARIAN, library=library)
    page = open_browser(width)
    sign_in(page, served, librarian)

    page.goto("/staff/figures")
    check_accessible(page)
    page.get_by_text("Contact hours").first.click()
    expect(page.get_by_text("The length of each meeting times")).to_be_visible()
    page.get_by_label("Kind of activity").select_option("workshop")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("th:has-text('Attendances') + td").first).to_have_text("–")
    check_accessible(page)
    for address in ("/staff/figures/sheet", "/staff/figures/year?year=2026"):
        page.goto(address)
        check_accessible(page)
