"""Commands about school breaks, as the one who runs the house types them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from booking.almanac.queries import breaks_from
from tests.factories import make_library

Arranging = Callable[[], AbstractContextManager[Session]]
LINES = "municipality_code,kind,first_on,last_on\n3401,autumn,2026-10-05,2026-10-09\n"


@pytest.fixture
def file(tmp_path: Path, arranging: Arranging) -> Path:
    """A file with one break, of the municipality of the only library."""
    with arranging() as session:
        make_library(session)
    path = tmp_path / "breaks.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def _type(app: Flask, *words: object) -> Result:
    return app.test_cli_runner().invoke(args=["almanac", *map(str, words)])


def _count(arranging: Arranging) -> int:
    with arranging() as session:
        return len(breaks_from(session, date(2020, 1, 1)))


def test_a_rehearsal_says_what_would_change_and_keeps_nothing(
    app: Flask, arranging: Arranging, file: Path
) -> None:
    printed = _type(app, "import", file, "--dry-run")

    assert printed.exit_code == 0
    assert "1 added, 0 changed, 0 removed, 0 as before.\nNothing was kept." in printed.output
    assert _count(arranging) == 0


def test_breaks_are_imported_and_listed(app: Flask, arranging: Arranging, file: Path) -> None:
    assert "new      3401 autumn       2026-10-05 – 2026-10-09" in _type(app, "import", file).output
    assert _type(app, "import", file).output == "0 added, 0 changed, 0 removed, 1 as before.\n"
    assert _count(arranging) == 1
    assert _type(app, "list", "3401").output == "2026-10-05 – 2026-10-09  Autumn break\n"


def test_a_file_or_a_municipality_that_cannot_be_is_a_sentence(
    app: Flask, arranging: Arranging, file: Path
) -> None:
    file.write_text(LINES.replace("10-09", "10-32"), encoding="utf-8")

    refused = _type(app, "import", file)
    assert refused.exit_code == 1
    assert refused.output == "Error: Line 2: «2026-10-32» is no day. Write it as 2026-10-05 or 05.10.2026.\n"
    assert _count(arranging) == 0
    nowhere = _type(app, "list", "9999")
    assert nowhere.exit_code == 1
    assert "No library here lies in this municipality." in nowhere.output
