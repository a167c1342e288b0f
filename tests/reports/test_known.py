"""What was published of persons where all were counted at the door is missing, and not nought."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from booking.participation.figures import Period
from booking.publications.shown import HIDDEN, MISSING, Shown, number
from booking.publications.tables import PublishedTable, Table
from booking.reports.known import as_known

PERIOD = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
HOME = {"granlia": "3401", "odal": "3414"}


def table(code: Table, rows: Mapping[str, Mapping[str, Shown | int]]) -> PublishedTable:
    cells = {
        (row, column): each if isinstance(each, Shown) else number(each)
        for row, columns in rows.items()
        for column, each in columns.items()
    }
    return PublishedTable(
        code=code,
        period=PERIOD,
        through_on=PERIOD.last,
        published_at=datetime(2027, 1, 8, tzinfo=UTC),
        rows=tuple(rows),
        columns=tuple(dict.fromkeys(column for _row, column in cells)),
        cells=cells,
    )


def known(
    unique: Mapping[str, Shown | int], came: Mapping[str, Shown | int], **others: PublishedTable
) -> Mapping[Table, PublishedTable]:
    tables = {
        Table.UNIQUE_BY_BAND: table(Table.UNIQUE_BY_BAND, {"odal": unique}),
        Table.ATTENDANCES_BY_BAND: table(Table.ATTENDANCES_BY_BAND, {"odal": came}),
        **{Table(code): each for code, each in others.items()},
    }
    return as_known(tables, HOME)


@pytest.mark.parametrize(
    ("unique", "came", "cell"),
    [
        ({"6_12": 0, "all": 0}, {"6_12": 9, "all": 9}, MISSING),
        ({"6_12": 0, "all": 0}, {"6_12": HIDDEN, "all": 9}, MISSING),
        ({"6_12": 0, "all": 0}, {"6_12": 0, "all": 9}, number(0)),
        ({"6_12": 0, "all": 0}, {"6_12": 0, "all": 0}, number(0)),
        ({"6_12": 0, "all": 7}, {"6_12": 9, "all": 20}, MISSING),
        ({"6_12": 0, "all": 7}, {"6_12": HIDDEN, "all": 20}, number(0)),
        ({"6_12": 5, "all": 5}, {"6_12": 9, "all": 9}, number(5)),
        ({"6_12": HIDDEN, "all": 0}, {"6_12": 9, "all": 9}, HIDDEN),
        ({"6_12": MISSING, "all": MISSING}, {"6_12": 9, "all": 9}, MISSING),
    ],
)
def test_nought_with_a_name_is_nought_only_where_nobody_was_counted_without(
    unique: Mapping[str, Shown | int], came: Mapping[str, Shown | int], cell: Shown
) -> None:
    assert known(unique, came)[Table.UNIQUE_BY_BAND].at("odal", "6_12") == cell


def test_who_came_back_and_who_lives_there_is_missing_with_them() -> None:
    returning = table(Table.RETURNING, {"odal": {"returning": 0, "all": 0}, "granlia": {"all": 0}})
    residents = table(Table.RESIDENTS, {"3414": {"all": 0}, "3401": {"all": 0}, "elsewhere": {"all": 0}})

    found = known({"all": 0}, {"all": 9}, returning=returning, residents=residents)

    assert found[Table.UNIQUE_BY_BAND].at("odal") == found[Table.RETURNING].at("odal", "returning") == MISSING
    assert found[Table.RETURNING].at("granlia") == number(0)
    assert found[Table.RESIDENTS].at("3414") == MISSING
    assert found[Table.RESIDENTS].at("3401") == found[Table.RESIDENTS].at("elsewhere") == number(0)


def test_where_nothing_of_ages_was_published_the_tables_are_as_they_were() -> None:
    tables = {Table.RETURNING: table(Table.RETURNING, {"odal": {"all": 0}})}

    assert as_known(tables, HOME) == tables
