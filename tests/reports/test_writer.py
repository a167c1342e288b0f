"""Files that a spreadsheet opens as text and numbers, in which no cell calculates (SEC-23)."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from booking.reports.cells import Book, Sign, Table
from booking.reports.workbook import as_workbook, sheet_names
from booking.reports.writer import FileForm, as_csv, as_json, cannot_calculate, file_name

FORMULAS = (
    "=1+1",
    "+47 22 22 22 22",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    '=HYPERLINK("http://example.org";"x")',
    "=cmd|' /C calc'!A0",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "Spill;=1+1",
    "Spill,=1+1",
    'Spill,"=1+1"',
    "Spill\t@x",
    "Spill\n=1",
    "Spill\r\n=1",
    "Spill\u2028=1",
    "Spill\x0b=1",
)
BEGINNINGS = "=+-@＝＋－＠\t\r\n"
MADE_AT = datetime(2026, 11, 24, 11, tzinfo=UTC)


def book(text: str = "Spillkveld", name: str = "Tittel") -> Book:
    table = Table(
        code="main",
        title=name,
        columns=(("title", name), ("day", "Dag"), ("persons", "Antall"), ("hours", "Timer")),
        rows=(
            (text, date(2026, 11, 24), 1234, Decimal("20.5")),
            ("Annet", date(2026, 1, 2), Sign.HIDDEN, Sign.MISSING),
            ("Tredje", date(2026, 1, 2), 0, Sign.NOTHING),
        ),
    )
    return Book(
        name=("deltakelse", "kongsvinger", "2026 høst"),
        title=text,
        about=((text, text),),
        tables=(table,),
        missing="mangler",
        signs=((":", "vises ikke"), ("mangler", "mangler"), ("–", "ingenting")),
    )


def split_as(content: bytes, delimiter: str) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("form", [FileForm.CSV, FileForm.EXCEL_CSV])
def test_no_cell_of_a_text_file_calculates_wherever_it_is_split(text: str, form: FileForm) -> None:
    written = book(text, name=text)

    content = as_csv(written.tables[0], written.missing, form)

    for delimiter in ";,\t":
        for cell in split_as(content, delimiter):
            assert not cell.strip(" \"'").startswith(tuple(BEGINNINGS)) or cell.strip(' "').startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_calculates(text: str) -> None:
    opened = load_workbook(io.BytesIO(as_workbook(book(text, name=text), made_at=MADE_AT)))

    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert all(cell.style and cell.quotePrefix for cell in cells if cell.data_type == "s")
    for name in opened.sheetnames:
        assert not name.startswith(tuple(BEGINNINGS))


def test_excel_gets_semicolons_a_mark_and_decimal_commas() -> None:
    written = book()

    content = as_csv(written.tables[0], written.missing, FileForm.EXCEL_CSV).decode()

    assert content == (
        "\ufeffTittel;Dag;Antall;Timer\r\n"
        "Spillkveld;24.11.2026;1234;20,5\r\n"
        "Annet;02.01.2026;:;mangler\r\n"
        "Tredje;02.01.2026;0;–\r\n"
    )


def test_programs_get_commas_points_and_days_that_sort() -> None:
    written = book()

    content = as_csv(written.tables[0], written.missing, FileForm.CSV).decode()

    assert content == (
        "Tittel,Dag,Antall,Timer\r\n"
        "Spillkveld,2026-11-24,1234,20.5\r\n"
        "Annet,2026-01-02,:,mangler\r\n"
        "Tredje,2026-01-02,0,–\r\n"
    )


def test_a_workbook_holds_numbers_as_numbers_and_days_as_days() -> None:
    opened = load_workbook(io.BytesIO(as_workbook(book(), made_at=MADE_AT)))

    rows = list(opened["Tittel"].iter_rows(values_only=True))
    assert rows[1] == ("Spillkveld", datetime(2026, 11, 24), 1234, 20.5)  # noqa: DTZ001 – a sheet's day
    assert rows[2][2:] == (":", "mangler")
    assert rows[3][2:] == (0, "–")
    assert opened.properties.created == MADE_AT.replace(tzinfo=None)


def test_the_same_book_is_the_same_file() -> None:
    assert as_workbook(book(), made_at=MADE_AT) == as_workbook(book(), made_at=MADE_AT)


def test_machines_get_numbers_the_sign_and_null() -> None:
    told = json.loads(as_json(book("=1+1")))

    assert told["tables"][0]["rows"][0] == {
        "title": "=1+1",
        "day": "2026-11-24",
        "persons": 1234,
        "hours": 20.5,
    }
    assert told["tables"][0]["rows"][1]["persons"] == ":"
    assert told["tables"][0]["rows"][1]["hours"] is None
    assert told["tables"][0]["rows"][2]["hours"] == "–"


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Deltakelse", "kongsvinger", "2026 høst"), "deltakelse-kongsvinger-2026-host.xlsx"),
        (("=Deltakelse", "", "../../etc"), "deltakelse-etc.xlsx"),
        (('x"\r\nSet-Cookie: a', "b"), "x-set-cookie-a-b.xlsx"),
        (("Сводка",), "figures.xlsx"),
        (("å" * 200,), f"{'a' * 80}.xlsx"),
    ],
)
def test_a_files_name_says_what_and_when_and_nothing_else(parts: tuple[str, ...], name: str) -> None:
    assert file_name(parts, FileForm.XLSX) == name


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["A", "a", "A"], ["A", "a 2", "A 3"]),
        (["=1+1", "'x'", "a/b:c"], ["1+1", "x", "a b c"]),
        (["History", "", "[]"], ["History 2", "–", "– 2"]),
        (["x" * 40, "x" * 40], ["x" * 31, f"{'x' * 27} 2"]),
    ],
)
def test_sheets_have_names_that_are_allowed_and_their_own(titles: list[str], names: list[str]) -> None:
    assert sheet_names(titles) == names


def test_a_child_with_three_hundred_pictures_for_a_name_breaks_no_file() -> None:
    long = book("🦔" * 300, name="🦔" * 300)

    assert load_workbook(io.BytesIO(as_workbook(long, made_at=MADE_AT))).sheetnames
    assert "🦔" in as_csv(long.tables[0], "mangler", FileForm.CSV).decode()


def test_a_plain_text_stays_as_it_is() -> None:
    assert cannot_calculate("Lesestund, 3–5 år (ta med en voksen)") == "Lesestund, 3–5 år (ta med en voksen)"
