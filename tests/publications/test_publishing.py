"""Letting figures out: once a month, whole or not at all, and never so that a difference tells of few."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.participation.models import MeetingFact, PersonFact, Visitor
from booking.participation.operations import record_facts
from booking.participation.rules import MeetingOutcome, Outcome
from booking.publications.checking import telling_publications, wrong_publications
from booking.publications.gate import Told
from booking.publications.ledger_queries import blocks_of
from booking.publications.models import CountedPart, Publication, PublishedCell
from booking.publications.operations import LibraryRenamed, decide_figures, publish_figures
from booking.publications.protection import Rule
from booking.publications.queries import published_tables
from booking.publications.shown import CellState, Shown
from booking.publications.tables import ALL, Table
from tests.conftest import StoppedClock
from tests.factories import make_library
from tests.participation.test_facts import meeting, person, youth

Arranging = Callable[[], AbstractContextManager[Session]]

AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
CAME = Outcome.CAME


def publish_next(session: Session, clock: StoppedClock) -> int:
    decided = decide_figures(session, clock, rule=Rule(), leaving_out=("internal_meeting",))
    return publish_figures(session, clock, decided=decided)


def publish_all(session: Session, clock: StoppedClock) -> int:
    return sum(iter(lambda: publish_next(session, clock), 0))


def hold(session: Session, clock: StoppedClock, uid: str, library_id: int, on: date, **changes: Any) -> None:
    starts_at = datetime(on.year, on.month, on.day, 15, tzinfo=UTC)
    ends_at = starts_at.replace(hour=17)
    times: dict[str, Any] = {"held_on": on, "starts_at": starts_at, "ends_at": ends_at}
    record_facts(session, clock, facts=meeting(uid, library_id, **times, **changes))


def told(shown: Shown) -> int | str:
    hidden: int | str = ":"
    return shown.told(number=lambda count: count, hidden=hidden, missing="–")


def read(session: Session, table: Table, row: str, column: str = ALL) -> int | str:
    return told(published_tables(session, period=AUTUMN)[table].at(row, column))


def on_day(clock: StoppedClock, month: int, day: int, year: int = 2026) -> None:
    clock.set(datetime(year, month, day, 11, tzinfo=UTC))


def test_a_month_is_let_out_a_week_after_it_ended_and_only_once(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 7)
    too_early = publish_next(session, clock)
    on_day(clock, 9, 8)

    published = publish_next(session, clock), publish_next(session, clock)

    assert (too_early, published) == (0, (1, 0))
    assert read(session, Table.ATTENDANCES_BY_MONTH, library.slug, "2026-08") == 12
    publication = session.scalars(select(Publication)).one()
    assert (publication.through_on, publication.least_count) == (date(2026, 8, 31), 5)


def test_where_nothing_was_held_a_figure_is_missing_and_where_nobody_came_it_is_nought(
    session: Session, clock: StoppedClock
) -> None:
    idle, empty = make_library(session), make_library(session)
    hold(session, clock, "s1", empty.id, date(2026, 8, 20), outcome=MeetingOutcome.NOBODY_CAME)
    on_day(clock, 9, 8)

    publish_next(session, clock)

    assert read(session, Table.ATTENDANCES_BY_MONTH, idle.slug, "2026-08") == "–"
    assert read(session, Table.ATTENDANCES_BY_MONTH, empty.slug, "2026-08") == 0
    assert read(session, Table.UNIQUE_BY_BAND, idle.slug) == "–"


def test_a_small_count_takes_another_with_it_and_no_row_of_the_database_holds_them(
    session: Session, clock: StoppedClock
) -> None:
    # Worked example 2, as different children at four libraries.
    libraries = [make_library(session) for _ in range(4)]
    for library, count in zip(libraries, (14, 9, 6, 3), strict=True):
        children = tuple(person(f"{library.id}-{each}", CAME) for each in range(count))
        hold(session, clock, library.slug, library.id, date(2026, 8, 20), persons=children)
    on_day(clock, 9, 8)

    publish_next(session, clock)

    shown = [read(session, Table.UNIQUE_BY_BAND, library.slug) for library in libraries]
    assert (shown, read(session, Table.UNIQUE_BY_BAND, ALL)) == ([14, 9, ":", ":"], 32)
    small = [library.slug for library in libraries[2:]]
    kept = session.scalars(select(PublishedCell.value).where(PublishedCell.row_code.in_(small)))
    assert not any(kept)


@pytest.mark.parametrize(("places", "together"), [(None, 17), (15, 17), (14, ":")])
def test_how_many_places_there_were_is_reckoned_with_and_kept(
    session: Session, clock: StoppedClock, places: int | None, together: int | str
) -> None:
    # Three on six places, and fourteen elsewhere: with fourteen places there, it is three to six here.
    few, full = make_library(session), make_library(session)
    for library, count, capacity in ((few, 3, 6), (full, 14, places)):
        counted = {"headcounts": (youth(count),), "capacity": capacity}
        hold(session, clock, library.slug, library.id, date(2026, 8, 20), **counted)
    on_day(clock, 9, 8)

    publish_next(session, clock)

    told_of = [
        read(session, Table.ATTENDANCES_BY_MONTH, row, "2026-08") for row in (few.slug, full.slug, ALL)
    ]
    assert told_of == [":", ":", together]
    [block] = blocks_of(session, period=AUTUMN)
    known = {few.slug: 6} | ({} if places is None else {full.slug: places})
    bookable = {few.slug: 6, full.slug: places or 0}
    came = {(row, "pilot", ("6_12",)): persons for row, persons in known.items()}
    assert block.room == came | {(row, "pilot", ()): persons for row, persons in bookable.items()}


def test_places_of_a_meeting_whose_register_was_late_are_reckoned_with_when_it_counts(
    session: Session, clock: StoppedClock
) -> None:
    few, full = make_library(session), make_library(session)
    for library in (few, full):
        counted: dict[str, Any] = {"headcounts": (youth(30),), "activity_kind": "event", "capacity": None}
        hold(session, clock, f"a{library.id}", library.id, date(2026, 8, 10), **counted)
    on_day(clock, 9, 8)
    publish_next(session, clock)
    clock.forward(hours=1)
    for library, count, capacity in ((few, 3, 6), (full, 14, 14)):
        counted = {"headcounts": (youth(count),), "capacity": capacity}
        hold(session, clock, f"b{library.id}", library.id, date(2026, 8, 20), **counted)
    on_day(clock, 10, 8)

    publish_next(session, clock)

    rows = (few.slug, full.slug, ALL)
    assert [read(session, Table.ATTENDANCES_BY_MONTH, row, "2026-09") for row in rows] == [":", ":", ":"]


@pytest.mark.parametrize("dropping_in", ["nobody", "elsewhere", "at the door"])
def test_whoever_drops_in_leaves_no_more_places_to_be_booked(
    session: Session, clock: StoppedClock, dropping_in: str
) -> None:
    # Three of six places, fourteen of fourteen and thirty of thirty: of 47 and 30 the first is three to six.
    libraries = [make_library(session) for _ in range(3)]
    for library, count, capacity in zip(libraries, (3, 14, 30), (6, 14, 30), strict=True):
        absent = 5 if count > 3 else 0
        outcomes = [Outcome.DID_NOT_COME] * absent + [CAME] * (count - absent)
        booked = tuple(person(f"{library.id}-{at}", outcome) for at, outcome in enumerate(outcomes))
        counted: dict[str, Any] = {"persons": booked, "capacity": capacity}
        if dropping_in == "at the door":
            counted["headcounts"] = (youth(20),)
        hold(session, clock, f"a{library.id}", library.id, date(2026, 12, 3), **counted)
        if dropping_in == "elsewhere":
            counted = {"headcounts": (youth(40),), "activity_kind": "event", "capacity": None}
            hold(session, clock, f"b{library.id}", library.id, date(2026, 12, 4), **counted)
    on_day(clock, 1, 8, year=2027)

    publish_all(session, clock)

    told_of = [read(session, Table.BOOKED_PLACES, row) for row in (*(each.slug for each in libraries), ALL)]
    assert told_of[0] == ":"
    assert ":" in told_of[2:]


def test_what_changes_by_few_keeps_its_old_number_and_day(session: Session, clock: StoppedClock) -> None:
    steady, other = make_library(session), make_library(session)
    for library in (steady, other):
        hold(session, clock, f"a{library.id}", library.id, date(2026, 8, 20), headcounts=(youth(20),))
    on_day(clock, 9, 8)
    publish_next(session, clock)
    hold(session, clock, "b1", steady.id, date(2026, 9, 20), headcounts=(youth(3),))
    hold(session, clock, "b2", other.id, date(2026, 9, 20), headcounts=(youth(30),))
    on_day(clock, 10, 8)

    publish_next(session, clock)

    tables = published_tables(session, period=AUTUMN)
    kept = tables[Table.ATTENDANCES_BY_MONTH].at(steady.slug)
    assert (told(kept), kept.through_on) == (20, date(2026, 8, 31))
    assert read(session, Table.ATTENDANCES_BY_MONTH, steady.slug, "2026-09") == ":"


def test_a_register_that_is_mended_late_counts_with_the_next_month(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)
    publish_next(session, clock)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(19),))
    hold(session, clock, "s2", library.id, date(2026, 9, 20), headcounts=(youth(10),))
    on_day(clock, 10, 8)

    publish_next(session, clock)

    months = [read(session, Table.ATTENDANCES_BY_MONTH, library.slug, f"2026-0{month}") for month in (8, 9)]
    assert (months, read(session, Table.ATTENDANCES_BY_MONTH, library.slug)) == ([12, 17], 29)


def test_a_register_that_is_mended_to_fewer_takes_back_no_number(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)
    publish_next(session, clock)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(2),))
    on_day(clock, 1, 8, year=2027)

    assert publish_all(session, clock) == 4
    assert read(session, Table.ATTENDANCES_BY_MONTH, library.slug) == 12


def test_a_meeting_that_was_another_librarys_is_taken_back_from_none(
    session: Session, clock: StoppedClock
) -> None:
    first, second = make_library(session), make_library(session)
    hold(session, clock, "s1", first.id, date(2026, 8, 20), headcounts=(youth(12),))
    hold(session, clock, "s2", second.id, date(2026, 8, 20), headcounts=(youth(9),))
    on_day(clock, 9, 8)
    publish_next(session, clock)
    hold(session, clock, "s1", second.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 10, 8)

    publish_next(session, clock)

    read_now = [read(session, Table.ATTENDANCES_BY_MONTH, each.slug) for each in (first, second)]
    assert read_now == [12, 21]
    assert read(session, Table.ATTENDANCES_BY_MONTH, first.slug, "2026-08") == 12


@pytest.mark.parametrize(("before", "now", "kept"), [(5, 3, 5), (3, 5, 5)])
def test_within_a_half_year_the_least_count_is_raised_and_never_lowered(
    session: Session, clock: StoppedClock, before: int, now: int, kept: int
) -> None:
    library = make_library(session)
    for month, least_count in ((8, before), (9, now)):
        hold(session, clock, f"s{month}", library.id, date(2026, month, 20), headcounts=(youth(4),))
        on_day(clock, month + 1, 8)
        rule = Rule(least_count=least_count)
        publish_figures(session, clock, decided=decide_figures(session, clock, rule=rule, leaving_out=()))

    newest = session.scalars(select(Publication).order_by(Publication.id.desc())).first()
    assert newest is not None
    assert newest.least_count == kept
    assert read(session, Table.ATTENDANCES_BY_MONTH, library.slug, "2026-09") == ":"
    assert not any(telling_publications(session))


def test_nothing_is_let_out_under_another_word_for_the_same_library(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)
    publish_next(session, clock)
    library.slug = "another-word"
    on_day(clock, 10, 8)

    with pytest.raises(LibraryRenamed, match="no figures are let out"):
        publish_next(session, clock)


def test_when_the_half_year_is_over_more_is_told_and_it_adds_up(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session)
    regulars = [person(f"r{each}", CAME) for each in range(12)]
    once = [person(f"o{each}", CAME) for each in range(9)]
    absent = [person(f"n{each}", Outcome.DID_NOT_COME) for each in range(8)]
    hold(session, clock, "s1", library.id, date(2026, 11, 20), persons=(*regulars, *once))
    hold(session, clock, "s2", library.id, date(2026, 12, 3), persons=(*regulars, *absent))
    on_day(clock, 1, 8, year=2027)

    assert publish_all(session, clock) == 5

    returning = [read(session, Table.RETURNING, library.slug, each) for each in ("returning", "once", ALL)]
    booked = [read(session, Table.BOOKED_PLACES, library.slug, each) for each in ("came", "no_show", ALL)]
    assert (returning, booked) == ([12, 9, 21], [33, 8, 41])
    assert read(session, Table.RESIDENTS, ALL) == 21


def test_how_a_small_group_divides_is_not_told(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    for number, day in enumerate((3, 10)):
        children = tuple(person(f"c{each}", CAME) for each in range(9))
        hold(session, clock, f"s{number}", library.id, date(2026, 12, day), persons=children)
    on_day(clock, 1, 8, year=2027)

    publish_all(session, clock)

    read_now = [read(session, Table.RETURNING, library.slug, each) for each in ("returning", "once", ALL)]
    assert read_now == [":", ":", 9]


def test_nor_is_it_by_what_is_left_of_all_libraries(session: Session, clock: StoppedClock) -> None:
    small, large = make_library(session, slug="lia"), make_library(session, slug="granlia")
    few = tuple(person(f"f{each}", CAME) for each in range(9))
    regulars = [person(f"r{each}", CAME) for each in range(12)]
    once = [person(f"o{each}", CAME) for each in range(9)]
    for number, day in enumerate((20, 27)):
        hold(session, clock, f"l{number}", small.id, date(2026, 11, day), persons=few)
    hold(session, clock, "s1", large.id, date(2026, 11, 20), persons=(*regulars, *once))
    hold(session, clock, "s2", large.id, date(2026, 11, 27), persons=tuple(regulars))
    on_day(clock, 1, 8, year=2027)

    publish_all(session, clock)

    parts = ("returning", "once", ALL)
    assert [read(session, Table.RETURNING, large.slug, each) for each in parts] == [12, 9, 21]
    assert [read(session, Table.RETURNING, small.slug, each) for each in parts] == [":", ":", 9]
    # 21 and 9 less the 12 and 9 of the large one: that all nine came back.
    assert [read(session, Table.RETURNING, ALL, each) for each in parts] == [":", ":", 30]


def test_erasing_everybody_changes_nothing_that_was_let_out(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    children = tuple(person(f"c{each}", CAME) for each in range(9))
    hold(session, clock, "s1", library.id, date(2026, 8, 20), persons=children)
    on_day(clock, 9, 8)
    publish_next(session, clock)
    before = published_tables(session, period=AUTUMN)

    for table in (PersonFact, Visitor, MeetingFact):
        session.execute(delete(table))

    assert published_tables(session, period=AUTUMN) == before


@pytest.mark.usefixtures("session")
def test_nothing_is_due_where_nothing_was_recorded(session: Session, clock: StoppedClock) -> None:
    make_library(session)

    assert publish_next(session, clock) == 0


def test_of_two_that_publish_at_once_one_finds_it_done(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)
    decisions = [decide_figures(session, clock, rule=Rule(), leaving_out=()) for _ in range(2)]

    published = [publish_figures(session, clock, decided=each) for each in decisions]

    assert published == [1, 0]


def test_publishing_that_is_cut_short_lets_nothing_out(arranging: Arranging, clock: StoppedClock) -> None:
    with arranging() as session:
        library = make_library(session)
        hold(session, clock, "s1", library.id, date(2026, 8, 20), headcounts=(youth(12),))
    on_day(clock, 9, 8)

    with pytest.raises(KeyboardInterrupt), arranging() as session:
        publish_next(session, clock)
        raise KeyboardInterrupt

    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(PublishedCell)) == 0
        assert publish_next(session, clock) == 1


def test_the_doctor_finds_nothing_in_what_the_gate_let_out(session: Session, clock: StoppedClock) -> None:
    libraries = [make_library(session) for _ in range(3)]
    for library, count in zip(libraries, (14, 9, 3), strict=True):
        hold(session, clock, library.slug, library.id, date(2026, 12, 3), headcounts=(youth(count),))
    on_day(clock, 1, 8, year=2027)
    publish_all(session, clock)

    found = [*telling_publications(session), *wrong_publications(session)]

    assert not any(found)


def test_the_doctor_reads_what_was_told_of_a_municipality_whose_code_is_another_now(
    session: Session, clock: StoppedClock
) -> None:
    library = make_library(session, municipality_code="3416")
    children = tuple(person(f"c{each}", CAME, municipality_code="3416") for each in range(12))
    hold(session, clock, "s1", library.id, date(2026, 12, 3), persons=children)
    on_day(clock, 1, 8, year=2027)
    publish_all(session, clock)

    library.municipality_code = "3499"

    assert not any([*telling_publications(session), *wrong_publications(session)])


def test_the_doctor_finds_how_a_small_group_divides(session: Session, clock: StoppedClock) -> None:
    library = make_library(session)
    children = tuple(person(f"c{each}", CAME) for each in range(9))
    for day in (3, 10):
        hold(session, clock, f"s{day}", library.id, date(2026, 12, day), persons=children)
    on_day(clock, 1, 8, year=2027)
    division = (Table.RETURNING, library.slug, "returning")
    while decided := decide_figures(session, clock, rule=Rule(), leaving_out=()):
        told = {**decided.told}
        if division in told:
            told[division] = Told(state=CellState.NUMBER, value=9)
        publish_figures(session, clock, decided=replace(decided, told=told))

    telling = [line for line in telling_publications(session) if line]

    assert telling == ["half-year from 2026-08-01, let out through 2026-12-31: 1 can be worked out"]


def test_the_doctor_finds_a_figure_that_gives_another_away_and_one_that_is_wrong(
    session: Session, clock: StoppedClock
) -> None:
    many, few = make_library(session), make_library(session)
    days = {"first_on": AUTUMN.first, "last_on": AUTUMN.last, "through_on": date(2026, 8, 31)}
    publication = Publication(**days, published_at=clock(), least_count=5, rule_version="1")
    session.add(publication)
    session.flush()
    for library, persons in ((many, 14), (few, 3)):
        part = {"measure": "attendances", "row_code": library.slug, "column_code": "6_12 pilot"}
        session.add(CountedPart(publication_id=publication.id, **part, persons=persons))
    told: list[tuple[str, str, int | None]] = [
        (many.slug, "2026-08", 14),
        (few.slug, "2026-08", None),
        (ALL, "2026-08", 17),
        (many.slug, ALL, 15),
    ]
    for row, column, value in told:
        state = CellState.HIDDEN if value is None else CellState.NUMBER
        place = {"table_code": Table.ATTENDANCES_BY_MONTH, "row_code": row, "column_code": column}
        session.add(PublishedCell(publication_id=publication.id, **place, state=state, value=value))
    session.flush()

    telling = [line for line in telling_publications(session) if line]
    assert len(telling) == 1
    assert telling[0].endswith("can be worked out")
    assert [line for line in wrong_publications(session) if line] == [
        f"publication {publication.id}: attendances_by_month {many.slug} all was told as 15"
    ]
