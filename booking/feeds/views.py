"""Placeholder heading, replaced by the room."""

from flask import Blueprint

blueprint = Blueprint("feeds", __name__)
