"""The pages that only a demonstration has."""

from flask import Blueprint

blueprint = Blueprint("demo", __name__)
