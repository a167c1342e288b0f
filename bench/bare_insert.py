"""The bare service that sign-ups are measured against: one durable insert, and a word for an answer."""

import os
from typing import Any

import psycopg
from flask import Flask, request

from booking.db import safe_journal_mode, sqlite_module

app = Flask(__name__, static_folder=None)
_URL = os.environ["BOOKING_DATABASE_URL"]
_IS_POSTGRESQL = _URL.startswith("postgresql")
_INSERT = "INSERT INTO bare (told) VALUES (%s)" if _IS_POSTGRESQL else "INSERT INTO bare (told) VALUES (?)"


def connected() -> Any:
    """Return a connection of the database's driver, as durable as our own."""
    if _IS_POSTGRESQL:
        return psycopg.connect(_URL.replace("postgresql+psycopg://", "postgresql://", 1))
    driver = sqlite_module()
    connection = driver.connect(_URL.removeprefix("sqlite:///"), timeout=30, check_same_thread=False)
    connection.execute(f"PRAGMA journal_mode = {safe_journal_mode(driver.sqlite_version_info)}")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


_connection = connected()


@app.post("/")
def insert() -> str:
    """Keep what was sent, and answer once it is on the disk."""
    _connection.execute(_INSERT, (request.form["told"],))
    _connection.commit()
    return "kept"
