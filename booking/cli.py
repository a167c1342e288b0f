"""Commands for the one who runs the house."""

from flask import Flask


def start_commands(app: Flask) -> None:
    """Hang the commands on the application."""
    del app
