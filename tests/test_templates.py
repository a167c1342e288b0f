"""Promises about templates: controls come from macros, nothing is inline, links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import booking
from booking import create_app
from tests.conftest import settings_for

CODE = Path(booking.__file__).parent
TEMPLATES = CODE / "templates"

_LINK = re.compile(r"""(?:url_for|public_url)\(\s*["']([\w.]+)["']""")
# A block of data for search engines, escaped as JSON inside of HTML is: nothing of it is run.
_DATA = r' type="application/ld\+json">\{\{ \w+\|tojson \}\}</script>'
# What our strict content policy would silently refuse, or what escapes nothing.
_REFUSED = {
    "a style of its own": re.compile(r"<style|\sstyle="),
    "a script of its own": re.compile(rf"<script(?![^>]*\ssrc=)(?!{_DATA})"),
    "a handler of its own": re.compile(r"\son[a-z]+\s*="),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false"),
}
# Drawings that we wrote ourselves, with no place for anybody's text.
_DRAWINGS = "macros/icons.html"
_CONTROL = re.compile(r"<(?:input|select|textarea)\b")


def pages() -> list[Path]:
    """Every template that a browser shows; letters are styled for mail programs and know no sheet."""
    return [path for path in sorted(TEMPLATES.rglob("*.html")) if "letters" not in path.parts]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def found(pattern: re.Pattern[str]) -> list[str]:
    return [str(path.relative_to(TEMPLATES)) for path in pages() if pattern.search(_text(path))]


@pytest.mark.parametrize("what", _REFUSED)
def test_no_page_brings(what: str) -> None:
    assert [path for path in found(_REFUSED[what]) if path != _DRAWINGS] == []


def test_controls_are_written_in_macros_only() -> None:
    assert [path for path in found(_CONTROL) if not path.startswith("macros/")] == []


def links() -> Iterator[tuple[str, str]]:
    """Yield where a link stands, and the view that it leads to."""
    kinds = ("*.html", "*.txt", "*.sms")
    for path in sorted([*CODE.rglob("*.py"), *(found for kind in kinds for found in TEMPLATES.rglob(kind))]):
        for endpoint in _LINK.findall(_text(path)):
            # A link that begins with a dot stays in its room, and rooms and folders have the same names.
            yield str(path.relative_to(CODE)), f"{path.parent.name if endpoint[0] == '.' else ''}{endpoint}"


def test_every_link_leads_to_a_view(tmp_path: Path) -> None:
    service = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'booking.db'}"))

    assert [link for link in links() if link[1] not in service.view_functions] == []
