"""Reading school breaks from a file with one break on each line."""

import csv
import re
from collections.abc import Collection, Iterator
from datetime import date
from io import StringIO
from itertools import zip_longest
from pathlib import Path
from typing import ClassVar, Final

from booking.almanac.rules import Break, BreakKey, BreakKind, check_break, check_municipality
from booking.errors import Refusal

REGION: Final = Path(__file__).parent / "region.csv"

LARGEST_SHEET: Final = 100_000
COLUMNS: Final = ("municipality_code", "kind", "first_on", "last_on")
_SOURCE: Final = "source"
_LONGEST_QUOTE: Final = 40
_OSLO_CODE: Final = 3

_ISO_DAY: Final = re.compile(r"(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_WRITTEN_DAY: Final = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>20[0-9]{2})")
# As a municipality would call them, beside our own words.
_KINDS: Final = {
    **{kind.value: kind for kind in BreakKind},
    "høstferie": BreakKind.AUTUMN,
    "haustferie": BreakKind.AUTUMN,
    "vinterferie": BreakKind.WINTER,
    "juleferie": BreakKind.CHRISTMAS,
    "joleferie": BreakKind.CHRISTMAS,
    "påskeferie": BreakKind.EASTER,
    "sommerferie": BreakKind.SUMMER,
    "sommarferie": BreakKind.SUMMER,
    "planleggingsdag": BreakKind.PLANNING_DAY,
}


class SheetRefused(Refusal):
    """The file cannot be taken; the sentence says why, and on which line."""

    code: ClassVar[str] = "school_sheet_refused"
    field: ClassVar[str | None] = "sheet"


class SheetTooLarge(SheetRefused):
    """No year of school has so many breaks."""

    code: ClassVar[str] = "school_sheet_too_large"


class SheetNotText(SheetRefused):
    """The file is no text, or is written the way that old programs write."""

    code: ClassVar[str] = "school_sheet_not_text"


class SheetEmpty(SheetRefused):
    """There is no break in the file, so it would only take breaks away."""

    code: ClassVar[str] = "school_sheet_empty"


class LineRefused(SheetRefused):
    """One line of the file cannot be; `what` is the refusal that says why."""

    code: ClassVar[str] = "school_sheet_line"


class ColumnMissing(Refusal):
    """The headings do not name every column."""

    code: ClassVar[str] = "school_sheet_column_missing"


class TooManyCells(Refusal):
    """The line has cells that no heading stands over."""

    code: ClassVar[str] = "school_sheet_too_many_cells"


class QuotesUnfit(Refusal):
    """A quotation mark begins something that does not end."""

    code: ClassVar[str] = "school_sheet_quotes_unfit"


class KindUnknown(Refusal):
    """The word is none of those for a school break."""

    code: ClassVar[str] = "school_sheet_kind_unknown"


class DayUnreadable(Refusal):
    """The cell holds no day, or one of another century."""

    code: ClassVar[str] = "school_sheet_day_unreadable"


class ToldTwice(Refusal):
    """An earlier line tells of the same break."""

    code: ClassVar[str] = "school_sheet_told_twice"


def read_sheet(content: bytes, *, known: Collection[str]) -> tuple[Break, ...]:
    """Return the breaks of a CSV file, in its order; raise SheetRefused, which names the line.

    Known are the codes of the municipalities that it may be about.
    """
    lines = _lines(_text(content))
    number, headings = next(lines, (1, []))
    columns = [heading.strip().lower() for heading in headings]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise LineRefused(line=number, what=ColumnMissing(columns=", ".join(missing)))
    breaks: dict[BreakKey, Break] = {}
    for number, cells in lines:
        try:
            _add(breaks, _break(columns, cells, known))
        except Refusal as refusal:
            raise LineRefused(line=number, what=refusal) from None
    if not breaks:
        raise SheetEmpty
    return tuple(breaks.values())


def _text(content: bytes) -> str:
    if len(content) > LARGEST_SHEET:
        raise SheetTooLarge(most=LARGEST_SHEET // 1000)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetNotText from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that says something, with its number; remarks begin with #."""
    headings = next((line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=";" if ";" in headings else ",", strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                yield reader.line_num, cells
    except csv.Error:
        raise LineRefused(line=reader.line_num, what=QuotesUnfit()) from None


def _add(breaks: dict[BreakKey, Break], told: Break) -> None:
    if breaks.setdefault(told.key, told) is not told:
        raise ToldTwice


def _break(columns: list[str], cells: list[str], known: Collection[str]) -> Break:
    if any(cell.strip() for cell in cells[len(columns) :]):
        raise TooManyCells
    told = {name: cell.strip() for name, cell in zip_longest(columns, cells[: len(columns)], fillvalue="")}
    code = _code(told["municipality_code"])
    check_municipality(code, known)
    found = Break(
        municipality_code=code,
        kind=_kind(told["kind"]),
        first_on=_day(told["first_on"]),
        last_on=_day(told["last_on"]),
        source=told.get(_SOURCE, ""),
    )
    check_break(found)
    return found


def _code(told: str) -> str:
    # A spreadsheet takes the code for a number, and Oslo's 0301 becomes 301.
    return told.zfill(4) if len(told) == _OSLO_CODE else told


def _kind(told: str) -> BreakKind:
    kind = _KINDS.get(told.lower())
    if kind is None:
        raise KindUnknown(told=_quoted(told), known=", ".join(BreakKind))
    return kind


def _day(told: str) -> date:
    found = _ISO_DAY.fullmatch(told) or _WRITTEN_DAY.fullmatch(told)
    if found is None:
        raise DayUnreadable(told=_quoted(told))
    try:
        return date(*(int(found[part]) for part in ("year", "month", "day")))
    except ValueError:
        raise DayUnreadable(told=_quoted(told)) from None


def _quoted(told: str) -> str:
    return "".join(sign for sign in told if sign.isprintable())[:_LONGEST_QUOTE]
