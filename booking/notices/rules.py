"""Whom staff can write to, what may stand in it, and how long it can be taken back."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

LONGEST: Final = 2000
# Long enough to see a slip of the hand, too short to make anybody wait.
TIME_TO_UNDO: Final = timedelta(seconds=30)
KEPT_AFTERWARDS: Final = timedelta(days=30)
PLACEHOLDERS: Final = ("child", "activity", "when", "place")
_PLACEHOLDER: Final = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


class Group(StrEnum):
    """Families of an occasion, by where their children stand."""

    PLACE = "place"
    OFFERED = "offered"
    WAITING = "waiting"
    UNANSWERED = "unanswered"


class NobodyToWriteTo(Refusal):
    """No family of these groups has an address that is known to be its own."""

    code: ClassVar[str] = "nobody_to_write_to"


class NotSeenLikeThis(Refusal):
    """What is to be sent, or whom it goes to, is not what was shown."""

    code: ClassVar[str] = "notice_not_seen_like_this"


class TooLateToUndo(Refusal):
    """The message is on its way."""

    code: ClassVar[str] = "too_late_to_undo"


def fill(words: str, values: Mapping[str, str]) -> str:
    """Return the words with each placeholder replaced; whatever else stands in braces is left as it is.

    What is put in is not looked at again: a child may be called «{place}».
    """
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), words)
