"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("signups", __name__)
