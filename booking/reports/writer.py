"""The one writer of files, and names that say what and when. No cell in them can calculate."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Final

from booking.reports.cells import HIDDEN_SIGN, NOTHING_SIGN, Book, Cell, Sign, Table, as_written

_LONGEST_NAME: Final = 80
_BYTE_ORDER_MARK: Final = "\ufeff"

# A spreadsheet takes a cell that begins like this for a formula, and the wide signs for the narrow ones.
# Behind a separator the same holds: whoever opens the file may split it at another sign than we did.
_CALCULATES: Final = re.compile(r"(^|[;,|\t\r\n])([\s\"']*)(?=[=+\-@＝＋－＠])")
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
_NORWEGIAN: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})


class FileForm(StrEnum):
    """The files that can be had. Excel in Norwegian splits at semicolons and writes decimals with a comma."""

    XLSX = "xlsx"
    EXCEL_CSV = "excel-csv"
    CSV = "csv"
    JSON = "json"


ENDINGS: Final[Mapping[FileForm, str]] = {
    FileForm.XLSX: "xlsx",
    FileForm.EXCEL_CSV: "csv",
    FileForm.CSV: "csv",
    FileForm.JSON: "json",
}
TYPES: Final[Mapping[FileForm, str]] = {
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileForm.EXCEL_CSV: "text/csv; charset=utf-8",
    FileForm.CSV: "text/csv; charset=utf-8",
    FileForm.JSON: "application/json",
}


def cannot_calculate(text: str) -> str:
    """Return the text so that no spreadsheet reads a formula in it, wherever it splits the line."""
    flat = " ".join(text.replace("\x00", "").split()) if _has_line_ends(text) else text
    return _CALCULATES.sub(r"\1\2'", flat)


def file_name(parts: Iterable[str], form: FileForm) -> str:
    """Return a name of small letters, figures and hyphens: «deltakelse-kongsvinger-2026-host.xlsx»."""
    plain = (_plain(part) for part in parts)
    stem = "-".join(part for part in plain if part)[:_LONGEST_NAME].strip("-")
    return f"{stem or 'figures'}.{ENDINGS[form]}"


def as_csv(table: Table, missing: str, form: FileForm) -> bytes:
    """Return one table as text in columns, the names of the columns first."""
    for_excel = form is FileForm.EXCEL_CSV
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    writer.writerow([cannot_calculate(name) for _code, name in table.columns])
    for row in table.rows:
        writer.writerow([_typed(cell, missing, for_excel=for_excel) for cell in row])
    return f"{_BYTE_ORDER_MARK if for_excel else ''}{out.getvalue()}".encode()


def as_json(book: Book) -> bytes:
    """Return everything for machines. A missing number is null and a hidden one the sign, never nought."""
    told = {
        "title": book.title,
        "about": dict(book.about),
        "signs": dict(book.signs),
        "tables": [_told(table) for table in book.tables],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _told(table: Table) -> dict[str, object]:
    codes = [code for code, _words in table.columns]
    return {
        "code": table.code,
        "title": table.title,
        "columns": [{"code": code, "title": words} for code, words in table.columns],
        "rows": [dict(zip(codes, map(_for_machines, row), strict=True)) for row in table.rows],
    }


def _for_machines(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Sign):
        return {Sign.HIDDEN: HIDDEN_SIGN, Sign.NOTHING: NOTHING_SIGN, Sign.MISSING: None}[cell]
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _typed(cell: Cell, missing: str, *, for_excel: bool) -> str:
    written = as_written(cell, missing)
    if isinstance(written, date):
        return f"{written:%d.%m.%Y}" if for_excel else written.isoformat()
    if isinstance(written, str):
        return cannot_calculate(written)
    return str(written).replace(".", ",") if for_excel else str(written)


def _has_line_ends(text: str) -> bool:
    return any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in text)


def _plain(part: str) -> str:
    letters = unicodedata.normalize("NFD", part.casefold().translate(_NORWEGIAN))
    return _NOT_IN_NAMES.sub("-", letters.encode("ascii", "ignore").decode()).strip("-")
