"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("outbox", __name__)
