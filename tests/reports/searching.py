"""What an answer says, line by line, in whatever form it comes: what a person, or a program, reads there."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Final

from openpyxl import load_workbook
from werkzeug.test import TestResponse

# What belongs together: a row of a table, a line of a list, what stands under a label of a chart.
_LINES: Final = frozenset(
    {"tr", "li", "p", "title", "desc", "caption", "h1", "h2", "h3", "figcaption", "div"}
)
_TOLD_IN: Final = frozenset({"alt", "title", "aria-label", "value", "content", "placeholder"})
_CSV: Final = ("text/csv", "text/plain")
_GROUPED: Final = re.compile(r"(?<=\d)[\s.,'’\u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER: Final = re.compile(r"(?<![\w.,:/–-])\d+(?=[.,]0(?!\d)|(?![\w:/–-]|[.,]\d))")


def lines_of(answer: TestResponse) -> list[str]:
    """Return all that an answer says, a line for what belongs together."""
    kind = str(answer.mimetype)
    if kind.endswith("sheet"):
        return [*_of_workbook(answer.data), *_of_archive(answer.data)]
    if kind.endswith("json"):
        return list(_of_json(json.loads(answer.data)))
    if kind in _CSV:
        return [
            " | ".join(row) for row in csv.reader(io.StringIO(answer.text), delimiter=_mark_in(answer.text))
        ]
    if "html" in kind or "xml" in kind:
        reader = _Reader()
        reader.feed(answer.text)
        return reader.lines
    return answer.get_data(as_text=False).decode("utf-8", "replace").splitlines()


def numbers_in(line: str) -> set[int]:
    """Return the whole numbers that stand in a line, however their digits are grouped."""
    return {int(found) for found in _NUMBER.findall(_GROUPED.sub("", line))}


def _mark_in(text: str) -> str:
    return ";" if text.partition("\n")[0].count(";") else ","


def _of_workbook(content: bytes) -> Iterator[str]:
    for sheet in load_workbook(io.BytesIO(content)):
        yield sheet.title
        for row in sheet.iter_rows():
            yield " | ".join(str(cell.value) for cell in row)
            yield from (cell.comment.text for cell in row if cell.comment)


def _of_archive(content: bytes) -> Iterator[str]:
    # Also what no sheet shows: names, remarks and whatever else is in the file.
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if "sheets" not in name and name.endswith(".xml"):
                yield from re.sub(r"<[^>]+>", "\n", archive.read(name).decode()).splitlines()


def _of_json(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        yield " | ".join(str(each) for each in told.values() if not isinstance(each, dict | list))
        yield from (line for each in told.values() for line in _of_json(each))
    elif isinstance(told, list):
        yield " | ".join(str(each) for each in told if not isinstance(each, dict | list))
        yield from (line for each in told for line in _of_json(each))


class _Reader(HTMLParser):
    """Reads a page as lines; a chart's label begins one, and its numbers go on with it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._in_row = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if (tag in _LINES and not self._in_row) or "chart-label" in told.get("class", ""):
            self.lines.append("")
        self._in_row |= tag == "tr"
        for name, value in told.items():
            if name in _TOLD_IN or name.startswith("data-"):
                self.lines.insert(-1, value)

    def handle_endtag(self, tag: str) -> None:
        self._in_row &= tag != "tr"
        if tag in {*_LINES, "svg"} and not self._in_row:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += f" {data.strip()} |" if data.strip() else ""
