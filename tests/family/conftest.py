"""The service as families meet it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from booking.limits import limiter


@pytest.fixture
def open_to_all(app: Flask) -> Iterator[Flask]:
    """The service as it is run: it counts how often a visitor comes."""
    limiter.enabled = True
    yield app
    limiter.enabled = False
