"""A meeting as the national library statistics look at it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class HeldMeeting:
    """One meeting that took place, and how many were there: children, youth and adults, named or counted.

    An exact number of persons: for the staff of the library that it was at.
    """

    meeting_uid: str
    activity_id: int
    activity_kind: str
    held_on: date
    statistics_type: str
    statistics_responsibility: str
    statistics_target: str
    announced_before: bool
    participants: int
