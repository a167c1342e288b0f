import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking.accounts.codes import lock_for
from booking.activities.models import Meeting
from booking.attendance.door import is_door_time
from booking.attendance.kiosk_queries import find_kiosk
from booking.attendance.walk_in_models import WalkIn
from booking.attendance.walk_in_rules import WalkInLeave
from booking.clock import local_time
from booking.demo.letting_out import moments_of_letting_out
from booking.demo.load import DemoRefused, begin_demo, load_demo
from booking.libraries.models import Installation, InstallationKind, Library
from booking.participation.models import MeetingFact
from booking.publications.checking import wrong_publications
from booking.publications.models import Publication
from booking.reports.models import ToldBeside
from booking.reports.standing_checking import wrong_standings
from booking.signups.models import Signup
from booking.signups.rules import HOLDS_A_PLACE
from tests.browser import Browser
from tests.conftest import StoppedClock
from tests.factories import NOON, make_account, make_family

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
CODE_APPS = lock_for(["a secret that only the tests know about"])


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_page_kit_is_shown_in_every_language(app: Flask, language: str) -> None:
    assert Browser(app, language).get("/demo/kit").status_code == 200


def test_an_empty_mailbox_says_so(browser: Browser) -> None:
    assert browser.get("/demo/mailbox").status_code == 200


def test_a_letter_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/demo/mailbox/..%2F..%2Fsecret_key").status_code == 404


def test_the_demonstration_is_an_autumn_with_a_past(session: Session, clock: StoppedClock) -> None:
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    count = {
        table: session.scalar(select(func.count()).select_from(table))
        for table in (Library, MeetingFact, Signup)
    }
    assert count[Library] == 4
    assert (count[MeetingFact] or 0) > 10
    taken = session.scalar(select(func.count()).where(Signup.state.in_(HOLDS_A_PLACE)))
    assert (taken or 0) > 15


@pytest.mark.parametrize("hours", [0, 6, 11.5, 19])
def test_something_goes_on_at_the_door_whenever_the_demonstration_is_loaded(
    session: Session, clock: StoppedClock, hours: float
) -> None:
    clock.forward(hours=hours)
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    near = select(Meeting).join(Meeting.occasion).where(Meeting.starts_at <= clock() + timedelta(hours=2))
    ticked = session.scalars(near.order_by(Meeting.starts_at.desc())).first()
    assert ticked is not None
    assert is_door_time(now=clock(), starts_at=ticked.starts_at, ends_at=ticked.ends_at)


def test_at_the_door_of_the_demonstration_two_have_just_come_and_a_tablet_stands(
    session: Session, clock: StoppedClock
) -> None:
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    came = session.scalars(select(WalkIn).order_by(WalkIn.id)).all()
    assert [each.leave for each in came] == [WalkInLeave.GIVEN, WalkInLeave.AWAITED]
    assert find_kiosk(session, came[0].meeting_id, now=clock()) is not None


def test_months_that_are_over_were_let_out_when_the_worker_would_have(
    session: Session, clock: StoppedClock
) -> None:
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    rows = session.execute(
        select(Publication.through_on, Publication.published_at, ToldBeside.told)
        .join(ToldBeside, ToldBeside.publication_id == Publication.id)
        .order_by(Publication.through_on)
    ).all()
    told = {row.through_on: local_time(row.published_at) for row in rows}
    assert list(told) == [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]
    assert f"{told[date(2026, 10, 31)]:%d.%m.%Y %H.%M}" == "08.11.2026 00.01"
    # What stood beside them then is what had been recorded by then.
    held = [sum(counts["held"] for counts in row.told["meetings"].values()) for row in rows]
    known = session.scalar(select(func.count()).select_from(MeetingFact)) or 0
    assert 0 < held[0] < held[1] < held[2] < known
    assert [each for check in (wrong_standings, wrong_publications) for each in check(session) if each] == []


def test_the_first_page_with_figures_has_some_at_once(
    browser: Browser, arranging: Callable[[], AbstractContextManager[Session]], clock: StoppedClock
) -> None:
    with arranging() as session:
        begin_demo(session, clock)
        load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    told = json.loads(browser.get("/participation/files/json").text)["tables"]

    tables = {table["code"]: table["rows"] for table in told}
    numbers = [
        value
        for code in ("attendances-by-month", "attendances-by-kind", "unique-by-band")
        for row in tables[code]
        for value in row.values()
        if isinstance(value, int)
    ]
    assert len(numbers) > 20
    assert "/participation/as-it-stood/2026-10-31" in browser.get("/participation").text


@pytest.mark.parametrize(
    ("closed", "now", "moments"),
    [
        (
            "2026-09-01T16:00",
            "2026-11-24T12:00",
            ["09-01 16:01", "09-07 22:01", "10-07 22:01", "11-07 23:01"],
        ),
        ("2026-10-13T17:00", "2026-10-20T12:00", ["10-13 17:01"]),
        ("2026-12-30T17:00", "2027-01-08T12:00", ["12-30 17:01", "01-07 23:01"]),
        ("2026-12-30T17:00", "2026-12-30T17:01", []),
    ],
)
def test_the_worker_lets_a_month_out_a_week_after_it_ended(closed: str, now: str, moments: list[str]) -> None:
    first, today = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (closed, now))

    found = moments_of_letting_out(first_closed_at=first, now=today)

    assert [f"{each.astimezone(UTC):%m-%d %H:%M}" for each in found] == moments


def test_the_same_day_gives_the_same_demonstration(session: Session, clock: StoppedClock) -> None:
    begin_demo(session, clock)
    load_demo(session, clock, hasher=QUICK, code_apps=CODE_APPS)

    assert begin_demo(session, clock) is False


@pytest.mark.parametrize("real", ["account", "family", "installation"])
def test_the_demonstration_is_not_loaded_over_real_data(
    session: Session, clock: StoppedClock, real: str
) -> None:
    if real == "account":
        make_account(session)
    elif real == "family":
        make_family(session)
    else:
        session.add(Installation(id=1, kind=InstallationKind.REAL, begun_at=NOON))

    with pytest.raises(DemoRefused):
        begin_demo(session, clock)
