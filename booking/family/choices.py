"""What the forms of a family let one choose from, and the words that stand on their pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from booking.consent.rules import WordingPurpose

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen, each as a value and its words; `words` are the digests of what can be agreed to."""

    municipalities: Pairs
    at_home: str
    words: Mapping[WordingPurpose, str]
    photos: Pairs = ()
    child_answers: Pairs = ()
    needs: Pairs = ()
    if_not_all: Pairs = ()
    yes_or_no: Pairs = ()
