"""What a machine or another site asks to have of what is on: its wish, read from an address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from booking.activities.audience import FIRST_GRADE, LAST_GRADE
from booking.activities.rules import Mode
from booking.errors import NotFound
from booking.libraries.rules import Language

MOST_IN_A_BOX: Final = 20
GRADES: Final = range(FIRST_GRADE, LAST_GRADE + 1)
OF_A_FEED: Final = frozenset({"library", "grade", "lang"})
OF_A_BOX: Final = OF_A_FEED | {"mode", "count"}
_MOST_DIGITS: Final = 2


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for; nothing where everything will do."""

    library: str | None = None
    grade: int | None = None
    mode: Mode | None = None
    count: int | None = None
    language: Language = Language.NB
    # Whoever named no language has not chosen one either: links then leave the choice to the reader.
    chosen_language: Language | None = None


def read_wish(asked: Mapping[str, str], understood: frozenset[str]) -> Wish:
    """Return the wish, or raise NotFound: one that we do not understand must not get everything."""
    if not understood.issuperset(asked):
        raise NotFound
    said = {name: value for name, value in asked.items() if value}
    language = _language(said.get("lang"))
    return Wish(
        library=_slug(said.get("library")),
        grade=_number(said.get("grade"), FIRST_GRADE, LAST_GRADE),
        mode=_mode(said.get("mode")),
        count=_number(said.get("count"), 1, MOST_IN_A_BOX),
        language=language or Language.NB,
        chosen_language=language,
    )


def _slug(said: str | None) -> str | None:
    # No address of ours holds invisible signs, and PostgreSQL does not even answer a question about one.
    if said is not None and not said.isprintable():
        raise NotFound
    return said


def _number(said: str | None, least: int, most: int) -> int | None:
    if said is None:
        return None
    is_short = said.isascii() and said.isdecimal() and len(said) <= _MOST_DIGITS
    if not is_short or not least <= int(said) <= most:
        raise NotFound
    return int(said)


def _mode(said: str | None) -> Mode | None:
    if said is None:
        return None
    if said not in set(Mode):
        raise NotFound
    return Mode(said)


def _language(said: str | None) -> Language | None:
    if said is None:
        return None
    if said not in set(Language):
        raise NotFound
    return Language(said)
