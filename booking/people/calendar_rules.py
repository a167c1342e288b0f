"""What a family's own calendar entries say of the activity and of its children."""

from collections.abc import Sequence
from enum import StrEnum


class CalendarTitle(StrEnum):
    """What an entry is called: the activity's name, or only that it is the library."""

    ACTIVITY = "activity"
    LIBRARY = "library"


class CalendarNames(StrEnum):
    """Whether entries tell which child: not at all, by its first letter, or by its first name."""

    NONE = "none"
    INITIAL = "initial"
    FIRST_NAME = "first_name"


def names_shown(names: Sequence[str], *, choice: CalendarNames) -> list[str]:
    """Return what entries call these children, if anything."""
    if choice is CalendarNames.NONE:
        return []
    return [f"{name[:1].upper()}." if choice is CalendarNames.INITIAL else name for name in names]
