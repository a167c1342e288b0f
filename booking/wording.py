"""What people write: made plain, and checked for what nobody can see."""

import re
import unicodedata
from collections.abc import Iterable
from typing import ClassVar, Final

from booking.errors import Refusal

_OTHER_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# They turn the order of all that follows: a name could be made to read as another.
_BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE_REMAINS: Final = str.maketrans({"\ufeff": None, "\u00ad": None, "\t": " "})


class TextNotPlain(Refusal):
    """The text holds signs that nobody can see and that machines obey."""

    code: ClassVar[str] = "text_not_plain"


def tidied(text: str | None) -> str:
    """Return pasted text as it was meant: plain line ends, no invisible remains, no space around it."""
    plain = _OTHER_LINE_ENDS.sub("\n", text or "").translate(_INVISIBLE_REMAINS)
    return "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", plain).split("\n")).strip()


def tidied_line(text: str | None) -> str:
    """Return the text on one line, its spaces single."""
    return " ".join(tidied(text).split())


def is_plain(text: str) -> bool:
    """Tell whether the text holds nothing that a reader cannot see and a machine would obey."""
    return not any(
        letter in _BIDI_OVERRIDES or (unicodedata.category(letter) in {"Cc", "Cs"} and letter != "\n")
        for letter in text
    )


def check_plain(texts: Iterable[str]) -> None:
    """Let plain texts pass, and refuse TextNotPlain: a sheet or an API brings texts too, not forms alone."""
    if not all(is_plain(text) for text in texts):
        raise TextNotPlain


def says_something(text: str) -> bool:
    """Tell whether there is a letter, a figure or a picture in the text, and not spaces and marks alone."""
    kinds = (unicodedata.category(letter) for letter in text)
    return any(kind == "So" or kind[0] in "LN" for kind in kinds)
