"""The workbook that a spreadsheet opens: a sheet for each table, text as text and numbers as numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from booking.reports.cells import Book, Cell, Sign, Table, as_written

# What may not stand in the name of a sheet, and what would make a formula of it.
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\U00010000-\U0010ffff]")
_NOT_AT_ITS_EDGES: Final = "'=+-@＝＋－＠ "
_LONGEST_SHEET_NAME: Final = 31
_LONGEST_TEXT: Final = 30_000
_WIDEST: Final = 60
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


@dataclass(frozen=True, kw_only=True)
class _Styles:
    title: Format
    head: Format
    text: Format
    day: Format
    whole: Format
    broken: Format
    sign: Format


def as_workbook(book: Book, *, made_at: datetime) -> bytes:
    """Return the workbook: a first sheet that says what it is about, and one for each table."""
    out = BytesIO()
    with Workbook(out, dict(_OPTIONS)) as workbook:
        # Without a time of ours the library would write down the machine's own.
        workbook.set_properties({"title": book.title, "created": made_at.replace(tzinfo=None)})
        styles = _styles(workbook)
        names = sheet_names([book.title, *(table.title for table in book.tables)])
        _front(workbook.add_worksheet(names[0]), book, styles)
        for name, table in zip(names[1:], book.tables, strict=True):
            _write(workbook.add_worksheet(name), table, book.missing, styles)
    return out.getvalue()


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return a name for each sheet: short enough, of signs that are allowed, and no name twice."""
    names: list[str] = []
    for title in titles:
        plain = _NOT_IN_SHEET_NAMES.sub(" ", title).strip(_NOT_AT_ITS_EDGES)
        stem = plain[:_LONGEST_SHEET_NAME].strip(_NOT_AT_ITS_EDGES) or "–"
        taken = {name.casefold() for name in names}
        numbered = (f"{stem[: _LONGEST_SHEET_NAME - 4]} {number}" for number in range(2, len(titles) + 2))
        # Excel keeps the name "History" for itself.
        is_free = stem.casefold() not in {*taken, "history"}
        names.append(stem if is_free else next(each for each in numbered if each.casefold() not in taken))
    return names


def _styles(workbook: Workbook) -> _Styles:
    # The mark of text stays with a cell: nobody who edits it makes a formula of it.
    text = {"quote_prefix": True, "text_wrap": True, "valign": "top"}
    number = {"valign": "top", "align": "right"}
    return _Styles(
        title=workbook.add_format({**text, "bold": True, "font_size": 16, "text_wrap": False}),
        head=workbook.add_format({**text, "bold": True, "bottom": 1}),
        text=workbook.add_format(text),
        day=workbook.add_format({**number, "num_format": "dd.mm.yyyy"}),
        whole=workbook.add_format({**number, "num_format": "#,##0"}),
        broken=workbook.add_format({**number, "num_format": "#,##0.0"}),
        sign=workbook.add_format({**text, "align": "right"}),
    )


def _front(sheet: Worksheet, book: Book, styles: _Styles) -> None:
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, _WIDEST)
    sheet.write_string(0, 0, book.title, styles.title)
    for place, (name, told) in enumerate(book.about, start=2):
        sheet.write_string(place, 0, name, styles.head)
        sheet.write_string(place, 1, told, styles.text)


def _write(sheet: Worksheet, table: Table, missing: str, styles: _Styles) -> None:
    for column, (_code, name) in enumerate(table.columns):
        sheet.write_string(0, column, name, styles.head)
        sheet.set_column(column, column, _width(table, column, missing))
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            _put(sheet, (row, column), cell, missing, styles)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _put(sheet: Worksheet, place: tuple[int, int], cell: Cell, missing: str, styles: _Styles) -> None:
    written = as_written(cell, missing)
    if isinstance(written, str):
        style = styles.sign if isinstance(cell, Sign) else styles.text
        sheet.write_string(*place, written[:_LONGEST_TEXT], style)
    elif isinstance(written, date):
        sheet.write_datetime(*place, datetime(written.year, written.month, written.day), styles.day)  # noqa: DTZ001 – a sheet's day has no zone
    else:
        is_broken = isinstance(written, Decimal) and written.as_tuple().exponent != 0
        sheet.write_number(*place, float(written), styles.broken if is_broken else styles.whole)


def _width(table: Table, column: int, missing: str) -> int:
    cells = (str(as_written(row[column], missing)) for row in table.rows)
    longest = max(map(len, (table.columns[column][1], *cells)))
    return min(max(longest + 2, 8), _WIDEST)
