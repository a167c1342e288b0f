"""In what capacity leave to take part is given, and how that was established."""

from enum import StrEnum
from typing import ClassVar

from booking.errors import Refusal


class WordingPurpose(StrEnum):
    """What a text that somebody agrees to is about; one purpose each."""

    PERMISSION = "permission"
    PERMISSION_SELF = "permission_self"
    PHOTO_INTERNAL = "photo_internal"
    PHOTO_WEB = "photo_web"
    PHOTO_SOCIAL = "photo_social"
    PHOTO_PRINT = "photo_print"
    PHOTO_PRESS = "photo_press"
    NEEDS = "needs"
    NEWS = "news"


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


class Step(StrEnum):
    """What happened to a consent."""

    GIVEN = "given"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"


class Way(StrEnum):
    """How a yes, or taking it back, reached the library."""

    FORM = "form"
    LINK = "link"
    FAMILY_PAGE = "family_page"
    DESK = "desk"
    PHONE = "phone"
    PAPER = "paper"
    BY_ITSELF = "by_itself"


class ChildAnswer(StrEnum):
    """What the child answered when asked for its own yes."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    NOT_ASKED = "not_asked"


class TakenDownFor(StrEnum):
    """Why pictures are to be taken down."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ERASED = "erased"


class RestsOn(StrEnum):
    """Why nobody else's yes is missing to what everybody can see."""

    ALONE = "alone"
    BOTH = "both"


class WordingChanged(Refusal):
    """The words were changed after they were shown: nobody has agreed to the new ones yet."""

    code: ClassVar[str] = "wording_changed"
    field: ClassVar[str | None] = "permission"


class ConsentChanged(WordingChanged):
    """The words of something besides permission were changed after they were shown."""

    field: ClassVar[str | None] = "consents"
