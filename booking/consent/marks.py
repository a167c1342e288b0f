"""What staff should know of a child at a glance: no pictures, a need, a shield."""

from collections.abc import Collection
from enum import StrEnum

from booking.consent.rules import WordingPurpose
from booking.consent.standing import PHOTOS


class Mark(StrEnum):
    """A thing to know, shown by an icon and a word."""

    NO_PHOTO = "no_photo"
    NEEDS = "needs"
    SHIELDED = "shielded"


def marks_of(standing: Collection[WordingPurpose], *, is_shielded: bool) -> tuple[Mark, ...]:
    """Return the marks of a child for which these consents stand; pictures are taken only after a yes."""
    marks = []
    if is_shielded or not any(purpose in standing for purpose in PHOTOS):
        marks.append(Mark.NO_PHOTO)
    if WordingPurpose.NEEDS in standing:
        marks.append(Mark.NEEDS)
    if is_shielded:
        marks.append(Mark.SHIELDED)
    return tuple(marks)
