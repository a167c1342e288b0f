"""New words are looked at beside the old ones before anybody agrees to them."""

from collections.abc import Mapping
from typing import ClassVar

from booking.errors import Refusal
from booking.libraries.rules import Language
from booking.versions import seen_as


class TextsUnchanged(Refusal):
    """These are the words that are in use already."""

    code: ClassVar[str] = "texts_unchanged"


class NotLookedAt(Refusal):
    """Nobody has looked at what would change, or it would be something else by now."""

    code: ClassVar[str] = "texts_not_looked_at"


def sign_of_change(now: Mapping[Language, str], wanted: Mapping[Language, str]) -> str:
    """Return a short sign of what would change: it differs when the words in use do, or those wanted."""
    return seen_as([(language.value, now[language], wanted[language]) for language in Language])
