"""The other bare service: one durable insert again, by the packages that the house itself stands on."""

import os
from typing import Any

from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, String, Table

from booking.db import configure_sqlite, sqlite_module

_URL = os.environ["BOOKING_DATABASE_URL"]
_IS_SQLITE = _URL.startswith("sqlite")

app = Flask(__name__, static_folder=None)
app.config["SQLALCHEMY_DATABASE_URI"] = _URL
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"module": sqlite_module()} if _IS_SQLITE else {}
_database = SQLAlchemy(app)
_kept: Any = Table("bare", _database.metadata, Column("told", String(200)))

if _IS_SQLITE:
    with app.app_context():
        configure_sqlite(_database.engine)


@app.post("/")
def insert() -> str:
    """Keep what was sent, and answer once it is on the disk."""
    _database.session.execute(_kept.insert().values(told=request.form["told"]))
    _database.session.commit()
    return "kept"
