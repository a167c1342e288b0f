"""The open figures for other programs: what was published, with one sign for all that is hidden."""

import csv
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from booking.api.participation_rules import code_of, read_wanted_figures
from booking.api.rules import Unreadable
from booking.participation.figures import Period
from booking.publications.models import Publication, PublishedCell
from booking.publications.shown import CellState
from booking.publications.tables import ALL, Table
from tests.api.describing import TOLD, check
from tests.factories import NOON

Arranging = Callable[[], AbstractContextManager[Session]]
ADDRESS = "/api/v1/participation"
AUTUMN = Period(first=date(2026, 8, 1), last=date(2026, 12, 31))
CELLS = {("granlia", "6_12"): 14, ("granlia", ALL): 14, ("lia", "6_12"): None, ("lia", ALL): None}


def _publish(session: Session, period: Period = AUTUMN, table: Table = Table.ATTENDANCES_BY_BAND) -> None:
    publication = Publication(
        first_on=period.first,
        last_on=period.last,
        through_on=date(period.first.year, period.first.month, 31),
        published_at=NOON,
        least_count=5,
        rule_version="1",
    )
    session.add(publication)
    session.flush()
    for (row, column), value in CELLS.items():
        session.add(
            PublishedCell(
                publication_id=publication.id,
                table_code=table,
                row_code=row,
                column_code=column,
                state=CellState.HIDDEN if value is None else CellState.NUMBER,
                value=value,
            )
        )


def _ask(app: Flask, query: str = "", **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get(f"{ADDRESS}{query}", headers=sent)


def _told(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data)


def test_before_anything_was_published_there_is_nothing_and_no_noughts(app: Flask) -> None:
    told = _told(_ask(app))

    assert told == {"half_year": None, "half_years": [], "figures": [], "next": None}
    check(told, "Participation")


def test_what_was_published_is_told_with_one_sign_for_all_that_is_hidden(
    app: Flask, arranging: Arranging
) -> None:
    with arranging() as session:
        _publish(session)

    told = _told(_ask(app))

    check(told, "Participation")
    assert (told["half_year"], told["half_years"]) == ("2026-autumn", ["2026-autumn"])
    assert [(each["row"], each["column"], each["value"]) for each in told["figures"]] == [
        ("granlia", "6_12", 14),
        ("granlia", "all", 14),
        ("lia", "6_12", ":"),
        ("lia", "all", ":"),
    ]
    assert {each["counted_through"] for each in told["figures"]} == {"2026-08-31"}


def test_the_same_stands_in_the_table(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        _publish(session)

    for answer in (_ask(app, ".csv"), _ask(app, Accept="text/csv")):
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert [row["value"] for row in rows] == ["14", "14", ":", ":"]
        assert "participation-2026-autumn.csv" in answer.headers["Content-Disposition"]


def test_the_newest_half_year_comes_by_itself_and_an_older_one_when_asked(
    app: Flask, arranging: Arranging
) -> None:
    spring = Period(first=date(2026, 1, 1), last=date(2026, 7, 31))
    with arranging() as session:
        _publish(session, spring, Table.RETURNING)
        _publish(session)

    assert _told(_ask(app))["half_year"] == "2026-autumn"
    older = _told(_ask(app, "?half_year=2026-spring"))
    assert {each["table"] for each in older["figures"]} == {"returning"}
    assert _told(_ask(app, "?table=returning"))["figures"] == []
    assert _ask(app, "?half_year=2025-autumn").status_code == 400


def test_pages_follow_each_other(app: Flask, arranging: Arranging) -> None:
    with arranging() as session:
        _publish(session)

    first = _told(_ask(app, "?limit=3"))
    rest = _told(app.test_client().get(first["next"]))

    assert [len(first["figures"]), len(rest["figures"])] == [3, 1]
    assert rest["next"] is None


def test_what_has_not_changed_is_not_sent_again_and_no_cookie_is_set(
    app: Flask, arranging: Arranging
) -> None:
    first = _ask(app)
    assert _ask(app, If_None_Match=first.headers["ETag"]).status_code == 304

    with arranging() as session:
        _publish(session)

    changed = _ask(app, If_None_Match=first.headers["ETag"])
    assert changed.status_code == 200
    assert "Set-Cookie" not in changed.headers
    assert changed.headers["Cache-Control"] == "public, max-age=300, must-revalidate"


@pytest.mark.parametrize(
    ("args", "parameter"),
    [
        ({"half_year": ["2026"]}, "half_year"),
        ({"half_year": ["2026-summer"]}, "half_year"),
        ({"table": ["names"]}, "table"),
        ({"after": ["-1"]}, "after"),
        ({"limit": ["0"]}, "limit"),
        ({"library": ["granlia"]}, "library"),
        ({"table": ["returning", "residents"]}, "table"),
    ],
)
def test_there_is_no_filter_of_ones_own(args: dict[str, list[str]], parameter: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_wanted_figures(args)

    assert refused.value.facts == {"parameter": parameter}


def test_half_years_are_called_by_their_season() -> None:
    spring = Period(first=date(2027, 1, 1), last=date(2027, 7, 31))

    assert [code_of(AUTUMN), code_of(spring)] == ["2026-autumn", "2027-spring"]
    assert read_wanted_figures({"half_year": ["2027-spring"]}).period == spring


def test_each_table_is_described() -> None:
    assert TOLD["components"]["schemas"]["Figure"]["properties"]["table"]["enum"] == [
        each.value for each in Table
    ]
