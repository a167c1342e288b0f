"""What makes the house ready to serve."""

from datetime import datetime, timedelta
from enum import StrEnum


class Condition(StrEnum):
    """How one part of the house is."""

    GOOD = "good"
    AWAY = "away"
    OUTDATED = "outdated"
    LATE = "late"


def shape_condition(*, found: str | None, newest: str | None) -> Condition:
    """Tell whether the database has the newest shape."""
    return Condition.GOOD if found is not None and found == newest else Condition.OUTDATED


def letters_condition(*, oldest_due_at: datetime | None, now: datetime, patience: timedelta) -> Condition:
    """Tell whether a letter has been due for longer than the patience: then no worker is at work."""
    is_late = oldest_due_at is not None and now - oldest_due_at > patience
    return Condition.LATE if is_late else Condition.GOOD
