"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("attendance", __name__)
