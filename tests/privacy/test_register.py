"""What is said to be kept about people, and what the tables keep, are the same."""

from collections import Counter

import pytest

from booking.db import Base
from booking.privacy.register import PURPOSES, Purpose, registered_columns


def personal_columns() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.info.get("personal")
    }


def tables_that_point_at_people() -> set[str]:
    return {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in {"participant", "signup"}
    }


def test_every_column_about_a_person_is_registered_and_no_other() -> None:
    registered = {column for column, _purpose in registered_columns()}

    assert registered == personal_columns()


def test_every_table_that_points_at_a_person_is_registered() -> None:
    registered = {name for purpose in PURPOSES for name in purpose.records}

    assert tables_that_point_at_people() <= registered
    assert registered <= set(Base.metadata.tables)


def test_every_column_serves_one_purpose() -> None:
    times = Counter(column for column, _purpose in registered_columns())

    assert not [column for column, often in times.items() if often > 1]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.code)
def test_every_purpose_says_what_why_and_how_long(purpose: Purpose) -> None:
    assert purpose.what
    assert purpose.why
    assert purpose.how_long
    assert purpose.columns or purpose.records
