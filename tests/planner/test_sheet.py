"""Activities from a sheet: each row's fate is shown first, and twice is once."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from booking.activities.models import Activity, Meeting, Occasion
from booking.activities.rules import Kind, Mode, Status
from booking.clock import local_time
from booking.planner.sheet import (
    MOST_ROWS,
    SheetEmpty,
    SheetLacksColumns,
    SheetTooLarge,
    SheetUnreadable,
    as_csv,
    read_sheet,
)
from booking.staff.rules import Role
from booking.work import database
from tests.browser import Browser, read_page
from tests.factories import make_account, make_library

Arranging = Callable[[], AbstractContextManager[Session]]

HEAD = "Tittel;Ingress;Tekst;Type;Fra trinn;Til trinn;Rom;Dato;Begynner;Slutter;Uker;Påmelding;Plasser"
GOOD = "Spillkveld;Brettspill.;Vi spiller.;Tiltak;5;7;Kafeen;01.12.2026;17:00;19.00;10;ja;12"
DROP_IN = "Åpent verksted;Lim og saks.;Vi lager ting.;;;;Verkstedet;02.12.2026;16:00;18:00;;;"
BAD = " ;Uten tittel.;Tekst.;fest;8;5;Kafeen;31.02.2026;19:00;17:00;500;ja;"


def content(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows]).encode()


@pytest.fixture
def library_id(arranging: Arranging, browser: Browser) -> int:
    with arranging() as session:
        library = make_library(session)
        browser.sign_in_as(make_account(session, Role.LIBRARIAN, library=library))
        return library.id


def send(browser: Browser, library_id: int, file: bytes, name: str = "høst.csv") -> Any:
    data = {"library_id": str(library_id), "sheet": (io.BytesIO(file), name)}
    return browser.post("/staff/activities/sheet", data, content_type="multipart/form-data")


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_each_row_s_fate_is_shown_and_nothing_is_saved(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    answer = send(browser, library_id, content(GOOD, DROP_IN, BAD))

    words = words_of(answer.text)
    assert answer.status_code == 200
    assert "Spillkveld 2 10 dates Tuesday 1 December at 17:00–19:00" in words
    assert words.count("Becomes a draft") == 2
    for problem in (
        "Left out Give it a title.",
        "Choose what sort of activity it is.",
        "Write the date as day, month and year",
        "Say how many places there are.",
    ):
        assert problem in words
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 0


def test_the_second_press_puts_up_the_drafts_and_a_second_time_adds_nothing(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    looked = send(browser, library_id, content(GOOD, DROP_IN, BAD))
    told = read_page(looked.text).hidden

    for _twice in range(2):
        assert browser.post("/staff/activities/sheet", told).status_code == 303

    with arranging() as session:
        course, drop_in = session.scalars(select(Activity).order_by(Activity.id)).all()
        assert (course.kind, course.grade_from, course.status) == (Kind.PILOT, 5, Status.DRAFT)
        assert course.responsible_id is not None
        assert drop_in.kind is Kind.EVENT
        modes = session.scalars(select(Occasion.mode).order_by(Occasion.id)).all()
        assert modes == [Mode.SIGN_UP, Mode.DROP_IN]
        hours = {local_time(each.starts_at).time() for each in session.scalars(select(Meeting))}
        assert hours == {time(17), time(16)}
    again = send(browser, library_id, content(GOOD, DROP_IN))
    assert words_of(again.text).count("There already") == 2
    assert "Put up" not in words_of(again.text)


def test_a_row_that_stands_there_twice_becomes_one_draft(
    arranging: Arranging, browser: Browser, library_id: int
) -> None:
    looked = send(browser, library_id, content(GOOD, GOOD))

    browser.post("/staff/activities/sheet", read_page(looked.text).hidden)

    assert words_of(looked.text).count("There already") == 1
    with arranging() as session:
        assert session.scalar(select(func.count()).select_from(Activity)) == 1


def test_a_long_sheet_is_looked_at_in_few_questions(app: Flask, browser: Browser, library_id: int) -> None:
    rows = [GOOD.replace("Spillkveld", f"Kveld {number}") for number in range(30)]
    asked: list[str] = []
    with app.app_context():
        engine = database.engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    assert send(browser, library_id, content(*rows)).status_code == 200

    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 10


def test_a_sheet_of_a_spreadsheet_is_read_with_its_dates_and_hours() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.split(";"))
    row = ["Spillkveld", "Brettspill.", "Vi spiller.", "Tiltak", 5, 7.0, "Kafeen"]
    sheet.append([*row, datetime(2026, 12, 1), time(17), "19:00", 10, "Ja", 12])  # noqa: DTZ001 – as sheets keep days
    file = io.BytesIO()
    book.save(file)

    [told] = read_sheet(file.getvalue())

    assert told["first_on"] == "2026-12-01"
    assert (told["starts"], told["ends"], told["grade_to"], told["mode"]) == (
        "17:00",
        "19:00",
        "7",
        "sign_up",
    )
    [again] = read_sheet(as_csv([told]).encode())
    assert {name: cell for name, cell in again.items() if cell} == told
    assert date.fromisoformat(told["first_on"]).isoweekday() == 2


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 30_000_000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "refusal"),
    [
        (b"", SheetEmpty),
        (b"\n\n", SheetEmpty),
        (content(), SheetEmpty),
        (b"Tittel;Tekst\nA;B", SheetLacksColumns),
        (content(*([GOOD] * (MOST_ROWS + 1))), SheetTooLarge),
        (b"x" * 300_001, SheetTooLarge),
        (HEAD.encode("utf-16"), SheetUnreadable),
        ("Tittel;æ".encode("latin-1"), SheetUnreadable),
        (b"PK\x03\x04 no zip at all", SheetUnreadable),
        (content("a\x00b"), SheetUnreadable),
        (bomb(), SheetTooLarge),
    ],
)
def test_what_is_no_sheet_of_activities_is_refused(file: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_sheet(file)


def test_nobody_fills_another_library(arranging: Arranging, browser: Browser, library_id: int) -> None:
    with arranging() as session:
        other = make_library(session).id

    assert send(browser, other, content(GOOD)).status_code == 404
    told = {"library_id": str(other), "content": content(GOOD).decode()}
    assert browser.post("/staff/activities/sheet", told).status_code == 404


def test_a_form_without_a_file_says_so(browser: Browser, library_id: int) -> None:
    answer = browser.post("/staff/activities/sheet", {"library_id": str(library_id)})

    assert answer.status_code == 422
    assert "Choose a file." in answer.text
