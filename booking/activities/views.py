"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("activities", __name__)
