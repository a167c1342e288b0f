"""A file as an answer: its kind, its name, and how many rows it takes out of the house."""

from typing import NamedTuple

from flask import Response, abort

from booking.clock import Clock
from booking.reports.cells import Book, Table
from booking.reports.workbook import as_workbook
from booking.reports.writer import TYPES, FileForm, as_csv, as_json, file_name


class File(NamedTuple):
    """A file, ready to be answered with, and how many rows are in it."""

    answer: Response
    form: FileForm
    rows: int


def file_of(book: Book, form_name: str, clock: Clock, *, table: str | None = None) -> File:
    """Return the file of that kind; text in columns holds one table. A kind or table that is not is a 404."""
    if form_name not in set(FileForm):
        abort(404)
    form = FileForm(form_name)
    if form is FileForm.XLSX:
        return _file(as_workbook(book, made_at=clock()), book.name, form, book.size)
    if form is FileForm.JSON:
        return _file(as_json(book), book.name, form, book.size)
    chosen = _chosen(book, table)
    name = book.name if chosen is book.tables[0] else (*book.name, chosen.title)
    return _file(as_csv(chosen, book.missing, form), name, form, len(chosen.rows))


def _chosen(book: Book, code: str | None) -> Table:
    fitting = (table for table in book.tables if code in {None, "", table.code})
    return next(fitting, None) or abort(404)


def _file(content: bytes, name: tuple[str, ...], form: FileForm, rows: int) -> File:
    answer = Response(content, content_type=TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name(name, form)}"'
    return File(answer, form, rows)
