"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("privacy", __name__)
