"""What people write: made plain, checked for what nobody can see, and turned into an address."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import ClassVar, Final

from booking.errors import Refusal

_LONGEST_SLUG: Final = 60

# æ and å do not fall apart into a letter and a mark, and ø would vanish.
_NORWEGIAN: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "đ": "d", "ł": "l"})
_OTHER_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# They turn the order of all that follows: a name could be made to read as another.
_BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE_REMAINS: Final = str.maketrans({"\ufeff": None, "\u00ad": None, "\t": " "})


_TELLING: Final = (
    "ensom",
    "einsam",
    "lonel",
    "utenfor",
    "utanfor",
    "isol",
    "mobb",
    "sårbar",
    "vulnerab",
    "angst",
    "anxi",
    "depre",
    "psyk",
    "mental",
    "barnevern",
    "rusmid",
    "fattig",
    "lavinntekt",
    "låginntekt",
    "vanskeligst",
    "risiko",
    "tiltak",
)


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


def telling_words(titles: Iterable[str]) -> list[str]:
    """Return the words in titles that may tell of the children who come what nobody need know (domain: A5.7).

    A title stands on a poster, in a calendar, on a phone that lies face up. «Spillkveld» says what one does;
    «Tiltak mot ensomhet» says why somebody was sent. Nothing is forbidden: whoever writes it is asked.
    """
    words = [word for title in titles for word in re.findall(r"\w+", title)]
    return [word for word in words if word.casefold().startswith(_TELLING)]


def slug_of(title: str, taken: Collection[str]) -> str:
    """Return a readable piece of address for the title that is not taken: «Lørdagsøkt» gives «lordagsokt»."""
    stem = slug_stem(title)
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def slug_stem(title: str) -> str:
    """Return the title in small letters, figures and hyphens; one that has none is called «aktivitet»."""
    letters = unicodedata.normalize("NFD", title.lower().translate(_NORWEGIAN))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    # A sign becomes a hyphen before letters without an ASCII form go: «17–19» must not become 1719.
    words = re.sub(r"[\W_]+", "-", bare).encode("ascii", "ignore").decode()
    slug = re.sub("-+", "-", words).strip("-")
    return slug[:_LONGEST_SLUG].rstrip("-") or "aktivitet"
