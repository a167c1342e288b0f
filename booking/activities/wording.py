"""An activity's title: turned into an address, and looked at for what it tells of those who come."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

_LONGEST_SLUG: Final = 60

# æ and å do not fall apart into a letter and a mark, and ø would vanish.
_NORWEGIAN: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "đ": "d", "ł": "l"})

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
