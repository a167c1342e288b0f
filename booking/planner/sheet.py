"""Reading activities from a sheet, CSV or XLSX: one on each row, under names in Norwegian or English."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from itertools import islice
from typing import ClassVar, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from booking.errors import Refusal

LARGEST_SHEET: Final = 300_000
MOST_ROWS: Final = 100
_MOST_COLUMNS: Final = 40
# An XLSX is packed: a small one can unpack to what no memory holds.
_LARGEST_UNPACKED: Final = 20_000_000

# What a column may be called, and the field that it fills.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("tittel", "title"),
    "summary": ("ingress", "kort", "summary"),
    "body": ("tekst", "text", "body"),
    "kind": ("type", "kind"),
    "grade_from": ("fra trinn", "frå trinn", "from grade"),
    "grade_to": ("til trinn", "to grade"),
    "room": ("rom", "room"),
    "first_on": ("første dato", "dato", "fyrste dato", "first date", "date"),
    "starts": ("begynner", "byrjar", "begins"),
    "ends": ("slutter", "sluttar", "ends"),
    "weeks": ("uker", "veker", "weeks"),
    "mode": ("påmelding", "sign-up"),
    "capacity": ("plasser", "plassar", "places"),
    "question": ("spørsmål", "question"),
    "title_nn": ("tittel nynorsk", "title nynorsk"),
    "summary_nn": ("ingress nynorsk", "summary nynorsk"),
    "question_nn": ("spørsmål nynorsk", "question nynorsk"),
    "title_en": ("tittel engelsk", "title english"),
    "summary_en": ("ingress engelsk", "summary english"),
    "question_en": ("spørsmål engelsk", "question english"),
}
NEEDED: Final = ("title", "summary", "body", "room", "first_on", "starts", "ends")
_KINDS: Final[Mapping[str, str]] = {
    "": "event",
    "pilot": "pilot",
    "tiltak": "pilot",
    "verksted": "workshop",
    "verkstad": "workshop",
    "workshop": "workshop",
    "arrangement": "event",
    "event": "event",
    "dialogmøte": "dialogue_meeting",
    "dialogue meeting": "dialogue_meeting",
}
_MODES: Final[Mapping[str, str]] = {
    "": "drop_in",
    "drop-in": "drop_in",
    "nei": "drop_in",
    "no": "drop_in",
    "ja": "sign_up",
    "yes": "sign_up",
    "påmelding": "sign_up",
    "sign-up": "sign_up",
}


class SheetUnreadable(Refusal):
    """The file is neither text in columns nor a sheet."""

    code: ClassVar[str] = "sheet_unreadable"
    field: ClassVar[str | None] = "sheet"


class SheetTooLarge(Refusal):
    """The file is larger than any autumn."""

    code: ClassVar[str] = "sheet_too_large"
    field: ClassVar[str | None] = "sheet"


class SheetLacksColumns(Refusal):
    """Columns that every activity needs are not there."""

    code: ClassVar[str] = "sheet_lacks_columns"
    field: ClassVar[str | None] = "sheet"


class SheetEmpty(Refusal):
    """There is no row under the names of the columns."""

    code: ClassVar[str] = "sheet_empty"
    field: ClassVar[str | None] = "sheet"


def read_sheet(content: bytes) -> list[dict[str, str]]:
    """Return what stands in each row, by the fields of the form that puts up an activity.

    Refuses SheetTooLarge, SheetUnreadable, SheetLacksColumns and SheetEmpty.
    """
    if len(content) > LARGEST_SHEET:
        raise SheetTooLarge(most=LARGEST_SHEET // 1000)
    rows = [row for row in _rows(content) if any(row)]
    if not rows:
        raise SheetEmpty
    fields = [_field_of(name) for name in rows[0]]
    missing = [COLUMNS[name][0] for name in NEEDED if name not in fields]
    if missing:
        raise SheetLacksColumns(missing=", ".join(missing))
    if len(rows) == 1:
        raise SheetEmpty
    if len(rows) > MOST_ROWS + 1:
        raise SheetTooLarge(most=LARGEST_SHEET // 1000)
    return [_told(fields, row) for row in rows[1:]]


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the rows as text that `read_sheet` reads again, to be carried along by a form."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([names[0] for names in COLUMNS.values()])
    for row in rows:
        writer.writerow([row.get(name, "") for name in COLUMNS])
    return out.getvalue()


def _rows(content: bytes) -> list[list[str]]:
    try:
        found = _packed(content) if content.startswith(b"PK") else _separated(content)
        return [list(row) for row in islice(found, MOST_ROWS + 2)]
    except (UnicodeDecodeError, csv.Error, InvalidFileException, zipfile.BadZipFile) as error:
        raise SheetUnreadable from error
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        # What openpyxl makes of a damaged file; nothing of it is worth telling apart.
        raise SheetUnreadable from error


def _separated(content: bytes) -> Iterator[list[str]]:
    text = content.decode("utf-8-sig")
    if "\x00" in text:
        raise SheetUnreadable
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
        yield [cell.strip() for cell in row[:_MOST_COLUMNS]]


def _packed(content: bytes) -> Iterator[list[str]]:
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
            raise SheetTooLarge(most=LARGEST_SHEET // 1000)
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS, values_only=True):
            yield [_as_typed(cell) for cell in row]
    finally:
        book.close()


def _as_typed(cell: object) -> str:
    """Return a cell as somebody would type it: sheets keep dates and hours as numbers."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _field_of(name: str) -> str | None:
    said = " ".join(name.casefold().replace("_", " ").split())
    return next((field for field, names in COLUMNS.items() if said in names or said == field), None)


def _told(fields: Sequence[str | None], row: Sequence[str]) -> dict[str, str]:
    told = {field: cell for field, cell in zip(fields, row, strict=False) if field}
    kind, mode = told.get("kind", "").casefold(), told.get("mode", "").casefold()
    # A word that is not known stays as it is, so that the form says so beside the row.
    return {**told, "kind": _KINDS.get(kind, kind), "mode": _MODES.get(mode, mode)}
