"""x."""
import pytest
@pytest.fixture(scope="session")
def postgres_url():
    return ""
