"""What is told of an item of the plan, and what it is refused for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, Final

from booking.errors import Refusal

LONGEST_TITLE: Final = 100
LONGEST_NOTE: Final = 1000
# The plan of the project allows a calendar month to either side of what it says.
USUAL_TOLERANCE: Final = 1
MOST_TOLERANCE: Final = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100


class ItemKind(StrEnum):
    """What an item of the plan is."""

    PHASE = "phase"
    MILESTONE = "milestone"
    FOLLOW_UP = "follow_up"


class ItemState(StrEnum):
    """Whether an item still is to be. What was called off stays, crossed out."""

    PLANNED = "planned"
    CALLED_OFF = "called_off"


class TitleTooLong(Refusal):
    """The title is longer than a calendar shows."""

    code: ClassVar[str] = "title_too_long"
    field: ClassVar[str | None] = "title"


class TitleSaysNothing(Refusal):
    """The title is missing, or made of marks alone."""

    code: ClassVar[str] = "plan_title_says_nothing"
    field: ClassVar[str | None] = "title"


class NoteTooLong(Refusal):
    """The note is longer than a page can show."""

    code: ClassVar[str] = "plan_note_too_long"
    field: ClassVar[str | None] = "note"


class DayOutOfReach(Refusal):
    """A day is so many years away that somebody mistyped the year."""

    code: ClassVar[str] = "date_out_of_reach"


class LastBeforeFirst(Refusal):
    """The last day lies before the first."""

    code: ClassVar[str] = "plan_last_before_first"
    field: ClassVar[str | None] = "last_on"


class ToleranceUnfit(Refusal):
    """The tolerance is no number of months that a plan can have."""

    code: ClassVar[str] = "plan_tolerance_unfit"
    field: ClassVar[str | None] = "tolerance_months"


class DoneBeforeBegun(Refusal):
    """It would have ended before it began."""

    code: ClassVar[str] = "plan_done_before_begun"
    field: ClassVar[str | None] = "done_on"


class NotYetBegun(Refusal):
    """What happened is told afterwards, and this day is still to come."""

    code: ClassVar[str] = "plan_day_still_to_come"
    field: ClassVar[str | None] = "began_on"


class NotYetDone(Refusal):
    """Likewise for the day on which it was done."""

    code: ClassVar[str] = "plan_day_still_to_come"
    field: ClassVar[str | None] = "done_on"


class HoursOfNoMeeting(Refusal):
    """Only a follow-up meeting has a time of day."""

    code: ClassVar[str] = "plan_hours_of_no_meeting"
    field: ClassVar[str | None] = "meets_on"


class EndsBeforeStart(Refusal):
    """The meeting would end before it starts."""

    code: ClassVar[str] = "plan_ends_before_start"
    field: ClassVar[str | None] = "ends"


class FollowsNothing(Refusal):
    """There is no item of that number to follow."""

    code: ClassVar[str] = "plan_after_unknown"
    field: ClassVar[str | None] = "after_id"


class FollowsItself(Refusal):
    """Items would wait for each other in a circle."""

    code: ClassVar[str] = "plan_follows_itself"
    field: ClassVar[str | None] = "after_id"


class PlanChangedMeanwhile(Refusal):
    """Somebody else saved the same item while this page lay open."""

    code: ClassVar[str] = "plan_changed_meanwhile"


class MeetingTaken(Refusal):
    """Another item of the plan is this meeting already."""

    code: ClassVar[str] = "plan_meeting_taken"
    field: ClassVar[str | None] = "meeting_uid"


class MeetingUnknown(Refusal):
    """This is none of the meetings that were offered."""

    code: ClassVar[str] = "plan_meeting_unknown"
    field: ClassVar[str | None] = "meeting_uid"


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """All that is told of an item: what was planned, and afterwards what happened.

    A title in nynorsk or English is empty where nobody wrote one. `starts_at` and `ends_at` are those of a
    follow-up meeting whose time is settled. Both `first_on` and `last_on` belong to it, and so do `began_on`
    and `done_on`.
    """

    kind: ItemKind
    title: str
    first_on: date
    last_on: date
    title_nn: str = ""
    title_en: str = ""
    tolerance_months: int = USUAL_TOLERANCE
    after_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_shared: bool = False
    note: str = ""
    began_on: date | None = None
    done_on: date | None = None


def is_in_reach(day: date) -> bool:
    """Tell whether the day can be meant, and is no slip of the keys."""
    return FIRST_YEAR <= day.year < LAST_YEAR
