"""The doctor on what was let out: against what was promised then, and what is the least now."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from booking.publications.checking import publications_below, telling_publications
from booking.publications.models import CountedPart, Publication, PublishedCell, RoomKnown
from booking.publications.protection import Rule
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table
from tests.factories import NOON, make_library

Arranging = Callable[[], AbstractContextManager[Session]]


def let_out(
    session: Session,
    through_on: date,
    *,
    least_count: int,
    counts: Mapping[str, int],
    told: Mapping[str, int | None],
    rule_version: str = Rule.version,
    places: Mapping[str, int] | None = None,
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
    for row, persons in (places or {}).items():
        line = RoomKnown(row_code=row, kind="pilot", bands="6_12", persons=persons)
        line.publication_id = publication.id
        session.add(line)
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


def test_what_an_earlier_month_told_is_below_it_too(session: Session, libraries: tuple[str, str]) -> None:
    few, some = libraries
    august, september = {few: 4, some: 30}, {few: 20, some: 30}
    let_out(session, date(2026, 8, 31), least_count=3, counts=august, told={**august, ALL: 34})
    let_out(session, date(2026, 9, 30), least_count=3, counts=september, told={**september, ALL: 50})

    [line] = [each for each in publications_below(session, least_count=5) if each]

    # It is in August, and whatever September had hidden would not have helped.
    assert "figures told that are smaller: 1; counts known more closely than now: 1" in line


@pytest.mark.parametrize(("places", "lines"), [({}, 0), ({"eidskog": 20}, 0), ({"eidskog": 6}, 1)])
def test_whoever_knows_how_many_places_there_were_is_reckoned_with(
    session: Session, libraries: tuple[str, str], places: Mapping[str, int], lines: int
) -> None:
    # Four and nine, hidden, with their sum: one to twelve each. With nine places at the second it is four to
    # twelve at the first, which is wide enough still; with six places at the first it is four to six.
    few, some = libraries
    now = {few: None, some: None, ALL: 13}
    there = {**places, some: 9} if places else {}
    let_out(session, date(2026, 8, 31), least_count=5, counts={few: 4, some: 9}, told=now, places=there)

    assert len([line for line in telling_publications(session) if line]) == lines


def test_what_is_known_from_few_places_alone_breaks_no_promise(
    session: Session, libraries: tuple[str, str]
) -> None:
    few, some = libraries
    now = {few: None, some: None, ALL: None}
    counts, places = {few: 2, some: 9}, {few: 3}
    let_out(session, date(2026, 8, 31), least_count=5, counts=counts, told=now, places=places)

    assert not any(telling_publications(session))


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
