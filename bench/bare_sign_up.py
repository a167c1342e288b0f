"""What a sign-up asks of the database, heard of a real one and told by the driver: no rule, no session."""

import os
import pickle
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, request

from bench.bare_insert import connected

app = Flask(__name__, static_folder=None)
_heard = pickle.loads(Path(os.environ["BENCH_HEARD"]).read_bytes())  # noqa: S301 – our own file of this run
_connection, _IS_POSTGRESQL = connected(), os.environ["BOOKING_DATABASE_URL"].startswith("postgresql")
# What may stand only once: digests, keys and addresses. Numbers of rows are told apart by their size.
_ONCE = re.compile(
    r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|forelder-\d+|\b9\d{5}\b"
)


@app.get("/")
def form() -> bytes:
    """Answer with the form's bytes, as they were heard."""
    page: bytes = _heard["page"]
    return page


@app.post("/")
def submit() -> dict[str, Any]:
    """Tell what a submit tells, with new keys, and answer with what the code has to be told with."""
    return _told(_heard["submit"], {})


@app.post("/code")
def code() -> dict[str, Any]:
    """Tell what a code tells of the same sign-up."""
    return _told(_heard["code"], request.get_json())


def _told(statements: Iterable[tuple[str, Any, int | None]], instead: dict[str, Any]) -> dict[str, Any]:
    if not _IS_POSTGRESQL:
        _connection.execute("BEGIN IMMEDIATE")
    for words, values, number in statements:
        given = (
            {name: _renewed(value, instead) for name, value in values.items()}
            if isinstance(values, dict)
            else [_renewed(value, instead) for value in values]
        )
        cursor = _connection.execute(words, given)
        rows = cursor.fetchall() if cursor.description else ()
        if number is not None:
            instead[str(number)] = rows[0][0]
    _connection.commit()
    return instead


def _renewed(value: Any, instead: dict[str, Any]) -> Any:
    if isinstance(value, str):
        return _ONCE.sub(lambda found: str(_new(found[0], instead)), value)
    return instead.get(str(value), value) if isinstance(value, int) else value


def _new(word: str, instead: dict[str, Any]) -> Any:
    if word not in instead:
        instead[word] = word if word.isdigit() else (uuid4().hex * 2)[: len(word)]
    return instead[word]
