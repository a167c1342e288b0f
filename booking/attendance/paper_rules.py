"""What is typed in from a register on paper, and when it counts as having happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from booking.attendance.rules import Standing
from booking.participation.rules import HeadcountBand

# The device of what stood on paper.
ON_PAPER: Final = "paper"


@dataclass(frozen=True, kw_only=True)
class TypedMark:
    """What the paper says of one person."""

    event_id: str
    participant_id: int
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class TypedCount:
    """How many of a band the paper counts."""

    event_id: str
    band: HeadcountBand
    persons: int


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One sheet, as it was typed in; of whom it says nothing is not in here."""

    marks: Sequence[TypedMark]
    counts: Sequence[TypedCount]


def paper_time(*, ends_at: datetime, last_typed_at: datetime | None, now: datetime) -> datetime:
    """Return when what stood on paper counts as having happened: when the meeting ended.

    So it stands over what phones told during the meeting, and a tap after the meeting stands over it. What
    is typed in later stands over what was typed in before.
    """
    if last_typed_at is None:
        return min(ends_at, now)
    return min(max(ends_at, last_typed_at + timedelta(microseconds=1)), now)
