"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
