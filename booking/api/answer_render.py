"""How other programs are answered: JSON, CSV, validators, and problems that say what to do."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import Response, request

from booking.api.rules import Format
from booking.errors import Refusal
from booking.i18n import current_language, say

# What a spreadsheet takes for the start of a formula.
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")

FOR_ALL: Final = "public, max-age=300, must-revalidate"
# No cache between keeps it, and whoever holds the key may ask whether it is still the same.
FOR_ONE: Final = "private, no-cache"


def format_wanted() -> Format:
    """Return the form that the request's Accept header likes best; JSON when it does not care."""
    best = request.accept_mimetypes.best_match(["application/json", "text/csv"], "application/json")
    return Format.CSV if best == "text/csv" else Format.JSON


def as_json(content: object, *, keep: str) -> Response:
    """Answer with the content as JSON; 304 when the asker has the same bytes."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return _checked(body, "application/json", keep=keep)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, name: str, keep: str) -> Response:
    """Answer with the rows as CSV (RFC 4180, UTF-8, a comma between); missing values are empty cells."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    answer = _checked(written.getvalue().encode(), "text/csv; charset=utf-8; header=present", keep=keep)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def with_next(answer: Response, address: str | None) -> Response:
    """Say where more follows (RFC 8288), for forms of answer that have no place for it."""
    if address is not None:
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


def problem(status: int, refusal: Refusal) -> Response:
    """Answer that it cannot be done, and why (RFC 9457), in the asker's language."""
    told: dict[str, Any] = {"status": status, "code": refusal.code, "detail": say(refusal)}
    if "parameter" in refusal.facts:
        told["parameter"] = refusal.facts["parameter"]
    answer = Response(json.dumps(told, ensure_ascii=False) + "\n", status)
    answer.content_type = "application/problem+json"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Language"] = current_language()
    answer.vary.add("Accept-Language")
    return answer


def _checked(body: bytes, content_type: str, *, keep: str) -> Response:
    answer = Response(body, content_type=content_type)
    answer.headers["Cache-Control"] = keep
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.vary.add("Accept")
    if keep == FOR_ONE:
        answer.vary.add("Authorization")
    answer.set_etag(hashlib.sha256(body).hexdigest())
    answer.make_conditional(request)
    return answer


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else value
