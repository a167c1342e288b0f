"""A letter to send, and posts that record what they are handed or that fail as they are told."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy.orm import Session

from booking.libraries.rules import Language
from booking.outbox.models import Letter
from booking.outbox.operations import write_letter
from booking.outbox.post import NotPosted
from booking.outbox.rules import Policy, Trouble
from tests.conftest import StoppedClock

TEMPLATES = {
    "letters/greeting.txt": (
        '{% extends "letters/base.txt" %}{% block subject %}{{ _("What’s on") }}: {{ name }}{% endblock %}'
        "{% block content %}Hello {{ name }}{% endblock %}"
    ),
    "letters/broken.txt": (
        '{% extends "letters/base.txt" %}{% block subject %}{{ nobody.name.first }}{% endblock %}'
    ),
    "letters/greeting.html": (
        '{% extends "letters/base.html" %}{% block content %}<p>Hello {{ name }}</p>{% endblock %}'
    ),
}


class RecordingPost:
    """A post that keeps what it is handed, after failing as often as it is told to."""

    def __init__(self, *troubles: Trouble) -> None:
        """Fail with each of the troubles once, then succeed."""
        self.handed: list[EmailMessage] = []
        self._troubles = list(troubles)

    def __call__(self, message: EmailMessage) -> None:
        """Keep the mail, or fail."""
        if self._troubles:
            raise NotPosted(self._troubles.pop(0))
        self.handed.append(message)


@pytest.fixture(autouse=True)
def _greeting(app: Flask) -> Iterator[None]:
    """Let there be a letter that only these tests know."""
    kept = app.jinja_env.loader
    assert kept is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader(TEMPLATES), kept])
    yield
    app.jinja_env.loader = kept


@pytest.fixture
def write(clock: StoppedClock) -> Callable[..., Letter]:
    """Write a greeting."""

    def write_one(session: Session, key: str = "greeting-1", **changes: object) -> Letter:
        name = changes.pop("name", "Ada")
        values: dict[str, object] = {
            "template": "greeting",
            "address": "ada@example.org",
            "language": Language.EN,
            "facts": {"name": name},
            "policy": Policy.REPEAT,
        }
        return write_letter(session, clock, key=key, **{**values, **changes})  # type: ignore[arg-type]

    return write_one


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """A folder for letters."""
    return tmp_path / "mailbox"
