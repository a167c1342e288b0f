"""The doctor on what was let out: against what was promised then, and what is the least now."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.libraries.models import Library
from booking.participation.operations import record_facts
from booking.publications.checking import publications_below, telling_publications
from booking.publications.models import CountedPart, Publication, PublishedCell
from booking.publications.operations import decide_figures
from booking.publications.protection import Rule
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table
from tests.conftest import StoppedClock
from tests.factories import NOON, make_library
from tests.participation.test_facts import meeting

Arranging = Callable[[], AbstractContextManager[Session]]


def let_out(
    session: Session,
    through_on: date,
    *,
    least_count: int,
    counts: Mapping[str, int],
    told: Mapping[str, int | None],
    rule_version: str = Rule.version,
) -> None:
    """A month as if it had been let out by hand: these attendances, and of each row this number or none."""
    publication = Publication(
        first_on=date(2026, 8, 1),
        last_on=date(2026, 12, 31),
        through_on=through_on,
        published_at=NOON,
        least_count=least_count,
        rule_version=rule_version,
    )
    session.add(publication)
    session.flush()
    for row, persons in counts.items():
        part = {"measure": "attendances", "row_code": row, "column_code": "6_12 pilot"}
        session.add(CountedPart(publication_id=publication.id, **part, persons=persons))
    for row, value in told.items():
        state = CellState.HIDDEN if value is None else CellState.NUMBER
        place = {
            "table_code": Table.ATTENDANCES_BY_MONTH,
            "row_code": row,
            "column_code": f"{through_on:%Y-%m}",
        }
        session.add(PublishedCell(publication_id=publication.id, **place, state=state, value=value))
    session.flush()


@pytest.fixture
def libraries(session: Session) -> tuple[str, str]:
    return make_library(session, slug="eidskog").slug, make_library(session, slug="lia").slug


@pytest.mark.parametrize(("least_count", "lines"), [(5, 0), (8, 1)])
def test_a_month_is_held_against_the_least_count_of_its_own_day(
    session: Session, libraries: tuple[str, str], least_count: int, lines: int
) -> None:
    # Four and four, hidden, with their sum: one to seven each, which is enough for five and not for eight.
    few, some = libraries
    many = {few: 20, some: 30}
    let_out(session, date(2026, 8, 31), least_count=5, counts=many, told={**many, ALL: 50})
    now = {few: None, some: None, ALL: 8}
    let_out(session, date(2026, 9, 30), least_count=least_count, counts={few: 4, some: 4}, told=now)

    telling = [line for line in telling_publications(session) if line]

    assert len(telling) == lines
    assert all("let out through 2026-09-30" in line for line in telling)


def test_who_raised_the_least_count_is_told_what_is_below_it(
    session: Session, libraries: tuple[str, str]
) -> None:
    few, some = libraries
    counts = {few: 4, some: 30}
    let_out(session, date(2026, 8, 31), least_count=3, counts=counts, told={**counts, ALL: 34})

    told = [line for each in (3, 5) for line in publications_below(session, least_count=each) if line]

    half_year = "half-year from 2026-08-01, let out through 2026-08-31"
    below = "figures told that are smaller: 1; counts known more closely than now: 1"
    assert told == [f"{half_year}: 3 was the least then, and 5 is now; {below}"]
    assert not any(telling_publications(session))


@pytest.mark.parametrize(("version", "least_before"), [(Rule.version, 5), ("1", 3)])
def test_what_an_older_rule_let_out_is_guarded_as_far_as_that_goes(
    session: Session, clock: StoppedClock, libraries: tuple[str, str], version: str, least_before: int
) -> None:
    few, some = libraries
    counts = {few: 14, some: 30}
    told = {**counts, ALL: 44}
    let_out(session, date(2026, 8, 31), least_count=5, counts=counts, told=told, rule_version=version)
    clock.set(datetime(2026, 10, 8, 11, tzinfo=UTC))
    held_on = date(2026, 8, 20)
    record_facts(
        session, clock, facts=meeting("s1", session.scalars(select(Library.id)).all()[0], held_on=held_on)
    )

    decided = decide_figures(session, clock, rule=Rule(), leaving_out=())

    assert decided is not None
    assert (decided.rule.least_count, decided.rule.least_before) == (5, least_before)


def test_what_an_older_rule_let_out_says_so(session: Session, libraries: tuple[str, str]) -> None:
    few, some = libraries
    told = {few: None, some: 14, ALL: 17}
    let_out(
        session,
        date(2026, 8, 31),
        least_count=5,
        counts={few: 3, some: 14},
        told=told,
        rule_version="1",
    )

    telling = [line for line in telling_publications(session) if line]

    assert len(telling) == 1
    assert telling[0].startswith("half-year from 2026-08-01, let out by rule 1 through 2026-08-31: ")


def test_the_doctor_notes_it_and_calls_no_promise_broken(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        few, some = make_library(session, slug="eidskog").slug, make_library(session, slug="lia").slug
        counts = {few: 4, some: 30}
        let_out(session, date(2026, 8, 31), least_count=3, counts=counts, told={**counts, ALL: 34})

    asked = app.test_cli_runner().invoke(args=["doctor"])

    assert "note    Figures were let out under a lower least count\n        half-year from" in asked.stdout
    assert "ok      Nobody can work out few from what was let out" in asked.stdout
    assert asked.exit_code == 0
