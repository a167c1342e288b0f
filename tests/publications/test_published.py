"""What leaves the house: a figure that is never written by accident, and records that nobody rewrites."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking.participation.figures import Period
from booking.publications.models import Publication, PublishedCell, RoomKnown
from booking.publications.queries import published_periods, published_table, published_tables
from booking.publications.shown import HIDDEN, MISSING, CellState, Shown, number
from booking.publications.tables import ALL, PublishedTable, Table
from tests.factories import NOON

AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
AUGUST, SEPTEMBER = date(2026, 8, 31), date(2026, 9, 30)
HAS_NUMBER, IS_HIDDEN = CellState.NUMBER, CellState.HIDDEN


@pytest.mark.parametrize("figure", [number(7), number(0), HIDDEN, MISSING])
@pytest.mark.parametrize("writing", [str, "{}".format, bool, int, float, escape, [0, 1].__getitem__])
def test_a_figure_is_never_written_by_accident(figure: Shown, writing: Callable[[Any], object]) -> None:
    with pytest.raises(TypeError):
        writing(figure)


def test_who_writes_a_figure_says_what_stands_there_when_there_is_no_number() -> None:
    written = [
        figure.told(number="{} in all".format, hidden=":", missing="–")
        for figure in (number(7), number(0), HIDDEN, MISSING)
    ]

    assert written == ["7 in all", "0 in all", ":", "–"]


@pytest.mark.parametrize(("state", "value"), [(HAS_NUMBER, None), (IS_HIDDEN, 3), (CellState.MISSING, 0)])
def test_what_is_hidden_holds_no_number(state: CellState, value: int | None) -> None:
    with pytest.raises(ValueError):
        Shown(state=state, _number=value)


def publish(session: Session, through_on: date, **cells: int | None) -> None:
    publication = Publication(
        first_on=AUTUMN.first,
        last_on=AUTUMN.last,
        through_on=through_on,
        published_at=NOON,
        least_count=5,
        rule_version="1",
    )
    session.add(publication)
    session.flush()
    for column, value in cells.items():
        session.add(
            PublishedCell(
                publication_id=publication.id,
                table_code=Table.ATTENDANCES_BY_BAND,
                row_code=ALL,
                column_code=column.removeprefix("band_"),
                state=IS_HIDDEN if value is None else HAS_NUMBER,
                value=value,
            )
        )
    session.flush()


def test_a_figure_that_is_hidden_now_keeps_the_number_it_had_and_the_day_of_it(session: Session) -> None:
    publish(session, AUGUST, band_6_12=7, band_13_15=None, all=20)
    publish(session, SEPTEMBER, band_6_12=None, band_13_15=9, all=26)

    table = published_table(session, table=Table.ATTENDANCES_BY_BAND, period=AUTUMN)

    assert table is not None
    assert table.columns == ("6_12", "13_15", ALL)
    assert table.at(ALL, "6_12") == number(7, through_on=AUGUST)
    assert table.at(ALL, "13_15") == number(9, through_on=SEPTEMBER)
    assert (table.at(ALL), table.at("nowhere")) == (number(26, through_on=SEPTEMBER), MISSING)
    assert published_periods(session) == [AUTUMN]


def test_of_a_half_year_of_which_nothing_was_published_there_is_nothing(session: Session) -> None:
    assert published_tables(session, period=AUTUMN) == {}
    assert published_table(session, table=Table.RETURNING, period=AUTUMN) is None


def test_columns_that_were_merged_since_then_stand_in_no_table(session: Session) -> None:
    publish(session, AUGUST, band_6_12=7, band_13_15=9, all=16)
    publish(session, SEPTEMBER, band_0_12=18, all=30)

    table = published_tables(session, period=AUTUMN)[Table.ATTENDANCES_BY_BAND]

    assert table.columns == ("0_12", ALL)


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE published_cell SET value = 1",
        "DELETE FROM published_cell",
        "DELETE FROM publication",
        "UPDATE room_known SET persons = 1",
        "DELETE FROM room_known",
    ],
)
def test_the_database_lets_nobody_rewrite_what_was_published(session: Session, rewriting: str) -> None:
    publish(session, AUGUST, all=20)
    publication = session.scalars(select(Publication)).one()
    session.add(RoomKnown(publication_id=publication.id, row_code="lia", kind="pilot", bands="", persons=9))
    session.flush()

    with pytest.raises(DBAPIError, match="nobody rewrites"), session.begin_nested():
        session.execute(text(rewriting))


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (number(6), number(11), number(55)),
        (number(0), number(12), number(0)),
        (number(9), number(9), HIDDEN),
        (number(0), number(9), HIDDEN),
        (HIDDEN, number(12), HIDDEN),
        (number(6), HIDDEN, HIDDEN),
        (number(0), number(0), MISSING),
        (MISSING, number(12), MISSING),
        (number(6, through_on=AUGUST), number(11, through_on=SEPTEMBER), HIDDEN),
    ],
)
def test_a_percentage_says_no_more_than_its_two_numbers(part: Shown, whole: Shown, share: Shown) -> None:
    table = PublishedTable(
        code=Table.RETURNING,
        period=AUTUMN,
        through_on=AUTUMN.last,
        published_at=NOON,
        rows=(ALL,),
        columns=("returning", ALL),
        cells={(ALL, "returning"): part, (ALL, ALL): whole},
    )

    assert table.percent(ALL, "returning") == share
