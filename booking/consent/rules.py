"""In what capacity leave to take part is given, and how that was established."""

from enum import StrEnum
from typing import ClassVar

from booking.errors import Refusal


class WordingPurpose(StrEnum):
    """What a text that somebody agrees to is about; one purpose each."""

    PERMISSION = "permission"


class Capacity(StrEnum):
    """What the one who gives leave is to the child."""

    PARENT = "parent"
    OTHER_GUARDIAN = "other_guardian"
    SELF = "self"


class Established(StrEnum):
    """How that capacity was shown."""

    SELF_DECLARED = "self_declared"
    AT_THE_DESK = "at_the_desk"
    BY_PHONE = "by_phone"
    ON_PAPER = "on_paper"


class WordingChanged(Refusal):
    """The words were changed after they were shown: nobody has agreed to the new ones yet."""

    code: ClassVar[str] = "wording_changed"
    field: ClassVar[str | None] = "permission"
