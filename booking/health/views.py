"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("health", __name__)
