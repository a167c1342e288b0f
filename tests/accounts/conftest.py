"""What tests about signing in stand on: a quick hasher, known secrets, and a device that makes passkeys."""

import pytest
from argon2 import PasswordHasher
from flask import Flask

from booking.limits import limiter

# The real one takes a third of a second on purpose.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "bok lampe fjell brus"
PASSWORD_HASH = QUICK.hash(PASSWORD)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def quick_hasher(request: pytest.FixtureRequest) -> None:
    """Let the service under test hash quickly, where a test asks for one."""
    if "app" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        app.extensions["booking.locks"].hasher = QUICK


@pytest.fixture
def limits(app: Flask) -> None:
    """Count how often, as the real service does."""
    limiter.enabled = True
