"""Reading libraries from a file, such as the four of the Kongsvinger region."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from booking.libraries.rules import Language, LibraryFacts, Note

REGION: Final = Path(__file__).parent / "region.toml"

# How long each fact may be, as in its column; the form on the staff page has the same limits.
LIMITS: Final[Mapping[str, int]] = {
    "slug": 40,
    "code": 8,
    "name": 80,
    "municipality_name": 60,
    "email": 254,
    "phone": 20,
    "street": 100,
    "town": 60,
}
LONGEST_NOTE: Final = 1000
FARTHEST: Final[Mapping[str, int]] = {"latitude": 90, "longitude": 180}
SLUG: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
CODE: Final = r"[a-z0-9]{2,8}"
FOUR_DIGITS: Final = r"[0-9]{4}"
COLOUR: Final = r"#[0-9a-f]{6}"
_PATTERNS: Final = {
    "slug": SLUG,
    "code": CODE,
    "municipality_code": FOUR_DIGITS,
    "postcode": FOUR_DIGITS,
    "colour": COLOUR,
}


class UnreadableLibraries(Exception):  # noqa: N818 – read by the one who runs the command, as a sentence
    """The file tells of no libraries, or tells something that cannot be; the text says what."""


def read_region(path: Path = REGION) -> list[LibraryFacts]:
    """Return what the file tells of libraries, or raise UnreadableLibraries with one sentence."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"{path.name} cannot be read: {error}."
        raise UnreadableLibraries(message) from error
    told = content.get("library", [])
    if not told or not isinstance(told, list) or not all(isinstance(entry, dict) for entry in told):
        message = f"{path.name} tells of no library: each begins with [[library]]."
        raise UnreadableLibraries(message)
    return [facts_of(entry) for entry in told]


def facts_of(entry: dict[str, Any]) -> LibraryFacts:
    """Return what one entry tells of a library, or raise UnreadableLibraries with one sentence."""
    which = entry.get("slug", "a library without a slug")
    _check_names(which, set(entry), {field.name for field in fields(LibraryFacts)})
    for name, value in entry.items():
        _check_fact(which, name, value)
    notes = dict(_note(which, code, words) for code, words in entry["notes"].items())
    return LibraryFacts(**{**entry, "notes": notes})


def _check_names(which: str, given: set[str], wanted: set[str]) -> None:
    for name in sorted(wanted - given):
        message = f"{which}: {name} is missing."
        raise UnreadableLibraries(message)
    for name in sorted(given - wanted):
        message = f"{which}: {name} is nothing that is told of a library."
        raise UnreadableLibraries(message)


def _check_fact(which: str, name: str, value: object) -> None:
    if not _fits(name, value):
        message = f"{which}: {name} cannot be {value!r}."
        raise UnreadableLibraries(message)


def _fits(name: str, value: object) -> bool:
    if name in FARTHEST:
        return isinstance(value, int | float) and abs(value) <= FARTHEST[name]
    if name == "notes":
        return isinstance(value, dict) and bool(value)
    if not isinstance(value, str) or not 0 < len(value) <= LIMITS.get(name, LONGEST_NOTE):
        return False
    return name not in _PATTERNS or re.fullmatch(_PATTERNS[name], value) is not None


def _note(which: str, code: str, words: Any) -> tuple[Language, Note]:  # noqa: ANN401 – whatever stands in the file
    fits = code in set(Language) and isinstance(words, dict) and set(words) == {"accessibility", "opening"}
    if not fits or not all(_fits("note", text) for text in words.values()):
        message = f"{which}: notes.{code} must be in nb, nn or en, and tell accessibility and opening."
        raise UnreadableLibraries(message)
    return Language(code), Note(accessibility=words["accessibility"], opening=words["opening"])
