"""What a name, a year of birth and a municipality may be."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Final

from booking.errors import Refusal

LONGEST_NAME: Final = 100
OLDEST: Final = 25

# No municipality has this number. Statistics Norway keeps 9999 for "not known", which is another thing.
ELSEWHERE: Final = "0000"
# Nobody asked: so Statistics Norway calls it too.
NOT_TOLD: Final = "9999"

# A dot between letters is enough: mail programs make a link of example.org without being asked.
# One letter after it is an initial, as in J.P.; an @ is an address.
_LINK: Final = re.compile(r"://|\bwww\.|@|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
# St.Hans and K.Berg are names: with a space after the dot no program makes a link of them.
_DOT_IN_NAME: Final = re.compile(r"(?<=[^\W\d_])\.([^\W\d_])([^\W\d_])")
# They turn the order of all that follows: a name could be made to read as another.
_BIDI_OVERRIDES: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NOT_ON_ONE_LINE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class NameRefused(Refusal):
    """A name that cannot stand; which of the form's names it is, the one who asked says."""

    def __init__(self, *, about: str, **facts: object) -> None:
        """Keep which field the name was typed in."""
        super().__init__(**facts)
        self.field = about  # type: ignore[misc]  # two fields hold names, and one rule serves both


class NameMissing(NameRefused):
    """There is nothing that could be read as a name."""

    code: ClassVar[str] = "name_missing"


class NameTooLong(NameRefused):
    """The name is longer than any list could show."""

    code: ClassVar[str] = "name_too_long"


class NameHasLink(NameRefused):
    """The name holds a web or e-mail address: the form would carry it to strangers."""

    code: ClassVar[str] = "name_has_link"


class NameNotPlain(NameRefused):
    """The name holds something that a reader cannot see and a machine would obey."""

    code: ClassVar[str] = "name_not_plain"


class BirthYearNotPlausible(Refusal):
    """Nobody of that age takes part in what a library does for children and youth."""

    code: ClassVar[str] = "birth_year_not_plausible"
    field: ClassVar[str | None] = "born"


class MunicipalityUnknown(Refusal):
    """The municipality is not on the list."""

    code: ClassVar[str] = "municipality_unknown"
    field: ClassVar[str | None] = "municipality"


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """What is told of a child that is not known yet."""

    first_name: str
    last_name: str | None
    birth_year: int
    is_by_grade: bool
    municipality_code: str
    is_shielded: bool = False
    is_own_contact: bool = False


def check_newcomer(told: Newcomer, *, today: date) -> Newcomer:
    """Return what is told of a child, as it is kept.

    Refuses NameRefused and BirthYearNotPlausible, whether or not the child is known: a refusal must not tell.
    """
    first_name = clean_name(told.first_name, about="first_name")
    last_name = clean_name(told.last_name, about="last_name") if told.last_name else None
    check_birth_year(told.birth_year, today=today)
    return replace(told, first_name=first_name, last_name=last_name)


def clean_name(text: str, *, about: str) -> str:
    """Return the name as it is kept: spaces single, letters composed.

    Refuses NameMissing, NameTooLong, NameNotPlain and NameHasLink, each naming the field `about`.
    """
    trimmed = _DOT_IN_NAME.sub(_with_a_space, unicodedata.normalize("NFC", text.strip()))
    if not _says_something(trimmed):
        raise NameMissing(about=about)
    if len(trimmed) > LONGEST_NAME:
        raise NameTooLong(about=about, most=LONGEST_NAME)
    if not _is_plain(trimmed):
        raise NameNotPlain(about=about)
    if _LINK.search(trimmed):
        raise NameHasLink(about=about)
    return " ".join(trimmed.split())


def _with_a_space(found: re.Match[str]) -> str:
    is_name = found[1].isupper() and found[2].islower()
    return f". {found[1]}{found[2]}" if is_name else found[0]


def same_name(one: str, other: str) -> bool:
    """Tell whether two names differ in nothing but capital letters."""
    return one.casefold() == other.casefold()


def check_birth_year(year: int, *, today: date) -> None:
    """Let a year pass in which a child or youth may be born; refuse BirthYearNotPlausible otherwise."""
    if not today.year - OLDEST <= year <= today.year:
        raise BirthYearNotPlausible(earliest=today.year - OLDEST, latest=today.year)


def check_municipalities(codes: Collection[str], *, known: int) -> None:
    """Let municipalities of the region pass, and «another one»; refuse MunicipalityUnknown otherwise.

    `known` is how many of these are of the region.
    """
    if len(set(codes) - {ELSEWHERE}) > known:
        raise MunicipalityUnknown


def _says_something(text: str) -> bool:
    kinds = (unicodedata.category(letter) for letter in text)
    return any(kind == "So" or kind[0] in "LN" for kind in kinds)


def _is_plain(text: str) -> bool:
    return not any(
        letter in _BIDI_OVERRIDES or unicodedata.category(letter) in _NOT_ON_ONE_LINE for letter in text
    )
