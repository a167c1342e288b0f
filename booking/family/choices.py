"""What the forms of a family let one choose from, and the words that stand on their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from booking.consent.rules import WordingPurpose

Choice = TypeVar("Choice", bound=StrEnum)
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen, each as a value and its words; `words` are the digests of what can be agreed to."""

    words: Mapping[WordingPurpose, str]
    municipalities: Pairs = ()
    at_home: str = ""
    photos: Pairs = ()
    child_answers: Pairs = ()
    needs: Pairs = ()
    if_not_all: Pairs = ()
    yes_or_no: Pairs = ()


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How a family that has shown who it is can be reached."""

    name: str
    email: str
    phone: str | None


@dataclass(frozen=True, kw_only=True)
class KnownChild:
    """A child that a family is known by, as its form carries it along."""

    first_name: str
    born: str
    municipality_code: str


def choice_of(kind: type[Choice], text: str | None) -> Choice | None:
    """Return what was chosen of a few things, or nothing for what is none of them."""
    return next((each for each in kind if each.value == text), None)
