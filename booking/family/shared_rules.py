"""Asking who else must say yes to pictures that everybody can see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from booking.consent.rules import Capacity, WordingPurpose
from booking.errors import Refusal
from booking.libraries.rules import Language

# A wrong address can be put right, and nobody is written to on and on.
MOST_LETTERS: Final = 3
# Whoever is named by many is perhaps not who they are said to be.
MOST_UNANSWERED: Final = 5
UNANSWERED_WITHIN: Final = timedelta(days=1)
# Whoever asks and takes back, again and again and for one child after the other, is stopped here.
MOST_TO_ONE_ADDRESS: Final = "10/day"


@dataclass(frozen=True, kw_only=True)
class OtherAnswer:
    """What the other guardian ticked: which questions by number, in what capacity, and the words read.

    `asked` are the numbers of all that the page showed.
    """

    asked: Collection[int]
    numbers: Collection[int]
    capacity: Capacity
    language: Language
    words_shown: Mapping[WordingPurpose, str]


class PicturesNotWaiting(Refusal):
    """Nothing waits for another's yes here: it was answered, taken back, or its time is over."""

    code: ClassVar[str] = "pictures_not_waiting"


class OtherIsYourself(Refusal):
    """The other guardian's address is that of who answers."""

    code: ClassVar[str] = "other_guardian_is_self"
    field: ClassVar[str | None] = "other_email"


class OtherAskedTooOften(Refusal):
    """So many letters went there, or about this, that one more would be a nuisance to somebody."""

    code: ClassVar[str] = "other_guardian_asked_too_often"
    field: ClassVar[str | None] = "other_email"


def about_other_guardian(other_guardian_id: int) -> str:
    """Return what letters to an other guardian are about."""
    return f"other_guardian:{other_guardian_id}"
